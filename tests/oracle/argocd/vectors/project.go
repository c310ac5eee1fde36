package main

import (
	"fmt"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// projectInput asks one thing of a project: "source", "destination", "object", "application-namespace" or
// "orphan" (would an object be left out of the orphaned resources?), "service-account".
type projectInput struct {
	Ask       string                           `json:"ask"`
	Spec      m                                `json:"spec"`
	Repo      string                           `json:"repo,omitempty"`
	To        *v1alpha1.ApplicationDestination `json:"to,omitempty"`
	Group     string                           `json:"group,omitempty"`
	Kind      string                           `json:"kind,omitempty"`
	Namespace string                           `json:"namespace,omitempty"`
	Name      string                           `json:"name,omitempty"`
	// Servers of the clusters whose Secret names this project.
	ProjectClusters []string `json:"projectClusters,omitempty"`
}

func projects(out emit) {
	ask := func(id string, in projectInput) {
		var project v1alpha1.AppProject
		project.Name = "team"
		check(decode(in.Spec, &project.Spec))
		clusters := func(string) ([]*v1alpha1.Cluster, error) {
			var list []*v1alpha1.Cluster
			for _, server := range in.ProjectClusters {
				list = append(list, &v1alpha1.Cluster{Server: server, Project: "team"})
			}
			return list, nil
		}
		permitted, err := false, error(nil)
		switch in.Ask {
		case "source":
			permitted = project.IsSourcePermitted(v1alpha1.ApplicationSource{RepoURL: in.Repo})
		case "destination":
			permitted, err = project.IsDestinationPermitted(&v1alpha1.Cluster{Server: in.To.Server, Name: in.To.Name}, in.To.Namespace, clusters)
		case "object":
			permitted, err = project.IsResourcePermitted(schema.GroupKind{Group: in.Group, Kind: in.Kind}, in.Name, in.Namespace,
				&v1alpha1.Cluster{Server: in.To.Server, Name: in.To.Name}, clusters)
		case "application-namespace":
			permitted = project.IsAppNamespacePermitted(&v1alpha1.Application{ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: in.Namespace}}, "argocd")
		}
		want := m{"permitted": permitted}
		if err != nil {
			want["error"] = err.Error()
		}
		out(id, in, want)
	}
	here := &v1alpha1.ApplicationDestination{Server: "https://kubernetes.default.svc", Name: "in-cluster"}
	for _, list := range []l{{"*"}, {"https://git.example/*"}, {"https://git.example/**", "!https://git.example/secret/*"}, {"!https://git.example/a"}, {"oci://registry.example/*"}, {"registry.example/charts"}, {"https://charts.example"}} {
		for _, repo := range []string{"https://git.example/a.git", "https://git.example/secret/b", "https://git.example/x/y/z", "oci://registry.example/charts", "registry.example/charts", "https://charts.example/", "HTTPS://Git.Example/A"} {
			ask(fmt.Sprintf("source %s by %v", repo, list), projectInput{Ask: "source", Spec: m{"sourceRepos": list}, Repo: repo})
		}
	}
	destinations := []l{{m{"server": "*", "namespace": "*"}}, {m{"name": "in-cluster", "namespace": "shop-*"}}, {m{"server": "https://kubernetes.default.svc", "namespace": "shop-?"}},
		{m{"server": "*", "namespace": "*"}, m{"server": "*", "namespace": "!kube-*"}}, {m{"name": "*", "namespace": "*"}, m{"name": "!in-cluster", "namespace": "shop-a"}}, {m{"name": "prod-*", "namespace": "*"}}}
	tos := []v1alpha1.ApplicationDestination{{Server: here.Server, Name: here.Name, Namespace: "shop-a"}, {Server: here.Server, Name: here.Name, Namespace: "shop-ab"}, {Server: here.Server, Name: here.Name, Namespace: "kube-system"},
		{Server: "https://10.1.2.3", Name: "prod-eu", Namespace: "shop-a"}, {Server: "https://10.1.2.3", Namespace: "shop-a"}}
	for i, list := range destinations {
		for _, to := range tos {
			for _, scoped := range []bool{false, true} {
				for _, own := range [][]string{nil, {here.Server}} {
					if own != nil && !scoped {
						continue
					}
					ask(fmt.Sprintf("destination %d %s/%s scoped=%v own=%v", i, to.Name, to.Namespace, scoped, own), projectInput{Ask: "destination", To: &to,
						Spec: m{"destinations": list, "permitOnlyProjectScopedClusters": scoped}, ProjectClusters: own})
				}
			}
		}
	}
	whole := func(more m) m {
		out := m{"destinations": l{m{"server": "*", "namespace": "shop"}}}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	gk := func(group, kind string) m { return m{"group": group, "kind": kind} }
	specs := []m{whole(nil), whole(m{"clusterResourceWhitelist": l{gk("*", "*")}}), whole(m{"clusterResourceWhitelist": l{m{"group": "", "kind": "Namespace", "name": "shop-*"}}}),
		whole(m{"clusterResourceWhitelist": l{gk("*", "*")}, "clusterResourceBlacklist": l{m{"group": "", "kind": "Namespace", "name": "kube-*"}}}),
		whole(m{"namespaceResourceWhitelist": l{gk("apps", "*")}}), whole(m{"namespaceResourceBlacklist": l{gk("", "Secret"), gk("*", "Role*")}}),
		whole(m{"namespaceResourceWhitelist": l{gk("*", "*")}, "namespaceResourceBlacklist": l{gk("*.example.com", "*")}}), whole(m{"clusterResourceWhitelist": l{gk("rbac.authorization.k8s.io", "ClusterRole[B]*")}})}
	for i, spec := range specs {
		for _, o := range []projectInput{{Kind: "Namespace", Name: "shop-a"}, {Kind: "Namespace", Name: "kube-system"}, {Group: "rbac.authorization.k8s.io", Kind: "ClusterRoleBinding", Name: "b"},
			{Kind: "Secret", Name: "s", Namespace: "shop"}, {Kind: "Secret", Name: "s", Namespace: "other"}, {Group: "apps", Kind: "Deployment", Name: "d", Namespace: "shop"},
			{Group: "rbac.authorization.k8s.io", Kind: "RoleBinding", Name: "r", Namespace: "shop"}, {Group: "a.example.com", Kind: "Widget", Name: "w", Namespace: "shop"}} {
			o.Ask, o.Spec, o.To = "object", spec, here
			ask(fmt.Sprintf("object %d %s/%s", i, o.Kind, o.Namespace), o)
		}
	}
	for _, list := range []l{nil, {}, {"team-*"}, {"*"}, {"a", "b"}, {"/^team-[a-z]+$/"}, {"/team/"}, {"team-a"}, {"/["}} {
		for _, ns := range []string{"argocd", "", "team-a", "team-1", "a", "other-team-x"} {
			ask(fmt.Sprintf("application namespace %q by %v", ns, list), projectInput{Ask: "application-namespace", Spec: m{"sourceNamespaces": list}, Namespace: ns})
		}
	}
}
