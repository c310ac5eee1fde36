// Command sprig records what Go prints for calls of Helm's template functions, function by
// function, as JSON lines: tests/vectors/sprig/*.jsonl. Run it in this folder: go run . ../../vectors/sprig
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"
	"unicode/utf8"
)

// What every template gets as dot: decoded from JSON, so each number is a float64.
const dataText = `{
 "s": "hello world", "e": "", "n": null, "i": 3, "z": 0, "f": 2.7, "neg": -5, "mil": 1000000,
 "huge": 1e20, "b": true, "no": false, "uni": "héllo wörld ñ 日本", "num": "42", "dec": "1.50",
 "l": ["a", "b", "c"], "nums": [3, 1, 2], "mixed": [1, "a", null, true, 2.5, [1, 2], {"k": "v"}],
 "el": [], "ll": [["x"], ["y", "z"]], "dup": ["a", "b", "a", 1, 1, 2.5, null, null],
 "m": {"a": 1, "b": {"c": 2, "d": [1, 2]}, "z": null}, "em": {}, "one": {"k": "v"},
 "lm": [{"n": "x", "v": 1}, {"n": "y"}]
}`

type vector struct {
	Function string  `json:"fn"`
	Template string  `json:"t,omitempty"`
	Call     string  `json:"e,omitempty"`
	Out      *string `json:"out,omitempty"`
	Out64    string  `json:"out64,omitempty"`
	Err      string  `json:"err,omitempty"`
	Err64    string  `json:"err64,omitempty"`
}

// A call is shown three ways: its type, as an action prints it, and as JSON.
const callTemplate = "{{ $r := (%s) }}{{ printf `%%T` $r }}|{{ $r }}|{{ toJson $r }}"

func run(text string) (out string, err error) {
	var data any
	if err := json.Unmarshal([]byte(dataText), &data); err != nil {
		panic(err)
	}
	t, err := template.New("t").Option("missingkey=zero").Funcs(functions()).Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, data)
	return b.String(), err
}

func record(v vector) vector {
	text := v.Template
	if v.Call != "" {
		text = fmt.Sprintf(callTemplate, v.Call)
	}
	out, err := run(text)
	switch {
	case err != nil && utf8.ValidString(err.Error()):
		v.Err = err.Error()
	case err != nil:
		v.Err64 = base64.StdEncoding.EncodeToString([]byte(err.Error()))
	case utf8.ValidString(out):
		v.Out = &out
	default:
		v.Out64 = base64.StdEncoding.EncodeToString([]byte(out))
	}
	return v
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run . OUTPUT-FOLDER")
		os.Exit(2)
	}
	families := map[string][]vector{}
	seen := map[string]bool{}
	add := func(family string, v vector) {
		key := v.Template + "\x00" + v.Call
		if !seen[key] {
			seen[key] = true
			families[family] = append(families[family], record(v))
		}
	}
	generated(add)
	written(add)
	total := 0
	var names []string
	for name := range families {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		var b strings.Builder
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		for _, v := range families[name] {
			if err := encoder.Encode(v); err != nil {
				panic(err)
			}
		}
		total += len(families[name])
		if err := os.WriteFile(filepath.Join(os.Args[1], name+".jsonl"), []byte(b.String()), 0o644); err != nil {
			panic(err)
		}
	}
	if err := os.WriteFile(filepath.Join(os.Args[1], "data.json"), []byte(dataText+"\n"), 0o644); err != nil {
		panic(err)
	}
	fmt.Println(total, "vectors")
}
