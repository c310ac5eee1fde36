package main

import (
	"errors"
	"text/template"
	_ "unsafe"

	_ "helm.sh/helm/v4/pkg/engine"
)

// Helm's own table, the very one its engine starts from.
//
//go:linkname helmFunctions helm.sh/helm/v4/pkg/engine.funcMap
func helmFunctions() template.FuncMap

// functions is that table as `helm template` sees it: what the engine binds late is bound here.
func functions() template.FuncMap {
	all := helmFunctions()
	for _, name := range []string{"include", "tpl", "lookup"} {
		delete(all, name)
	}
	wrap := func(text string) error { return errors.New("HELM_ERR_START" + text + "HELM_ERR_END") }
	all["fail"] = func(text string) (string, error) { return "", wrap(text) }
	all["required"] = func(text string, value any) (any, error) {
		if value == nil || value == "" {
			return value, wrap(text)
		}
		return value, nil
	}
	all["getHostByName"] = func(string) string { return "" }
	return all
}
