// Command bench is Helm's library under the benchmark of bench/render: bench cold|print SECONDS, cases on stdin, one a
// line: id<TAB>chart folder<TAB>values files. It answers as render_bench does. One render is what `helm template` does
// with the chart's bytes in memory; CPU is that of the process, its garbage collector included.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"

	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	release "helm.sh/helm/v4/pkg/release/v1"
	"sigs.k8s.io/yaml"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func cpuNow() int64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Utime.Nano() + usage.Stime.Nano()
}

type oneCase struct {
	id     string
	files  []*archive.BufferedFile
	values [][]byte
}

func readCase(line string) oneCase {
	fields := strings.Split(line, "\t")
	out := oneCase{id: fields[0]}
	check(filepath.WalkDir(fields[1], func(path string, entry fs.DirEntry, err error) error {
		check(err)
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() || entry.IsDir() {
			return nil
		}
		name, err := filepath.Rel(fields[1], path)
		check(err)
		data, err := os.ReadFile(path)
		check(err)
		out.files = append(out.files, &archive.BufferedFile{Name: name, Data: data})
		return nil
	}))
	sort.Slice(out.files, func(i, j int) bool { return out.files[i].Name < out.files[j].Name })
	for _, path := range strings.Split(fields[2], ",") {
		if path != "-" && path != "" {
			data, err := os.ReadFile(path)
			check(err)
			out.values = append(out.values, data)
		}
	}
	return out
}

func render(one oneCase) (string, error) {
	chart, err := loader.LoadFiles(one.files)
	if err != nil {
		return "", err
	}
	values := map[string]any{}
	for _, data := range one.values {
		var next map[string]any
		if err := yaml.Unmarshal(data, &next); err != nil {
			return "", err
		}
		values = loader.MergeMaps(values, next)
	}
	install := action.NewInstall(&action.Configuration{Capabilities: common.DefaultCapabilities})
	install.DryRunStrategy = action.DryRunClient
	install.ReleaseName = "release-name"
	install.Namespace = "default"
	install.Replace = true
	result, err := install.Run(chart, values)
	if err != nil {
		return "", err
	}
	rendered := result.(*release.Release)
	var out bytes.Buffer
	fmt.Fprintln(&out, strings.TrimSpace(rendered.Manifest))
	for _, hook := range rendered.Hooks {
		fmt.Fprintf(&out, "---\n# Source: %s\n%s\n", hook.Path, hook.Manifest)
	}
	return out.String(), nil
}

func text(one oneCase) string {
	out, err := render(one)
	if err != nil {
		return "error: " + err.Error()
	}
	return out
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: bench cold|print SECONDS <CASES")
		os.Exit(2)
	}
	log.SetOutput(io.Discard)
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	seconds, err := strconv.ParseFloat(os.Args[2], 64)
	check(err)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		one := readCase(lines.Text())
		out := text(one)
		if os.Args[1] == "print" {
			fmt.Print(out)
			continue
		}
		begin, rounds, spent := cpuNow(), int64(0), int64(0)
		for rounds < 3 || spent < int64(seconds*1e9) {
			out = text(one)
			rounds++
			spent = cpuNow() - begin
		}
		fmt.Printf("%s\t%d\t%d\t%d\t%x\n", one.id, spent/rounds, rounds, len(out), sha256.Sum256([]byte(out)))
	}
}
