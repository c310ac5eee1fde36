package main

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	"helm.sh/helm/v4/pkg/strvals"
	"sigs.k8s.io/yaml"
)

var kinds = map[string]kind{
	"template": {randomTemplate, judgeTemplate},
	"yaml":     {randomYAML, judgeYAML},
	"toyaml":   {randomToYAML, judgeToYAML},
	"json":     {randomJSON, judgeJSON},
	"strvals":  {randomStrvals, judgeStrvals},
	"schema":   {randomSchema, judgeSchema},
}

func result(out string, err error) *answer {
	if err != nil {
		return &answer{Error: err.Error()}
	}
	return &answer{Out: out}
}

func judgeTemplate(r request) *answer {
	if !utf8.ValidString(r.Text) {
		return nil // requests are JSON
	}
	run := func() *answer {
		var values map[string]any
		if err := json.Unmarshal([]byte(r.Data), &values); err != nil || values == nil {
			return nil
		}
		chart := must(loader.LoadFiles([]*archive.BufferedFile{
			{Name: "Chart.yaml", Data: []byte("apiVersion: v2\nname: c\nversion: 1.0.0\n")},
			{Name: "templates/_h.tpl", Data: []byte(r.Partials)}, {Name: "templates/a.yaml", Data: []byte(r.Text)}}))
		scope := common.Values{"Chart": chart.Metadata, "Capabilities": common.DefaultCapabilities, "Values": common.Values(values),
			"Release": map[string]any{"Name": "r", "Namespace": "n"}}
		out, err := engine.Render(chart, scope)
		return result(out["c/templates/a.yaml"], err)
	}
	first := run()
	// Addresses differ always; natives are written in the order of their fields.
	if first != nil && strings.Contains(first.Out+first.Error, "0x") || strings.Contains(r.Text, "Chart") {
		return nil
	}
	for i := 0; i < 3 && first != nil; i++ {
		if again := run(); *again != *first {
			return nil // decided by the order of Go's maps
		}
	}
	return first
}

func judgeYAML(r request) *answer {
	if !utf8.ValidString(r.Text) {
		return nil
	}
	var out any
	if err := yaml.Unmarshal([]byte(r.Text), &out); err != nil {
		return result("", err)
	}
	text, err := json.Marshal(out)
	return result(string(text), err)
}

func judgeToYAML(r request) *answer {
	var tree any
	if err := json.Unmarshal([]byte(r.Text), &tree); err != nil {
		return nil
	}
	out, err := yaml.Marshal(tree)
	return result(string(out), err)
}

func judgeJSON(r request) *answer {
	if !utf8.ValidString(r.Text) {
		return nil
	}
	var tree any
	if err := json.Unmarshal([]byte(r.Text), &tree); err != nil {
		return result("", err)
	}
	out, err := json.Marshal(tree)
	return result(string(out), err)
}

func judgeStrvals(r request) *answer {
	var into map[string]any
	if err := json.Unmarshal([]byte(r.Data), &into); err != nil || into == nil {
		return nil
	}
	if err := strvals.ParseInto(r.Text, into); err != nil {
		return result("", err)
	}
	out, err := json.Marshal(into)
	return result(string(out), err)
}

func judgeSchema(r request) *answer {
	var values map[string]any
	if err := json.Unmarshal([]byte(r.Data), &values); err != nil || values == nil {
		return nil
	}
	if strings.Contains(r.Text, "http") && !strings.Contains(r.Text, "json-schema.org") {
		return nil
	}
	run := func() *answer {
		if err := util.ValidateAgainstSingleSchema(values, []byte(r.Text)); err != nil {
			return &answer{Out: err.Error()}
		}
		return &answer{}
	}
	first := run()
	for i := 0; i < 8; i++ {
		if *run() != *first {
			return nil
		}
	}
	// What isn't checked here, see tests/vectors/helm/README.md.
	if strings.Contains(first.Out, "metaschema") || strings.Contains(first.Out, "reference cycle") {
		return nil
	}
	return first
}
