package main

import (
	"fmt"
	"sort"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/endpoints/deprecation"
	kscheme "k8s.io/client-go/kubernetes/scheme"
)

func deprecations() {
	scheme := runtime.NewScheme()
	if err := kscheme.AddToScheme(scheme); err != nil {
		panic(err)
	}
	var lines []string
	for gvk := range scheme.AllKnownTypes() {
		object, err := scheme.New(gvk)
		if err != nil {
			panic(err)
		}
		object.GetObjectKind().SetGroupVersionKind(gvk)
		text := deprecation.WarningMessage(object)
		if text == "" {
			continue
		}
		api, kind := gvk.ToAPIVersionAndKind()
		major, since := object.(interface{ APILifecycleDeprecated() (int, int) }).APILifecycleDeprecated()
		removed := 0
		if known, ok := object.(interface{ APILifecycleRemoved() (int, int) }); ok {
			_, removed = known.APILifecycleRemoved()
		}
		instead := ""
		if known, ok := object.(interface {
			APILifecycleReplacement() schema.GroupVersionKind
		}); ok && !known.APILifecycleReplacement().Empty() {
			instead = known.APILifecycleReplacement().GroupVersion().String() + " " +
				known.APILifecycleReplacement().Kind
		}
		if major != 1 || text != message(api, kind, since, removed, instead) {
			panic(text)
		}
		lines = append(lines, fmt.Sprintf("{%q, %q, %d, %d, %q},", api, kind, since, removed, instead))
	}
	sort.Strings(lines)
	for _, line := range lines {
		fmt.Println(line)
	}
}

// message is what the table's reader puts together again.
func message(api, kind string, since, removed int, instead string) string {
	text := fmt.Sprintf("%s %s is deprecated in v1.%d+", api, kind, since)
	if removed != 0 {
		text += fmt.Sprintf(", unavailable in v1.%d+", removed)
	}
	if instead != "" {
		text += "; use " + instead
	}
	return text
}
