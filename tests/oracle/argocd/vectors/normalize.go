package main

import (
	"encoding/json"
	"fmt"

	enginediff "github.com/argoproj/argo-cd/gitops-engine/v3/pkg/diff"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/argo/managedfields"
	"github.com/argoproj/argo-cd/v3/util/argo/normalizers"
)

// normalizeInput says by its op which of Argo CD's steps is asked: "ignore" (the ignored fields removed),
// "known-types", "engine" (gitops-engine's own rules for Secrets, Endpoints and roles), "managed-fields",
// "hide-secrets" and "state" (all of a client-side comparison).
type normalizeInput struct {
	Op              string                               `json:"op"`
	Object          m                                    `json:"object,omitempty"`
	Target          m                                    `json:"target,omitempty"`
	Live            m                                    `json:"live,omitempty"`
	Ignore          []v1alpha1.ResourceIgnoreDifferences `json:"ignore,omitempty"`
	Overrides       map[string]m                         `json:"overrides,omitempty"`
	Managers        []string                             `json:"managers,omitempty"`
	HideAnnotations []string                             `json:"hideAnnotations,omitempty"`
	Aggregated      bool                                 `json:"ignoreAggregatedRoles,omitempty"`
}

type pairWant struct {
	Error  string `json:"error,omitempty"`
	Target m      `json:"target"`
	Live   m      `json:"live"`
}

type oneWant struct {
	Error  string `json:"error,omitempty"`
	Object m      `json:"object,omitempty"`
}

func normalized(out emit) {
	ignores(out)
	knownTypes(out)
	engineRules(out)
	managed(out)
	hidden(out)
	states(out)
}

func ignoreOne(in normalizeInput) oneWant {
	normalizer, err := normalizers.NewIgnoreNormalizer(in.Ignore, overridesOf(in.Overrides), normalizers.IgnoreNormalizerOpts{})
	if err != nil {
		return oneWant{Error: err.Error()}
	}
	u := unstruct(in.Object)
	if err := normalizer.Normalize(u); err != nil {
		return oneWant{Error: err.Error()}
	}
	return oneWant{Object: u.Object}
}

