// Records vectors for the modules value, text and k8s from the Go libraries that Helm and Argo CD use.
//
//	go run . ../../vectors
//
// The random parts have fixed seeds: a second run writes the same bytes.
package main

import (
	"bytes"
	"encoding/json"
	"log"
	"os"
	"path/filepath"
)

type record map[string]any

type sink struct {
	buffer  bytes.Buffer
	encoder *json.Encoder
}

func newSink() *sink {
	s := &sink{}
	s.encoder = json.NewEncoder(&s.buffer)
	s.encoder.SetEscapeHTML(false)
	return s
}

func (s *sink) add(r record) {
	if err := s.encoder.Encode(r); err != nil {
		log.Fatal(err)
	}
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: go run . FOLDER")
	}
	files := map[string]func(*sink){
		"value/to_yaml.jsonl":   recordToYAML,
		"value/from_yaml.jsonl": recordFromYAML,
		"value/json.jsonl":      recordJSON,
		"k8s/quantities.jsonl":  recordQuantities,
		"k8s/selectors.jsonl":   recordSelectors,
		"text/semver.jsonl":     recordSemver,
		"text/globs.jsonl":      recordGlobs,
		"text/path_match.jsonl": recordPathMatch,
		"text/durations.jsonl":  recordDurations,
		"text/doublestar.jsonl": recordDoublestar,
		"text/dates.jsonl":      recordDates,
	}
	for name, fill := range files {
		s := newSink()
		fill(s)
		path := filepath.Join(os.Args[1], name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(path, s.buffer.Bytes(), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
