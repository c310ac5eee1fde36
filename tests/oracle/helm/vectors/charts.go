package main

import (
	"bytes"
	"io"
	"log"
	"log/slog"
	"math/rand"
	"sort"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
)

// The files of a chart: path -> text. Maps and lists in it are JSON, which is YAML.
type files map[string]string

func load(f files) (*chart.Chart, error) {
	var names []string
	for name := range f {
		names = append(names, name)
	}
	sort.Strings(names)
	var list []*archive.BufferedFile
	for _, name := range names {
		list = append(list, &archive.BufferedFile{Name: name, Data: []byte(f[name])})
	}
	return loader.LoadFiles(list)
}

// Runs a step and returns the lines that it logged by log.Printf.
func logged(step func()) []string {
	var out bytes.Buffer
	log.SetFlags(0)
	log.SetOutput(&out)
	step()
	log.SetOutput(io.Discard)
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	sort.Strings(lines) // Go walks its maps in any order
	if lines[0] == "" {
		return []string{}
	}
	return lines
}

func coalesceCase(f files, values string) record {
	r := record{"files": f, "values": values}
	c, err := load(f)
	if err != nil {
		return setError(r, err)
	}
	var coalesced, merged common.Values
	r["log"] = logged(func() { coalesced, err = util.CoalesceValues(c, tree(values)) })
	if err != nil {
		return setError(r, err)
	}
	r["coalesced"] = text(coalesced)
	c = must(load(f))
	logged(func() { merged, err = util.MergeValues(c, tree(values)) })
	if err != nil {
		r["merge_error"] = err.Error()
		return r
	}
	r["merged"] = text(merged)
	return r
}

// What is left of a chart after its dependencies were processed: names, values, children.
func shape(c *chart.Chart) any {
	children := []any{}
	for _, child := range c.Dependencies() {
		children = append(children, shape(child))
	}
	sort.Slice(children, func(i, j int) bool { return text(children[i]) < text(children[j]) })
	return map[string]any{"name": c.Name(), "path": c.ChartFullPath(), "values": c.Values, "children": children}
}

func dependencyCase(f files, values string) record {
	r := record{"files": f, "values": values}
	c, err := load(f)
	if err != nil {
		return setError(r, err)
	}
	v := tree(values)
	logged(func() { err = chartutil.ProcessDependencies(c, v) })
	if err != nil {
		return setError(r, err)
	}
	r["chart"] = text(shape(c))
	var all common.Values
	logged(func() { all, err = util.CoalesceValues(c, v) })
	if err == nil {
		r["coalesced"] = text(all)
	}
	return setError(r, err)
}

// A tree of values over few keys, so that charts and users meet at the same places.
func randomValues(r *rand.Rand, depth int, names []string) map[string]any {
	out := map[string]any{}
	for i := r.Intn(4); i > 0; i-- {
		out[pick(r, []string{"a", "b", "c", "d"})] = randomValue(r, depth)
	}
	for _, name := range names {
		switch r.Intn(8) {
		case 0, 1, 2:
			out[name] = randomValues(r, depth, nil)
		case 3:
			out[name] = randomValue(r, 0)
		}
	}
	if r.Intn(3) == 0 {
		out["global"] = randomValues(r, depth, nil)
	}
	if r.Intn(20) == 0 {
		out["global"] = randomValue(r, 0)
	}
	return out
}

func randomValue(r *rand.Rand, depth int) any {
	if depth > 0 && r.Intn(2) == 0 {
		out := map[string]any{}
		for i := r.Intn(4); i > 0; i-- {
			out[pick(r, []string{"a", "b", "c", "x"})] = randomValue(r, depth-1)
		}
		return out
	}
	return pick(r, []any{nil, nil, 1, 2.5, "s", true, false, []any{1, nil}, []any{}, map[string]any{}, ""})
}

func metadata(name string, more map[string]any) string {
	all := map[string]any{"apiVersion": "v2", "name": name, "version": "1.0.0"}
	for key, value := range more {
		all[key] = value
	}
	return text(all)
}

// Left out are cases that Go's order of maps decides.
func keepStable(out []record, make func() record) []record {
	first := make()
	for i := 0; i < 25; i++ {
		if text(make()) != text(first) {
			return out
		}
	}
	return append(out, first)
}

