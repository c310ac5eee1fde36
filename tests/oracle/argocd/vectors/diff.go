package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	argodiff "github.com/argoproj/argo-cd/v3/util/argo/diff"
	"github.com/argoproj/argo-cd/v3/util/argo/normalizers"
	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type diffInput struct {
	Target                m                                    `json:"target"` // null: only live
	Live                  m                                    `json:"live"`   // null: to be created
	Ignore                []v1alpha1.ResourceIgnoreDifferences `json:"ignore,omitempty"`
	Overrides             map[string]m                         `json:"overrides,omitempty"` // group/kind -> ResourceOverride
	IgnoreAggregatedRoles bool                                 `json:"ignoreAggregatedRoles,omitempty"`
	TrackingMethod        string                               `json:"trackingMethod,omitempty"`
}

type diffWant struct {
	Error          string          `json:"error,omitempty"`
	Modified       bool            `json:"modified"`
	NormalizedLive json.RawMessage `json:"normalizedLive,omitempty"`
	PredictedLive  json.RawMessage `json:"predictedLive,omitempty"`
}

func overridesOf(in map[string]m) map[string]v1alpha1.ResourceOverride {
	out := map[string]v1alpha1.ResourceOverride{}
	for key, value := range in {
		raw, err := json.Marshal(value)
		check(err)
		var ignore v1alpha1.OverrideIgnoreDiff
		var override v1alpha1.ResourceOverride
		if nested, ok := value["ignoreDifferences"]; ok {
			nestedRaw, err := json.Marshal(nested)
			check(err)
			check(json.Unmarshal(nestedRaw, &ignore))
			override.IgnoreDifferences = ignore
		}
		var fields struct {
			KnownTypeFields []v1alpha1.KnownTypeField `json:"knownTypeFields"`
		}
		check(json.Unmarshal(raw, &fields))
		override.KnownTypeFields = fields.KnownTypeFields
		out[key] = override
	}
	return out
}

// compared is what Argo CD compares with a client-side diff.
func compared(in diffInput) diffWant {
	config, err := argodiff.NewDiffConfigBuilder().
		WithDiffSettings(in.Ignore, overridesOf(in.Overrides), in.IgnoreAggregatedRoles, normalizers.IgnoreNormalizerOpts{}).
		WithTracking("app.kubernetes.io/instance", in.TrackingMethod).WithNoCache().WithLogger(logr.Discard()).Build()
	check(err)
	result, err := argodiff.StateDiff(context.Background(), unstruct(in.Live), unstruct(in.Target), config)
	if err != nil {
		return diffWant{Error: err.Error()}
	}
	return diffWant{Modified: result.Modified, NormalizedLive: result.NormalizedLive, PredictedLive: result.PredictedLive}
}

// applied carries the last-applied-configuration annotation that kubectl leaves.
func applied(live, by m) m {
	raw, err := json.Marshal(clone(by))
	check(err)
	out := clone(live)
	u := unstructured.Unstructured{Object: out}
	annotations := u.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[corev1.LastAppliedConfigAnnotation] = string(raw)
	u.SetAnnotations(annotations)
	return u.Object
}

// served is an object as the API server gives it back.
func asServed(object m) m {
	out := set(object, "metadata.uid", "0b4a2d8e-0000-4000-8000-000000000001")
	out = set(out, "metadata.resourceVersion", "4711")
	out = set(out, "metadata.creationTimestamp", "2026-01-02T03:04:05Z")
	return set(out, "metadata.generation", 1)
}

type edit struct {
	path  string
	value any
}

type base struct {
	name   string
	object m
	// What the API server adds by itself.
	defaults []edit
	edits    []edit
}

