// Command vectors records one topic of what Argo CD 3.6.1's own packages say, one JSON object a line:
// {"id","in","want"}. Usage: vectors TOPIC > ../../vectors/argocd/TOPIC.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

type m = map[string]any
type l = []any

// emit writes a vector.
type emit func(id string, in, want any)

var topics = map[string]func(emit){
	"kind-order": kindOrders, "task-order": taskOrders, "hooks": hooks, "diff": diffs, "normalize": normalized,
	"health": healths, "project": projects, "tracking": trackings,
}

func main() {
	logrus.SetLevel(logrus.FatalLevel)
	topic, known := topics[os.Args[1]]
	if !known {
		fmt.Fprintln(os.Stderr, "no such topic:", os.Args[1])
		os.Exit(2)
	}
	buffered := bufio.NewWriter(os.Stdout)
	out := json.NewEncoder(buffered)
	out.SetEscapeHTML(false)
	seen := map[string]int{}
	n := 0
	topic(func(id string, in, want any) {
		n++
		seen[id]++
		if seen[id] > 1 {
			id = fmt.Sprintf("%s #%d", id, seen[id])
		}
		check(out.Encode(struct {
			ID   string `json:"id"`
			In   any    `json:"in"`
			Want any    `json:"want"`
		}{id, in, want}))
	})
	check(buffered.Flush())
	fmt.Fprintln(os.Stderr, n, os.Args[1], "vectors")
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// read turns YAML into a decoded API object.
func read(text string) m {
	var out m
	check(yaml.Unmarshal([]byte(text), &out))
	return clone(out)
}

// clone copies through JSON, so that numbers are what a decoded API object has.
func clone(object m) m {
	if object == nil {
		return nil
	}
	raw, err := json.Marshal(object)
	check(err)
	var out m
	check(utiljson.Unmarshal(raw, &out))
	return out
}

func unstruct(object m) *unstructured.Unstructured {
	if object == nil {
		return nil
	}
	return &unstructured.Unstructured{Object: clone(object)}
}

// set puts a value at a dotted path; list items are numbers, "-" appends, deleted removes.
func set(object m, path string, value any) m {
	out := clone(object)
	put(out, split(path), value)
	return clone(out)
}

type remove struct{}

var deleted = remove{}

// split takes "~" for a dot inside a key.
func split(path string) []string {
	parts := strings.Split(path, ".")
	for i := range parts {
		parts[i] = strings.ReplaceAll(parts[i], "~", ".")
	}
	return parts
}

func put(node any, path []string, value any) any {
	switch at := node.(type) {
	case nil:
		return put(m{}, path, value)
	case map[string]any:
		if len(path) == 1 {
			if value == deleted {
				delete(at, path[0])
			} else {
				at[path[0]] = value
			}
		} else {
			at[path[0]] = put(at[path[0]], path[1:], value)
		}
		return at
	case []any:
		if path[0] == "-" {
			return append(at, value)
		}
		i, err := strconv.Atoi(path[0])
		check(err)
		if len(path) == 1 && value == deleted {
			return append(at[:i:i], at[i+1:]...)
		}
		if len(path) == 1 {
			at[i] = value
		} else {
			at[i] = put(at[i], path[1:], value)
		}
		return at
	}
	panic(fmt.Sprintf("no way to %v in %T", path, node))
}