func ignores(out emit) {
	deployment, custom := bases()[0].object, bases()[5].object
	ask := func(id string, object m, ignore []v1alpha1.ResourceIgnoreDifferences, overrides map[string]m) {
		in := normalizeInput{Op: "ignore", Object: object, Ignore: ignore, Overrides: overrides}
		out("ignore "+id, in, ignoreOne(in))
	}
	rule := func(group, kind, name, namespace string) v1alpha1.ResourceIgnoreDifferences {
		return v1alpha1.ResourceIgnoreDifferences{Group: group, Kind: kind, Name: name, Namespace: namespace, JSONPointers: []string{"/spec/replicas"}}
	}
	for _, r := range []v1alpha1.ResourceIgnoreDifferences{
		rule("apps", "Deployment", "", ""), rule("apps", "Deployment", "web", ""), rule("apps", "Deployment", "web", "shop"),
		rule("apps", "Deployment", "other", ""), rule("apps", "Deployment", "", "other"), rule("", "Deployment", "", ""),
		rule("*", "*", "", ""), rule("*", "Deployment", "", ""), rule("apps", "*", "", ""), rule("a*", "D*", "", ""),
		rule("apps", "deployment", "", ""), rule("apps", "Deployment", "w*", ""), rule("apps", "Deployment", "", "s*"),
		rule("{apps,extensions}", "Deployment", "", ""), rule("apps", "[DS]*", "", ""), rule("apps", "?eployment", "", ""),
	} {
		ask(fmt.Sprintf("rule %s/%s %s/%s", r.Group, r.Kind, r.Namespace, r.Name), deployment, []v1alpha1.ResourceIgnoreDifferences{r}, nil)
	}
	for _, pointer := range []string{"/spec/replicas", "/spec/template/spec/containers/0/image", "/spec/template/spec/containers/1",
		"/spec/template/spec/containers/5", "/spec/template/spec/containers/-", "/spec/missing", "/missing/deep", "/spec", "/metadata/labels",
		"/metadata/labels/app", "/metadata/annotations/a~1b", "", "/", "spec/replicas", "/spec/template/spec/containers/0/env/0/value",
		"/spec/template/spec/containers/web/image", "/spec/template/spec/containers/-1", "/kind", "/metadata", "/spec/template/spec/containers"} {
		ask("pointer "+pointer, deployment, []v1alpha1.ResourceIgnoreDifferences{{Group: "apps", Kind: "Deployment", JSONPointers: []string{pointer}}}, nil)
	}
	slashes := m{"apiVersion": "v1", "kind": "ConfigMap", "metadata": m{"name": "c", "annotations": m{"a/b": "1", "c~d": "2", "e": "3"}}}
	for _, pointer := range []string{"/metadata/annotations/a~1b", "/metadata/annotations/c~0d", "/metadata/annotations/a/b", "/metadata/annotations/e", "/metadata/annotations/c~d"} {
		ask("escaped pointer "+pointer, slashes, []v1alpha1.ResourceIgnoreDifferences{{Kind: "ConfigMap", JSONPointers: []string{pointer}}}, nil)
	}
	for _, query := range []string{
		".spec.replicas", ".spec.template.spec.containers[0].image", `.spec.template.spec.containers[] | select(.name == "side")`,
		`.spec.template.spec.containers[].env[]? | select(.name == "A")`, ".spec.missing", ".spec.missing.deep", ".spec.template.spec.containers[].env",
		".metadata.labels[]", `.metadata.labels["app"]`, ".spec.template.spec.containers[-1]", ".spec.template.spec.containers[1:]",
		".spec.template.spec.containers[5]", ".. | .image?", ".spec | .replicas, .selector", `.spec.template.spec.containers[] | select(.name | test("^w"))`,
		".spec.template.spec.containers[] | .image, .env", `.metadata.annotations | keys[]`, ".spec.replicas | numbers", "..|.env?|.[]?|.value",
		`.spec.template.spec.containers | map(select(.name=="web"))`, `paths`, ".spec.template.spec.containers | .[]",
		`.spec.template.spec.containers[] | select(.name=="web").env[] | select(.value|tonumber > 1)`, `if .spec.replicas > 1 then .spec.replicas else empty end`,
		`.spec.template.spec.containers[] | select(has("env") | not)`, "", ".", ".[", "foo(1)", ".spec.replicas.x", "error(\"no\")", "first(.spec[])",
		`.spec.template.spec.containers[] | select(.image | startswith("registry.example/side"))`, ".spec?.template?.metadata?",
		`.spec.template.spec.containers[] | select(.name as $n | ["web"] | index($n))`, ".spec[\"replicas\",\"selector\"]", "limit(1; .spec.template.spec.containers[])",
		`getpath(["spec","replicas"])`, `.spec | to_entries[] | select(.key=="replicas")`, "recurse | select(type == \"string\")",
		`.metadata | with_entries(.)`, ".spec.template.spec.containers[0,1].image", `.spec.template.spec.containers[] | select(any(.env[]?; .name == "B"))`,
	} {
		ask("jq "+query, deployment, []v1alpha1.ResourceIgnoreDifferences{{Group: "apps", Kind: "Deployment", JQPathExpressions: []string{query}}}, nil)
	}
	for _, query := range []string{".spec.items[] | select(.name == \"x\") | .value", ".spec.list[0]", ".spec.list[] | select(. == \"b\")", ".spec.nested.deep",
		".spec.ratio", ".spec.items[].value", ".spec.list", ".spec.items | .[1].name", ".spec.list[:1]", `.spec.items[] | select(.value > 1)`} {
		ask("jq custom "+query, custom, []v1alpha1.ResourceIgnoreDifferences{{Group: "example.com", Kind: "Gadget", JQPathExpressions: []string{query}}}, nil)
	}
	ask("many", deployment, []v1alpha1.ResourceIgnoreDifferences{{Group: "apps", Kind: "Deployment", JSONPointers: []string{"/spec/replicas", "/spec/replicas", "/metadata/labels"},
		JQPathExpressions: []string{".spec.template.spec.containers[0]", ".spec.template.spec.containers[0]"}}}, nil)
	for _, key := range []string{"apps/Deployment", "*/*", "*/Deployment", "apps/*", "Deployment", "apps/deployment", "a/b/c", "apps_Deployment"} {
		ask("override "+key, deployment, nil, map[string]m{key: {"ignoreDifferences": m{"jsonPointers": l{"/spec/replicas"}, "jqPathExpressions": l{".spec.template.spec.containers[1]"}}}})
	}
	ask("override beside rule", deployment, []v1alpha1.ResourceIgnoreDifferences{rule("apps", "Deployment", "", "")}, map[string]m{"apps/Deployment": {"ignoreDifferences": m{"jsonPointers": l{"/metadata/labels"}}}})
}