func diffs(out emit) {
	ask := func(id string, in diffInput) { out(id, in, compared(in)) }
	for _, b := range bases() {
		target := clone(b.object)
		live := asServed(target)
		for _, d := range b.defaults {
			live = set(live, d.path, d.value)
		}
		ask(b.name+": to be created", diffInput{Target: target})
		ask(b.name+": to be pruned", diffInput{Live: live})
		ask(b.name+": same", diffInput{Target: target, Live: asServed(target)})
		ask(b.name+": same, defaulted", diffInput{Target: target, Live: live})
		ask(b.name+": same, defaulted, applied", diffInput{Target: target, Live: applied(live, target)})
		for _, e := range b.edits {
			name := fmt.Sprintf("%s: %s=%s", b.name, e.path, shown(e.value))
			ask(name+" in git", diffInput{Target: set(target, e.path, e.value), Live: live})
			ask(name+" in git, applied", diffInput{Target: set(target, e.path, e.value), Live: applied(live, target)})
			ask(name+" live", diffInput{Target: target, Live: set(live, e.path, e.value)})
			ask(name+" live, applied", diffInput{Target: target, Live: applied(set(live, e.path, e.value), target)})
			ask(name+" applied before, gone from git", diffInput{Target: target,
				Live: applied(set(live, e.path, e.value), set(target, e.path, e.value))})
		}
	}
	more(ask)
}

func shown(value any) string {
	if value == deleted {
		return "deleted"
	}
	raw, err := json.Marshal(value)
	check(err)
	return string(raw)
}

func bases() []base {
	return []base{
		{"deployment", read(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example/web:1
        ports: [{containerPort: 8080, name: http}]
        env: [{name: A, value: "1"}, {name: B, value: "2"}]
        resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 1Gi}}
      - name: side
        image: registry.example/side:1
`), []edit{{"spec.strategy", m{"type": "RollingUpdate", "rollingUpdate": m{"maxSurge": "25%", "maxUnavailable": "25%"}}},
			{"spec.progressDeadlineSeconds", 600}, {"spec.revisionHistoryLimit", 10}, {"spec.template.spec.restartPolicy", "Always"},
			{"spec.template.spec.containers.0.imagePullPolicy", "IfNotPresent"}, {"spec.template.spec.containers.0.ports.0.protocol", "TCP"},
			{"metadata.annotations", m{"deployment.kubernetes.io/revision": "3"}}, {"status", m{"replicas": 2}}},
			[]edit{{"spec.replicas", 3}, {"spec.replicas", deleted}, {"spec.template.spec.containers.0.image", "registry.example/web:2"},
				{"spec.template.spec.containers.0.env.0.value", "9"}, {"spec.template.spec.containers.0.env.1", deleted},
				{"spec.template.spec.containers.0.env.-", m{"name": "C", "value": "3"}},
				{"spec.template.spec.containers.0.env", l{}},
				{"spec.template.spec.containers.0.env", l{m{"name": "B", "value": "2"}, m{"name": "A", "value": "1"}}},
				{"spec.template.spec.containers.0.resources.limits.memory", "1024Mi"},
				{"spec.template.spec.containers.0.resources.limits.memory", "1073741824"},
				{"spec.template.spec.containers.0.resources.requests.cpu", "0.1"},
				{"spec.template.spec.containers.0.resources.requests.cpu", "200m"},
				{"spec.template.spec.containers.0.resources.limits.cpu", 1},
				{"spec.template.spec.containers.1", deleted}, {"spec.template.spec.containers.-", m{"name": "third", "image": "x"}},
				{"spec.template.spec.nodeSelector", m{}}, {"spec.template.spec.nodeSelector", nil},
				{"spec.template.spec.volumes", l{}}, {"spec.template.spec.hostNetwork", false}, {"spec.template.spec.hostNetwork", true},
				{"spec.paused", false}, {"spec.unknownField", "x"}, {"metadata.labels.extra", "1"}, {"metadata.labels.app", deleted},
				{"metadata.annotations.note", "hi"}, {"metadata.finalizers", l{"example.com/keep"}},
				{"metadata.ownerReferences", l{m{"apiVersion": "v1", "kind": "ConfigMap", "name": "o", "uid": "1"}}},
				{"spec.strategy", m{"type": "Recreate"}}, {"status.readyReplicas", 1}}},
		{"service", read(`
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: http}, {name: admin, port: 81, targetPort: 8081}]
`), []edit{{"spec.clusterIP", "10.0.0.7"}, {"spec.clusterIPs", l{"10.0.0.7"}}, {"spec.type", "ClusterIP"}, {"spec.sessionAffinity", "None"},
			{"spec.ports.0.protocol", "TCP"}, {"spec.ports.1.protocol", "TCP"}, {"status", m{"loadBalancer": m{}}}},
			[]edit{{"spec.ports.0.port", 8080}, {"spec.ports.0.nodePort", 30080}, {"spec.ports.1", deleted},
				{"spec.ports.-", m{"name": "third", "port": 82}}, {"spec.type", "LoadBalancer"}, {"spec.selector.tier", "a"},
				{"spec.externalIPs", l{"192.0.2.1"}}, {"spec.ports.0.targetPort", 8080}, {"spec.selector.app", deleted},
				{"spec.ports.0.protocol", "UDP"}, {"metadata.annotations", m{}}, {"metadata.annotations", nil}}},
		{"configmap", read(`
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: shop, annotations: {a: "1"}}
data: {one: "1", two: "line\nline\n"}
`), nil, []edit{{"data.one", "2"}, {"data.two", deleted}, {"data.three", "3"}, {"data", m{}}, {"data", nil}, {"binaryData", m{"b": "AAE="}},
			{"immutable", true}, {"data.one", ""}, {"metadata.annotations.a", "2"}, {"metadata.annotations.a", deleted},
			{"metadata.creationTimestamp", nil}, {"metadata.labels", m{"app~kubernetes~io/instance": "x"}}}},
		{"secret", read(`
