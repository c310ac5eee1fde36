package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/argo"
)

func decode(from any, into any) error {
	raw, err := json.Marshal(from)
	check(err)
	return json.Unmarshal(raw, into)
}

// trackings: op "parse" reads a tracking id, "set" marks an object, "owner" asks whose an object is, "truncate"
// shortens a label.
func trackings(out emit) {
	tracking := argo.NewResourceTracking()
	for _, text := range []string{"", "app", "app:apps/Deployment:ns/name", "app:/ConfigMap:ns/c", "a_b:/ConfigMap:/c", "app:apps/Deployment:ns", "app:Deployment:ns/name",
		"app:a/b/c:ns/name", "app:apps/Deployment:ns/na/me", "app:apps/Deployment:ns/na:me", "app:rbac.authorization.k8s.io/ClusterRole:ns/system:admin", ":/:/", "app::", "app:apps/:ns/", " app:apps/Deployment:ns/name ",
		"app;apps/Deployment/ns/name", "app:apps/Deployment:ns/name:x"} {
		want := m{}
		value, err := tracking.ParseAppInstanceValue(text)
		if err != nil {
			want["error"] = err.Error()
		} else {
			want["value"] = m{"app": value.ApplicationName, "group": value.Group, "kind": value.Kind, "namespace": value.Namespace, "name": value.Name}
			want["printed"] = tracking.BuildAppInstanceValue(*value)
		}
		out("parse "+text, m{"op": "parse", "text": text}, want)
	}
	long := strings.Repeat("a", 63)
	for _, text := range []string{"", "short", long, long + "b", long[:62] + "-b", long[:60] + "---bbb", strings.Repeat("-", 70), "x" + strings.Repeat(".", 70), long[:62] + "é", strings.Repeat("ab_", 30)} {
		label, err := argo.TruncateLabel(text)
		want := m{"label": label}
		if err != nil {
			want["error"] = err.Error()
		}
		out("truncate "+text, m{"op": "truncate", "text": text}, want)
	}
	objects := []m{
		thing("apps/v1", "Deployment", "shop", "web"), thing("v1", "ConfigMap", "", "c"), thing("rbac.authorization.k8s.io/v1", "ClusterRole", "", "system:r"),
		thing("v1", "Secret", "other", "s", "argocd.argoproj.io/tracking-id", "old:/Secret:other/s", "argocd.argoproj.io/installation-id", "else"),
		set(thing("apps/v1", "Deployment", "shop", "web"), "spec", m{"selector": m{"matchLabels": m{"a": "b"}}, "template": m{"metadata": m{"labels": m{"a": "b"}}, "spec": m{"containers": l{}}}}),
		set(thing("v1", "ConfigMap", "shop", "c"), "metadata.labels", m{"app.kubernetes.io/instance": "chart"}),
	}
	for i, object := range objects {
		for _, method := range []string{"", "label", "annotation", "annotation+label", "odd"} {
			for _, installation := range []string{"", "here"} {
				for _, app := range []string{"shop", "team_shop", strings.Repeat("long-", 14) + "x"} {
					u := unstruct(object)
					err := tracking.SetAppInstance(u, "app.kubernetes.io/instance", app, "dest", v1alpha1.TrackingMethod(method), installation)
					want := m{"object": u.Object}
					if err != nil {
						want["error"] = err.Error()
					}
					out(fmt.Sprintf("set %d by %q in %q as %.9s", i, method, installation, app), m{"op": "set", "object": object, "method": method, "installation": installation, "app": app, "namespace": "dest"}, want)
				}
			}
		}
	}
	const id, own = "argocd.argoproj.io/tracking-id", "argocd.argoproj.io/installation-id"
	for i, object := range []m{thing("v1", "ConfigMap", "shop", "c"), thing("v1", "ConfigMap", "shop", "c", id, "shop:/ConfigMap:shop/c"), thing("v1", "ConfigMap", "shop", "c", id, "shop:/ConfigMap:other/x"),
		thing("v1", "ConfigMap", "shop", "c", id, "broken"), thing("v1", "ConfigMap", "shop", "c", id, "shop:/ConfigMap:shop/c", own, "here"), thing("v1", "ConfigMap", "shop", "c", id, "shop:/ConfigMap:shop/c", own, "else"),
		set(thing("v1", "ConfigMap", "shop", "c"), "metadata.labels", m{"app.kubernetes.io/instance": "byLabel"}),
		set(thing("v1", "ConfigMap", "shop", "c", id, "shop:/ConfigMap:shop/c"), "metadata.labels", m{"app.kubernetes.io/instance": "byLabel"}),
		set(thing("v1", "ConfigMap", "shop", "c"), "metadata.labels", m{"custom/label": "byCustom"})} {
		for _, method := range []string{"", "label", "annotation", "annotation+label"} {
			for _, installation := range []string{"", "here"} {
				for _, key := range []string{"app.kubernetes.io/instance", "custom/label"} {
					out(fmt.Sprintf("owner %d by %q in %q with %s", i, method, installation, key), m{"op": "owner", "object": object, "method": method, "installation": installation, "labelKey": key},
						m{"app": tracking.GetAppName(unstruct(object), key, v1alpha1.TrackingMethod(method), installation)})
				}
			}
		}
	}
}