func knownTypes(out emit) {
	ask := func(id string, object m, overrides map[string]m) {
		in := normalizeInput{Op: "known-types", Object: object, Overrides: overrides}
		normalizer, err := normalizers.NewKnownTypesNormalizer(overridesOf(overrides))
		check(err)
		u := unstruct(object)
		want := oneWant{}
		if err := normalizer.Normalize(u); err != nil {
			want.Error = err.Error()
		}
		want.Object = u.Object
		out("known types "+id, in, want)
	}
	gadget := func(path string, value any) m { return set(bases()[5].object, path, value) }
	field := func(path, kind string) map[string]m {
		return map[string]m{"example.com/Gadget": {"knownTypeFields": l{m{"field": path, "type": kind}}}}
	}
	for _, q := range []any{"1000m", "1", "0.5", "1Gi", "1024Mi", "1073741824", "1e3", "100k", "0.1", "1.5Gi", "500u", "-1", "", "abc", 1, 1.5, "1E", "12345m", "0", "0.0001", "1n", "1Ki", "1000Ki"} {
		ask("quantity "+shown(q), gadget("spec.cpu", q), field("spec.cpu", "core/Quantity"))
	}
	for _, d := range []any{"1h", "60m", "3600s", "1h0m0s", "90s", "1.5h", "abc", 5, "0", "100ms"} {
		ask("duration "+shown(d), gadget("spec.wait", d), field("spec.wait", "meta/v1/Duration"))
	}
	pod := m{"containers": l{m{"name": "c", "image": "i", "resources": m{"requests": m{"cpu": "1000m", "memory": "1024Mi"}, "limits": m{"cpu": 2}}, "unknown": 1}}}
	ask("pod spec", gadget("spec.template", pod), field("spec.template", "core/v1/PodSpec"))
	ask("pod spec in a list", gadget("spec.templates", l{m{"spec": pod}, m{"spec": m{"containers": nil}}}), field("spec.templates.spec", "core/v1/PodSpec"))
	ask("containers in a list", gadget("spec.containers", pod["containers"]), field("spec.containers", "core/v1/Container"))
	ask("resource list", gadget("spec.resources", m{"cpu": "1000m", "memory": "1024Mi", "example.com/x": "4"}), field("spec.resources", "core/v1/ResourceList"))
	ask("requirements", gadget("spec.resources", m{"limits": m{"cpu": "0.5"}, "requests": m{"cpu": "500m"}}), field("spec.resources", "core/v1/ResourceRequirements"))
	ask("missing field", gadget("spec.cpu", deleted), field("spec.cpu", "core/Quantity"))
	ask("unknown type", gadget("spec.cpu", "1000m"), field("spec.cpu", "core/v9/Nothing"))
	ask("other kind", bases()[0].object, field("spec.replicas", "core/Quantity"))
	rollout := m{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": m{"name": "r"}, "spec": m{"replicas": 1, "template": m{"spec": pod}}}
	ask("rollout", rollout, nil)
	ask("rollout without template", set(rollout, "spec.template", deleted), nil)
}

func engineRules(out emit) {
	for i, b := range bases() {
		for j, e := range append([]edit{{"metadata.creationTimestamp", nil}}, b.edits...) {
			object := set(b.object, e.path, e.value)
			for _, aggregated := range []bool{false, true} {
				if aggregated && b.name != "clusterrole" {
					continue
				}
				if b.name != "secret" && b.name != "clusterrole" && b.name != "endpoints" && (i > 5 || j > 3) {
					continue // the rules are about those
				}
				u := unstruct(object)
				enginediff.Normalize(u, enginediff.IgnoreAggregatedRoles(aggregated))
				out(fmt.Sprintf("engine %s %s=%s", b.name, e.path, shown(e.value)),
					normalizeInput{Op: "engine", Object: object, Aggregated: aggregated}, oneWant{Object: u.Object})
			}
		}
	}
}

func managed(out emit) {
	entry := func(manager, fields string) m {
		var decoded m
		check(json.Unmarshal([]byte(fields), &decoded))
		return m{"manager": manager, "operation": "Update", "apiVersion": "example.com/v1", "fieldsType": "FieldsV1", "fieldsV1": decoded}
	}
	custom := bases()[5].object
	fieldSets := []string{
		`{"f:spec":{"f:size":{}}}`, `{"f:spec":{"f:list":{}}}`, `{"f:spec":{"f:items":{}}}`, `{"f:spec":{"f:nested":{"f:deep":{"f:on":{}}}}}`,
		`{"f:spec":{"f:size":{},"f:ratio":{}}}`, `{"f:spec":{"f:missing":{}}}`, `{"f:metadata":{"f:labels":{"f:a":{}}}}`,
		`{"f:spec":{"f:items":{"k:{\"name\":\"x\"}":{"f:value":{}}}}}`, `{"f:status":{"f:phase":{}}}`, `{}`,
	}
	liveEdits := [][]edit{
		{{"spec.size", 9}}, {{"spec.list", l{"z"}}}, {{"spec.items.0.value", 7}}, {{"spec.nested.deep.on", false}}, {{"spec.size", 9}, {"spec.ratio", 0.75}},
		{{"metadata.labels", m{"a": "live"}}}, {},
	}
	for _, fields := range fieldSets {
		for _, edits := range liveEdits {
			live := custom
			for _, e := range edits {
				live = set(live, e.path, e.value)
			}
			live = set(live, "metadata.managedFields", l{entry("scaler", fields), entry("argocd-controller", `{"f:spec":{"f:cpu":{}}}`)})
			for _, managers := range [][]string{{"scaler"}, {"other"}} {
				if managers[0] == "other" && fields != fieldSets[0] {
					continue
				}
				in := normalizeInput{Op: "managed-fields", Target: custom, Live: live, Managers: managers}
				normLive, normTarget, err := managedfields.Normalize(unstruct(live), unstruct(custom), managers, nil)
				want := pairWant{}
				if err != nil {
					want.Error = err.Error()
				} else {
					want.Live, want.Target = normLive.Object, normTarget.Object
				}
				out(fmt.Sprintf("managed fields %s %s", fields, shown(len(edits))), in, want)
			}
		}
	}
}

func hidden(out emit) {
	ask := func(id string, target, live m, annotations ...string) {
		hide := map[string]bool{}
		for _, a := range annotations {
			hide[a] = true
		}
		in := normalizeInput{Op: "hide-secrets", Target: target, Live: live, HideAnnotations: annotations}
		t, lv, err := enginediff.HideSecretData(unstruct(target), unstruct(live), hide)
		want := pairWant{}
		if err != nil {
			want.Error = err.Error()
		} else {
			if t != nil {
				want.Target = t.Object
			}
			if lv != nil {
				want.Live = lv.Object
			}
		}
		out("hide "+id, in, want)
	}
	secret := bases()[3].object
	ask("target only", secret, nil)
	ask("live only", nil, secret)
	ask("same", secret, secret)
	for _, e := range bases()[3].edits {
		ask("git "+e.path+"="+shown(e.value), set(secret, e.path, e.value), secret)
		ask("live "+e.path+"="+shown(e.value), secret, set(secret, e.path, e.value))
		ask("live and applied "+e.path+"="+shown(e.value), secret, applied(set(secret, e.path, e.value), secret))
		ask("applied "+e.path+"="+shown(e.value), set(secret, e.path, e.value), applied(secret, set(secret, e.path, e.value)))
	}
	noted := set(secret, "metadata.annotations", m{"token": "abc", "plain": "1"})
	ask("annotation", noted, set(noted, "metadata.annotations.token", "xyz"), "token")
	ask("annotation same", noted, noted, "token", "missing")
	ask("annotation not asked for", noted, noted)
	ask("last-applied that isn't JSON", secret, set(secret, "metadata.annotations", m{"kubectl.kubernetes.io/last-applied-configuration": "{"}))
}

func states(out emit) {
	ask := func(id string, in diffInput) {
		want := compared(in)
		out("state "+id, struct {
			Op string `json:"op"`
			diffInput
		}{"state", in}, want)
	}
	deployment, custom, secret := bases()[0].object, bases()[5].object, bases()[3].object
	for _, last := range []bool{false, true} {
		live := func(target m, path string, value any) m {
			out := set(asServed(target), path, value)
			if last {
				return applied(out, target)
			}
			return out
		}
		pointers := func(kind v1alpha1.ResourceIgnoreDifferences) []v1alpha1.ResourceIgnoreDifferences {
			return []v1alpha1.ResourceIgnoreDifferences{kind}
		}
		replicas := v1alpha1.ResourceIgnoreDifferences{Group: "apps", Kind: "Deployment", JSONPointers: []string{"/spec/replicas"}}
		note := fmt.Sprintf(" applied=%v", last)
		ask("ignored replicas"+note, diffInput{Target: deployment, Live: live(deployment, "spec.replicas", 7), Ignore: pointers(replicas)})
		ask("ignored replicas gone from git"+note, diffInput{Target: set(deployment, "spec.replicas", deleted), Live: live(deployment, "spec.replicas", 7), Ignore: pointers(replicas)})
		ask("other field beside ignored"+note, diffInput{Target: deployment, Live: live(deployment, "spec.template.spec.containers.0.image", "x"), Ignore: pointers(replicas)})
		env := v1alpha1.ResourceIgnoreDifferences{Group: "apps", Kind: "Deployment", JQPathExpressions: []string{`.spec.template.spec.containers[].env[]? | select(.name == "A")`}}
		ask("ignored env"+note, diffInput{Target: deployment, Live: live(deployment, "spec.template.spec.containers.0.env.0.value", "9"), Ignore: pointers(env)})
		ask("env beside ignored"+note, diffInput{Target: deployment, Live: live(deployment, "spec.template.spec.containers.0.env.1.value", "9"), Ignore: pointers(env)})
		container := v1alpha1.ResourceIgnoreDifferences{Group: "apps", Kind: "Deployment", JQPathExpressions: []string{`.spec.template.spec.containers[] | select(.name == "side")`}}
		ask("ignored container"+note, diffInput{Target: deployment, Live: live(deployment, "spec.template.spec.containers.1.image", "z"), Ignore: pointers(container)})
		ask("ignored container only live"+note, diffInput{Target: set(deployment, "spec.template.spec.containers.1", deleted), Live: live(deployment, "spec.replicas", 2), Ignore: pointers(container)})
		items := v1alpha1.ResourceIgnoreDifferences{Group: "example.com", Kind: "Gadget", JQPathExpressions: []string{`.spec.items[] | select(.name == "x") | .value`}}
		ask("ignored item"+note, diffInput{Target: custom, Live: live(custom, "spec.items.0.value", 5), Ignore: pointers(items)})
		ask("item beside ignored"+note, diffInput{Target: custom, Live: live(custom, "spec.items.1.value", 5), Ignore: pointers(items)})
		ask("ignored list"+note, diffInput{Target: custom, Live: live(custom, "spec.list", l{"x"}), Ignore: pointers(v1alpha1.ResourceIgnoreDifferences{Group: "*", Kind: "*", JSONPointers: []string{"/spec/list"}})})
		ask("system override"+note, diffInput{Target: custom, Live: live(custom, "spec.size", 5), Overrides: map[string]m{"example.com/Gadget": {"ignoreDifferences": m{"jsonPointers": l{"/spec/size"}}}}})
		ask("system override of status"+note, diffInput{Target: set(custom, "status", m{"a": 1}), Live: live(custom, "status", m{"a": 2}), Overrides: map[string]m{"*/*": {"ignoreDifferences": m{"jsonPointers": l{"/status"}}}}})
		ask("known type"+note, diffInput{Target: custom, Live: live(custom, "spec.cpu", "1"), Overrides: map[string]m{"example.com/Gadget": {"knownTypeFields": l{m{"field": "spec.cpu", "type": "core/Quantity"}}}}})
		ask("secret data"+note, diffInput{Target: secret, Live: live(secret, "data.password", "eA=="), Ignore: pointers(v1alpha1.ResourceIgnoreDifferences{Kind: "Secret", JSONPointers: []string{"/data"}})})
		annotated := set(deployment, "metadata.annotations", m{"argocd.argoproj.io/ignore-differences": "jsonPointers:\n- /spec/replicas\n"})
		ask("annotation"+note, diffInput{Target: annotated, Live: live(annotated, "spec.replicas", 7)})
		for _, text := range []string{"", "jsonPointers: []", "[", "jqPathExpressions: [.spec.replicas]", "jsonPointers: [spec/replicas]", "jsonPointers: /spec/replicas"} {
			odd := set(deployment, "metadata.annotations", m{"argocd.argoproj.io/ignore-differences": text})
			ask("annotation "+text+note, diffInput{Target: odd, Live: live(odd, "spec.replicas", 7)})
		}
		managers := v1alpha1.ResourceIgnoreDifferences{Group: "example.com", Kind: "Gadget", ManagedFieldsManagers: []string{"scaler"}}
		owned := live(custom, "spec.size", 5)
		owned = set(owned, "metadata.managedFields", l{m{"manager": "scaler", "operation": "Update", "apiVersion": "example.com/v1", "fieldsType": "FieldsV1", "fieldsV1": m{"f:spec": m{"f:size": m{}}}}})
		ask("managed fields"+note, diffInput{Target: custom, Live: owned, Ignore: pointers(managers)})
		ask("managed fields beside others"+note, diffInput{Target: custom, Live: set(owned, "spec.ratio", 0.75), Ignore: pointers(managers)})
	}
}