func coalesceRecords(r *rand.Rand) []record {
	var out []record
	for i := 0; i < 260; i++ {
		f := files{"Chart.yaml": metadata("top", nil)}
		var names []string
		for _, name := range []string{"one", "two"} {
			if r.Intn(3) == 0 {
				continue
			}
			names = append(names, name)
			folder := "charts/" + name + "/"
			f[folder+"Chart.yaml"] = metadata(name, nil)
			f[folder+"values.yaml"] = text(randomValues(r, 2, []string{"deep"}))
			if r.Intn(2) == 0 {
				f[folder+"charts/deep/Chart.yaml"] = metadata("deep", nil)
				f[folder+"charts/deep/values.yaml"] = text(randomValues(r, 2, nil))
			}
		}
		if r.Intn(10) > 0 {
			f["values.yaml"] = text(randomValues(r, 2, names))
		}
		values := text(randomValues(r, 2, names))
		out = keepStable(out, func() record { return coalesceCase(f, values) })
	}
	return out
}

func randomDependency(r *rand.Rand, name string) map[string]any {
	d := map[string]any{"name": name, "version": pick(r, []string{"1.0.0", "^1.0.0", "~1", "*", ">=1 <2", "2.x", "1.x.x"})}
	if r.Intn(2) == 0 {
		d["condition"] = pick(r, []string{name + ".enabled", "missing.x," + name + ".enabled", "a.b", "a.b,b.a", name, "on, a.b"})
	}
	if r.Intn(3) == 0 {
		d["tags"] = pick(r, [][]string{{"front"}, {"front", "back"}, {"back"}, {}})
	}
	if r.Intn(4) == 0 {
		d["alias"] = pick(r, []string{"other", name + "x", "two"})
	}
	if r.Intn(3) == 0 {
		d["import-values"] = pick(r, [][]any{{"data"}, {map[string]any{"child": "a", "parent": "imported"}},
			{map[string]any{"child": "a", "parent": "."}, "data"}, {map[string]any{"child": "no.such", "parent": "x"}},
			{map[string]any{"child": "exports.data", "parent": "a"}}, {"none"}, {map[string]any{"child": "a.x", "parent": "p.q"}}, {7},
			{map[string]any{"child": "a"}}})
	}
	return d
}

func switches(r *rand.Rand, values map[string]any) map[string]any {
	for _, name := range []string{"one", "two", "other", "deep", "onex"} {
		if r.Intn(3) == 0 {
			values[name] = map[string]any{"enabled": pick(r, []any{true, false, "true", nil, 1})}
		}
	}
	if r.Intn(2) == 0 {
		values["tags"] = map[string]any{"front": pick(r, []any{true, false, "x"}), "back": r.Intn(2) == 0}
	}
	if r.Intn(3) == 0 {
		values["a"] = map[string]any{"b": pick(r, []any{true, false, 0, nil})}
	}
	if r.Intn(5) == 0 {
		values["on"] = r.Intn(2) == 0
	}
	return values
}

func dependencyRecords(r *rand.Rand) []record {
	var out []record
	for i := 0; i < 300; i++ {
		f := files{}
		var wanted []any
		for _, name := range []string{"one", "two"} {
			if r.Intn(6) == 0 {
				continue
			}
			for n := 0; n < 1+r.Intn(5)/4; n++ {
				wanted = append(wanted, randomDependency(r, name))
			}
			folder := "charts/" + name + "/"
			inner := map[string]any{}
			if r.Intn(3) == 0 {
				inner["dependencies"] = []any{randomDependency(r, "deep")}
				f[folder+"charts/deep/Chart.yaml"] = metadata("deep", nil)
				f[folder+"charts/deep/values.yaml"] = text(exported(r, randomValues(r, 2, nil)))
			}
			f[folder+"Chart.yaml"] = metadata(name, inner)
			f[folder+"values.yaml"] = text(exported(r, switches(r, randomValues(r, 2, []string{"deep"}))))
		}
		f["Chart.yaml"] = metadata("top", map[string]any{"dependencies": wanted})
		f["values.yaml"] = text(switches(r, randomValues(r, 2, []string{"one", "two"})))
		values := text(switches(r, randomValues(r, 1, []string{"one"})))
		out = keepStable(out, func() record { return dependencyCase(f, values) })
	}
	return out
}

func exported(r *rand.Rand, values map[string]any) map[string]any {
	if r.Intn(2) == 0 {
		values["exports"] = map[string]any{"data": randomValues(r, 2, nil)}
	}
	return values
}

func init() {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
}
