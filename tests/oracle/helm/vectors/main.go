// Command vectors records what Helm's own packages say, as JSON lines: --set arguments, coalescing, dependencies,
// schemas and .helmignore files. Run it in tests/oracle/helm: go run ./vectors ../../vectors/helm
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
)

type record map[string]any

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./vectors OUTPUT-FOLDER")
		os.Exit(2)
	}
	for _, topic := range []struct {
		name string
		make func(*rand.Rand) []record
	}{{"strvals", strvalsRecords}, {"coalesce", coalesceRecords}, {"dependencies", dependencyRecords},
		{"schema", schemaRecords}, {"helmignore", ignoreRecords}} {
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		seen := map[string]bool{}
		for _, r := range topic.make(rand.New(rand.NewSource(4))) {
			line := must(json.Marshal(r))
			if seen[string(line)] {
				continue
			}
			seen[string(line)] = true
			check(encoder.Encode(r))
		}
		check(os.WriteFile(filepath.Join(os.Args[1], topic.name+".jsonl"), out.Bytes(), 0o644))
		fmt.Println(topic.name, len(seen))
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

// Values as JSON text: the reader decides on the kinds of numbers.
func text(value any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	check(encoder.Encode(value))
	return string(bytes.TrimSuffix(out.Bytes(), []byte("\n")))
}

func tree(text string) map[string]any {
	var out map[string]any
	check(json.Unmarshal([]byte(text), &out))
	return out
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.Intn(len(from))] }

func setError(r record, err error) record {
	if err != nil {
		r["error"] = err.Error()
	}
	return r
}