apiVersion: v1
kind: Secret
metadata: {name: web, namespace: shop}
type: Opaque
data: {user: YWRtaW4=, password: c2VjcmV0}
`), nil, []edit{{"data.user", "cm9vdA=="}, {"data.password", deleted}, {"data.token", "dG9rZW4="}, {"stringData", m{"user": "admin"}},
			{"stringData", m{"user": "root"}}, {"stringData", m{"fresh": "1"}}, {"type", "kubernetes.io/basic-auth"}, {"data.user", "YWRtaW4"},
			{"data", nil}, {"data.user", ""}, {"data.user", nil}}},
		{"statefulset", read(`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db
  replicas: 1
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: db, volumeMounts: [{name: data, mountPath: /data}]}]}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`), []edit{{"spec.volumeClaimTemplates.0.apiVersion", "v1"}, {"spec.volumeClaimTemplates.0.kind", "PersistentVolumeClaim"},
			{"spec.volumeClaimTemplates.0.spec.volumeMode", "Filesystem"}, {"spec.volumeClaimTemplates.0.status", m{"phase": "Pending"}},
			{"spec.podManagementPolicy", "OrderedReady"}, {"spec.updateStrategy", m{"type": "RollingUpdate", "rollingUpdate": m{"partition": 0}}}},
			[]edit{{"spec.replicas", 2}, {"spec.volumeClaimTemplates.0.spec.resources.requests.storage", "2Gi"},
				{"spec.volumeClaimTemplates.0.spec.resources.requests.storage", "1024Mi"},
				{"spec.volumeClaimTemplates.0.spec.storageClassName", "fast"}, {"spec.volumeClaimTemplates.0.metadata.labels", m{"a": "b"}},
				{"spec.template.spec.containers.0.volumeMounts.-", m{"name": "tmp", "mountPath": "/tmp"}}}},
		{"custom", read(`
