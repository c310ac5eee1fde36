// Command crds prints every property path of a CustomResourceDefinition, one a line and sorted: lists as
// "[]", free keys of maps as "{}", a node that keeps unknown fields with " *".
package main

import (
	"fmt"
	"os"
	"sort"

	"sigs.k8s.io/yaml"
)

type node = map[string]any

func main() {
	raw, err := os.ReadFile(os.Args[1])
	check(err)
	var crd node
	check(yaml.Unmarshal(raw, &crd))
	version := crd["spec"].(node)["versions"].([]any)[0].(node)
	paths := map[string]bool{}
	walk("", version["schema"].(node)["openAPIV3Schema"].(node), paths)
	sorted := make([]string, 0, len(paths))
	for path := range paths {
		sorted = append(sorted, path)
	}
	sort.Strings(sorted)
	for _, path := range sorted {
		fmt.Println(path)
	}
}

func walk(path string, schema node, paths map[string]bool) {
	if path != "" {
		mark := ""
		if keep, _ := schema["x-kubernetes-preserve-unknown-fields"].(bool); keep {
			mark = " *"
		}
		kind, _ := schema["type"].(string)
		if intOrString, _ := schema["x-kubernetes-int-or-string"].(bool); intOrString {
			kind = "int-or-string"
		}
		paths[path+" "+kind+mark] = true
	}
	prefix := path
	if prefix != "" {
		prefix += "."
	}
	properties, _ := schema["properties"].(node)
	for name, child := range properties {
		walk(prefix+name, child.(node), paths)
	}
	if items, ok := schema["items"].(node); ok {
		walk(path+"[]", items, paths)
	}
	if values, ok := schema["additionalProperties"].(node); ok {
		walk(path+"{}", values, paths)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
