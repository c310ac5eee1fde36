// Command projects prints one JSON line a case: an AppProject's rules, a question, and Argo CD's answer.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

type vector struct {
	Ask       string                          `json:"ask"` // source, destination, kind
	Spec      v1alpha1.AppProjectSpec         `json:"spec"`
	Repo      string                          `json:"repo,omitempty"`
	To        v1alpha1.ApplicationDestination `json:"to"`
	Group     string                          `json:"group,omitempty"`
	Kind      string                          `json:"kind,omitempty"`
	Name      string                          `json:"name,omitempty"`
	Scoped    bool                            `json:"namespaced,omitempty"`
	Permitted bool                            `json:"permitted"`
	// The namespaced whitelist is there but empty, which Spec's JSON leaves out.
	NoNamespaced bool `json:"noNamespaced,omitempty"`
}

var out = json.NewEncoder(os.Stdout)

func main() {
	out.SetEscapeHTML(false)
	sources()
	destinations()
	kinds()
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func sources() {
	lists := [][]string{
		nil, {}, {"*"}, {"https://git.example/a.git"}, {"https://git.example/a"}, {"https://git.example/*"},
		{"https://git.example/**"}, {"https://*.example/team/*"}, {"!https://git.example/a"},
		{"*", "!https://git.example/a"}, {"https://git.example/*", "!https://git.example/a"},
		{"git@git.example:team/*"}, {"https://git.example/team/{a,b}"}, {"https://git.example/?"},
		{"https://GIT.example/a"}, {"!https://git.example/**"}, {"!*"}, {"https://git.example/[ab]"},
	}
	repos := []string{
		"https://git.example/a", "https://git.example/a.git", "https://git.example/a/", "https://Git.Example/a",
		"https://git.example/team/a", "https://git.example/team/c.git", "git@git.example:team/a.git",
		"ssh://git@git.example/team/a", "http://git.example/a", "https://git.example:8443/a", "https://user@git.example/a",
		"https://other.example/team/x", "",
	}
	for _, list := range lists {
		for _, repo := range repos {
			project := v1alpha1.AppProject{Spec: v1alpha1.AppProjectSpec{SourceRepos: list}}
			check(out.Encode(vector{Ask: "source", Spec: project.Spec, Repo: repo,
				Permitted: project.IsSourcePermitted(v1alpha1.ApplicationSource{RepoURL: repo})}))
		}
	}
}

func destinations() {
	lists := [][]v1alpha1.ApplicationDestination{
		nil, {{Server: "*", Namespace: "*"}}, {{Name: "*", Namespace: "*"}},
		{{Server: "https://kubernetes.default.svc", Namespace: "shop"}}, {{Name: "in-cluster", Namespace: "shop-*"}},
		{{Server: "https://*.svc", Namespace: "s?op"}}, {{Server: "*", Namespace: "*"}, {Server: "*", Namespace: "!kube-system"}},
		{{Server: "*", Namespace: "*"}, {Server: "!https://kubernetes.default.svc", Namespace: "*"}},
		{{Server: "*", Namespace: "*"}, {Name: "!in-cluster", Namespace: "x"}}, {{Namespace: "shop"}},
		{{Server: "*", Namespace: ""}}, {{Server: "https://kubernetes.default.svc"}},
		{{Server: "!https://other", Namespace: "*"}}, {{Name: "!other", Namespace: "*"}}, {{Server: "*", Namespace: "!shop"}},
	}
	to := []v1alpha1.ApplicationDestination{
		{Server: "https://kubernetes.default.svc", Name: "in-cluster", Namespace: "shop"},
		{Server: "https://kubernetes.default.svc", Name: "in-cluster", Namespace: "shop-a"},
		{Server: "https://kubernetes.default.svc", Name: "in-cluster", Namespace: "kube-system"},
		{Server: "https://kubernetes.default.svc", Name: "in-cluster", Namespace: ""},
		{Server: "https://other", Name: "other", Namespace: "shop"},
		{Server: "https://other", Name: "", Namespace: "x"},
	}
	for _, list := range lists {
		for _, d := range to {
			project := v1alpha1.AppProject{Spec: v1alpha1.AppProjectSpec{Destinations: list}}
			permitted, err := project.IsDestinationPermitted(&v1alpha1.Cluster{Server: d.Server, Name: d.Name}, d.Namespace,
				func(string) ([]*v1alpha1.Cluster, error) { return nil, nil })
			check(err)
			check(out.Encode(vector{Ask: "destination", Spec: project.Spec, To: d, Permitted: permitted}))
		}
	}
}

func kinds() {
	gk := func(group, kind string) metav1.GroupKind { return metav1.GroupKind{Group: group, Kind: kind} }
	rule := func(group, kind, name string) v1alpha1.ClusterResourceRestrictionItem {
		return v1alpha1.ClusterResourceRestrictionItem{Group: group, Kind: kind, Name: name}
	}
	specs := []v1alpha1.AppProjectSpec{
		{},
		{ClusterResourceWhitelist: []v1alpha1.ClusterResourceRestrictionItem{rule("*", "*", "")}},
		{ClusterResourceWhitelist: []v1alpha1.ClusterResourceRestrictionItem{rule("", "Namespace", "shop-*")}},
		{ClusterResourceWhitelist: []v1alpha1.ClusterResourceRestrictionItem{rule("*", "*", "")},
			ClusterResourceBlacklist: []v1alpha1.ClusterResourceRestrictionItem{rule("rbac.authorization.k8s.io", "Cluster*", "")}},
		{ClusterResourceWhitelist: []v1alpha1.ClusterResourceRestrictionItem{rule("*", "*", "")},
			ClusterResourceBlacklist: []v1alpha1.ClusterResourceRestrictionItem{rule("", "Namespace", "kube-*")}},
		{NamespaceResourceWhitelist: []metav1.GroupKind{}},
		{NamespaceResourceWhitelist: []metav1.GroupKind{gk("apps", "Deployment")}},
		{NamespaceResourceWhitelist: []metav1.GroupKind{gk("*", "*")}, NamespaceResourceBlacklist: []metav1.GroupKind{gk("", "Secret")}},
		{NamespaceResourceBlacklist: []metav1.GroupKind{gk("*", "Role*")}},
		{NamespaceResourceWhitelist: []metav1.GroupKind{gk("*.example.com", "?idget")}},
	}
	asks := []struct {
		group, kind, name string
		namespaced        bool
	}{
		{"", "Namespace", "shop-1", false}, {"", "Namespace", "kube-system", false},
		{"rbac.authorization.k8s.io", "ClusterRole", "r", false}, {"", "PersistentVolume", "p", false},
		{"", "Secret", "s", true}, {"apps", "Deployment", "d", true}, {"rbac.authorization.k8s.io", "RoleBinding", "b", true},
		{"a.example.com", "Widget", "w", true}, {"a.b.example.com", "Gidget", "w", true}, {"", "ConfigMap", "c", true},
	}
	for _, spec := range specs {
		for _, a := range asks {
			project := v1alpha1.AppProject{Spec: spec}
			none := spec.NamespaceResourceWhitelist != nil && len(spec.NamespaceResourceWhitelist) == 0
			check(out.Encode(vector{Ask: "kind", Spec: spec, NoNamespaced: none, Group: a.group, Kind: a.kind, Name: a.name, Scoped: a.namespaced,
				Permitted: project.IsGroupKindNamePermitted(schema.GroupKind{Group: a.group, Kind: a.kind}, a.name, a.namespaced)}))
		}
	}
}