apiVersion: example.com/v1
kind: Gadget
metadata: {name: g, namespace: shop}
spec:
  size: 3
  ratio: 0.5
  list: [a, b]
  items: [{name: x, value: 1}, {name: "y", value: 2}]
  nested: {deep: {"on": true}}
  cpu: 1000m
`), []edit{{"spec.defaulted", "yes"}, {"spec.items.0.extra", true}, {"status", m{"phase": "Ready"}}},
			[]edit{{"spec.size", 4}, {"spec.size", "3"}, {"spec.size", deleted}, {"spec.ratio", 0.25}, {"spec.ratio", 1}, {"spec.list", l{"b", "a"}},
				{"spec.list.-", "c"}, {"spec.list", l{}}, {"spec.items.0.value", 9}, {"spec.items.1", deleted}, {"spec.items.-", m{"name": "z"}},
				{"spec.nested.deep.on", false}, {"spec.nested.deep", m{}}, {"spec.nested.deep", nil}, {"spec.nested", deleted}, {"spec.cpu", "1"},
				{"spec.fresh", m{"a": l{1, 2}}}, {"spec.fresh", nil}, {"spec.fresh", m{}}, {"spec.fresh", ""}, {"spec.fresh", false},
				{"status.phase", "Failed"}, {"metadata.annotations", m{"a": "b"}}}},
		{"clusterrole", read(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r}
rules:
- {apiGroups: [""], resources: [pods], verbs: [get, list]}
- {apiGroups: [apps], resources: [deployments], verbs: ["*"]}
`), nil, []edit{{"rules.0.verbs", l{"list", "get"}}, {"rules.0.verbs.-", "watch"}, {"rules.1", deleted}, {"rules", nil}, {"rules", l{}},
			{"aggregationRule", m{"clusterRoleSelectors": l{m{"matchLabels": m{"a": "b"}}}}}, {"aggregationRule", nil}}},
		{"autoscaler", read(`
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  minReplicas: 1
  maxReplicas: 5
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  metrics:
  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}
  - {type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 70}}}
`), []edit{{"spec.behavior", m{"scaleUp": m{"selectPolicy": "Max"}}}},
			[]edit{{"spec.maxReplicas", 6}, {"spec.minReplicas", deleted}, {"spec.metrics.0.resource.target.averageUtilization", 50},
				{"spec.metrics", l{m{"type": "Resource", "resource": m{"name": "memory", "target": m{"type": "Utilization", "averageUtilization": 70}}},
					m{"type": "Resource", "resource": m{"name": "cpu", "target": m{"type": "Utilization", "averageUtilization": 80}}}}}}},
		{"job", read(`
apiVersion: batch/v1
kind: Job
metadata: {name: j, namespace: shop}
spec:
  backoffLimit: 2
  template: {spec: {restartPolicy: Never, containers: [{name: j, image: j, args: [a, b]}]}}
`), []edit{{"spec.selector", m{"matchLabels": m{"batch.kubernetes.io/controller-uid": "1"}}}, {"spec.completions", 1}, {"spec.parallelism", 1},
			{"spec.template.metadata", m{"creationTimestamp": nil, "labels": m{"job-name": "j"}}}},
			[]edit{{"spec.suspend", false}, {"spec.backoffLimit", 3}, {"spec.template.spec.containers.0.args", l{"a"}},
				{"spec.template.spec.containers.0.command", l{"sh"}}, {"spec.template.spec.containers.0.args.-", "c"}}},
		{"endpoints", read(`
apiVersion: v1
kind: Endpoints
metadata: {name: e, namespace: shop}
subsets:
- addresses: [{ip: 192.0.2.2}, {ip: 192.0.2.1}]
  ports: [{port: 80}]
`), nil, []edit{{"subsets.0.addresses", l{m{"ip": "192.0.2.1"}, m{"ip": "192.0.2.2"}}}, {"subsets.0.ports.0.protocol", "TCP"}, {"subsets.0.ports.0.port", 81}}},
		{"crd", read(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.example.com}
spec:
  group: example.com
  names: {kind: Gadget, plural: gadgets}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
`), []edit{{"spec.names.listKind", "GadgetList"}, {"spec.names.singular", "gadget"}, {"spec.conversion", m{"strategy": "None"}}},
			[]edit{{"spec.preserveUnknownFields", false}, {"spec.versions.0.served", false}, {"spec.versions.-", m{"name": "v2", "served": true, "storage": false}},
				{"spec.names.shortNames", l{"gd"}}, {"status", m{"acceptedNames": m{"kind": "", "plural": ""}, "conditions": l{}, "storedVersions": l{}}}}},
	}
}

func more(ask func(string, diffInput)) {
	role := func(rules any, aggregated bool) m {
		out := m{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": m{"name": "r"}, "rules": rules}
		if aggregated {
			out["aggregationRule"] = m{"clusterRoleSelectors": l{m{"matchLabels": m{"a": "b"}}}}
		}
		return out
	}
	rule := l{m{"apiGroups": l{""}, "resources": l{"pods"}, "verbs": l{"get"}}}
	for _, ignore := range []bool{false, true} {
		for _, aggregated := range []bool{false, true} {
			for _, rules := range []any{nil, l{}, rule} {
				ask(fmt.Sprintf("aggregated role: ignored=%v aggregated=%v rules=%s", ignore, aggregated, shown(rules)),
					diffInput{Target: role(rules, aggregated), Live: role(rule, aggregated), IgnoreAggregatedRoles: ignore})
			}
		}
	}
	const id = "argocd.argoproj.io/tracking-id"
	config := func(labels, annotations m) m {
		metadata := m{"name": "c", "namespace": "shop"}
		if labels != nil {
			metadata["labels"] = labels
		}
		if annotations != nil {
			metadata["annotations"] = annotations
		}
		return m{"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": m{"a": "1"}}
	}
	instance := m{"app.kubernetes.io/instance": "shop"}
	own := m{id: "shop:/ConfigMap:shop/c"}
	other := m{id: "other:/ConfigMap:shop/c"}
	for _, method := range []string{"", "label", "annotation", "annotation+label"} {
		for i, pair := range [][2]m{
			{config(nil, own), config(instance, nil)}, {config(nil, own), config(instance, own)}, {config(nil, own), config(nil, other)},
			{config(instance, own), config(instance, nil)}, {config(instance, nil), config(nil, own)}, {config(nil, own), config(instance, other)},
			{config(m{"app.kubernetes.io/instance": "x"}, own), config(instance, own)}, {config(instance, own), config(instance, own)},
		} {
			ask(fmt.Sprintf("tracking %d by %q", i, method), diffInput{Target: pair[0], Live: pair[1], TrackingMethod: method})
		}
	}
	broken := asServed(config(nil, m{corev1.LastAppliedConfigAnnotation: "{not json"}))
	ask("last-applied that isn't JSON", diffInput{Target: config(nil, nil), Live: broken})
	ask("wrong type in a known kind", diffInput{Target: set(bases()[0].object, "spec.replicas", "three"), Live: asServed(bases()[0].object)})
	ask("wrong type in a known kind, live", diffInput{Target: bases()[0].object, Live: set(asServed(bases()[0].object), "spec.replicas", "three")})
	ask("unknown field twice", diffInput{Target: set(bases()[0].object, "spec.template.spec.odd", m{"a": 1}), Live: set(asServed(bases()[0].object), "spec.template.spec.odd", m{"a": 2})})
	ssa := m{"argocd.argoproj.io/sync-options": "ServerSideApply=true"}
	ask("server-side apply without a server", diffInput{Target: config(nil, ssa), Live: asServed(config(nil, ssa))})
	ask("server-side apply without a server, changed", diffInput{Target: set(config(nil, ssa), "data.a", "2"), Live: asServed(config(nil, ssa))})
}
