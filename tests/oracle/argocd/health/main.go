// Command health prints one JSON line a case: an object, and what gitops-engine says of its health.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/health"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type m = map[string]any
type l = []any

type vector struct {
	Name    string `json:"name"`
	Object  m      `json:"object"`
	Status  string `json:"status"` // "" where the kind has no rule
	Message string `json:"message"`
}

func main() {
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	n := 0
	emit := func(name string, object m) {
		// Through JSON, so that numbers are what a decoded API object has.
		raw, err := json.Marshal(object)
		check(err)
		u := &unstructured.Unstructured{}
		check(u.UnmarshalJSON(raw))
		v := vector{Name: name, Object: object}
		status, _ := health.GetResourceHealth(u, nil)
		if status != nil {
			v.Status, v.Message = string(status.Status), status.Message
		}
		check(out.Encode(v))
		n++
	}
	for _, generate := range []func(func(string, m)){
		deployments, statefulSets, daemonSets, replicaSets, pods, jobs, services, claims, autoscalers,
		apiServices, workflows, others,
	} {
		generate(emit)
	}
	fmt.Fprintln(os.Stderr, n, "vectors")
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func object(apiVersion, kind string, generation int, spec, status m) m {
	o := m{"apiVersion": apiVersion, "kind": kind,
		"metadata": m{"name": "web-\"1\"", "namespace": "shop", "generation": generation}}
	if spec != nil {
		o["spec"] = spec
	}
	if status != nil {
		o["status"] = status
	}
	return o
}

func with(o m, key string, value any) m {
	o["metadata"].(m)[key] = value
	return o
}

func deployments(emit func(string, m)) {
	for _, replicas := range []any{nil, 0, 3} {
		for _, s := range []m{
			{}, {"observedGeneration": 1}, {"observedGeneration": 2},
			{"observedGeneration": 2, "updatedReplicas": 1, "replicas": 3},
			{"observedGeneration": 2, "updatedReplicas": 3, "replicas": 4, "availableReplicas": 3},
			{"observedGeneration": 2, "updatedReplicas": 3, "replicas": 3, "availableReplicas": 2},
			{"observedGeneration": 2, "updatedReplicas": 3, "replicas": 3, "availableReplicas": 3},
			{"observedGeneration": 3, "updatedReplicas": 3, "replicas": 3, "availableReplicas": 3,
				"conditions": l{m{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}}},
			{"observedGeneration": 2, "conditions": l{m{"type": "Available", "reason": "ProgressDeadlineExceeded"}}},
		} {
			spec := m{}
			if replicas != nil {
				spec["replicas"] = replicas
			}
			emit("deployment", object("apps/v1", "Deployment", 2, spec, s))
		}
	}
	emit("deployment paused", object("apps/v1", "Deployment", 2, m{"paused": true}, nil))
	emit("deployment bare", object("apps/v1", "Deployment", 0, nil, nil))
	emit("deployment old group", object("extensions/v1beta1", "Deployment", 2, m{"replicas": 1}, nil))
	emit("deployment old version", object("apps/v1beta1", "Deployment", 2, m{"replicas": 1}, nil))
	gone := with(object("apps/v1", "Deployment", 2, m{"replicas": 1}, nil), "deletionTimestamp", "2026-01-02T03:04:05Z")
	emit("deployment deleting", gone)
	blocked := with(with(object("apps/v1", "Deployment", 2, m{"replicas": 1}, nil), "deletionTimestamp",
		"2026-01-02T03:04:05Z"), "finalizers", l{"foregroundDeletion", "acme.io/x"})
	emit("deployment deleting, blocked", blocked)
	hooked := with(with(object("apps/v1", "Deployment", 2, m{"replicas": 1}, nil), "deletionTimestamp",
		"2026-01-02T03:04:05Z"), "finalizers", l{"argocd.argoproj.io/hook-finalizer"})
	emit("deployment deleting, hook finalizer", hooked)
}

func statefulSets(emit func(string, m)) {
	for _, strategy := range []m{
		nil, {"type": "RollingUpdate"}, {"type": "OnDelete"},
		{"type": "RollingUpdate", "rollingUpdate": m{}},
		{"type": "RollingUpdate", "rollingUpdate": m{"partition": 0}},
		{"type": "RollingUpdate", "rollingUpdate": m{"partition": 2}},
	} {
		for _, s := range []m{
			nil, {"observedGeneration": 1}, {"observedGeneration": 2, "readyReplicas": 1},
			{"observedGeneration": 2, "readyReplicas": 3, "updatedReplicas": 1, "currentReplicas": 2,
				"updateRevision": "b", "currentRevision": "a"},
			{"observedGeneration": 2, "readyReplicas": 3, "updatedReplicas": 0, "currentReplicas": 3,
				"updateRevision": "a", "currentRevision": "a"},
		} {
			spec := m{"replicas": 3}
			if strategy != nil {
				spec["updateStrategy"] = strategy
			}
			emit("statefulset", object("apps/v1", "StatefulSet", 2, spec, s))
		}
	}
	emit("statefulset without replicas", object("apps/v1", "StatefulSet", 1, m{}, m{"observedGeneration": 1}))
}

func daemonSets(emit func(string, m)) {
	for _, strategy := range []string{"RollingUpdate", "OnDelete"} {
		for _, s := range []m{
			nil, {"observedGeneration": 1}, {"observedGeneration": 2},
			{"observedGeneration": 2, "desiredNumberScheduled": 4, "updatedNumberScheduled": 1},
			{"observedGeneration": 2, "desiredNumberScheduled": 4, "updatedNumberScheduled": 4, "numberAvailable": 3},
			{"observedGeneration": 2, "desiredNumberScheduled": 4, "updatedNumberScheduled": 4, "numberAvailable": 4},
		} {
			emit("daemonset", object("apps/v1", "DaemonSet", 2, m{"updateStrategy": m{"type": strategy}}, s))
		}
	}
}

func replicaSets(emit func(string, m)) {
	for _, s := range []m{
		nil, {"observedGeneration": 1}, {"observedGeneration": 2}, {"observedGeneration": 2, "availableReplicas": 1},
		{"observedGeneration": 2, "availableReplicas": 2},
		{"observedGeneration": 2, "conditions": l{m{"type": "ReplicaFailure", "status": "True", "message": "quota exceeded"}}},
		{"observedGeneration": 2, "conditions": l{m{"type": "ReplicaFailure", "status": "False", "message": "was"}}},
	} {
		emit("replicaset", object("apps/v1", "ReplicaSet", 2, m{"replicas": 2}, s))
		emit("replicaset without replicas", object("apps/v1", "ReplicaSet", 2, nil, s))
	}
}

func pods(emit func(string, m)) {
	ready := l{m{"type": "Ready", "status": "True"}}
	unready := l{m{"type": "Ready", "status": "False"}}
	statuses := []m{
		nil,
		{"phase": "Pending", "message": "unschedulable"},
		{"phase": "Succeeded", "message": "done"},
		{"phase": "Failed", "message": "evicted"},
		{"phase": "Failed"},
		{"phase": "Failed", "containerStatuses": l{m{"name": "c", "state": m{"terminated": m{"exitCode": 0}}},
			m{"name": "d", "state": m{"terminated": m{"exitCode": 137, "reason": "OOMKilled"}}}}},
		{"phase": "Failed", "containerStatuses": l{m{"name": "c", "state": m{"terminated": m{"exitCode": 3}}}}},
		{"phase": "Failed", "containerStatuses": l{m{"name": "c", "state": m{"terminated": m{"exitCode": 3, "message": "boom"}}}},
			"initContainerStatuses": l{m{"name": "i", "state": m{"terminated": m{"exitCode": 7}}}}},
		{"phase": "Running", "conditions": ready},
		{"phase": "Running", "conditions": unready, "message": "slow"},
		{"phase": "Running", "conditions": unready, "containerStatuses": l{m{"name": "c",
			"lastState": m{"terminated": m{"exitCode": 1}}}}},
		{"phase": "Running", "containerStatuses": l{m{"name": "c", "state": m{"waiting": m{"reason": "CrashLoopBackOff",
			"message": "back-off 5m0s"}}}}},
		{"phase": "Pending", "containerStatuses": l{m{"name": "c", "state": m{"waiting": m{"reason": "ImagePullBackOff",
			"message": "no such image"}}}, m{"name": "d", "state": m{"waiting": m{"reason": "ErrImagePull", "message": "denied"}}}}},
		{"phase": "Pending", "containerStatuses": l{m{"name": "c", "state": m{"waiting": m{"reason": "ContainerCreating"}}}}},
		{"phase": "Pending", "containerStatuses": l{m{"name": "c", "state": m{"waiting": m{"reason": "CreateContainerConfigError"}}}}},
		{"phase": "Pending", "initContainerStatuses": l{m{"name": "c", "state": m{"waiting": m{"reason": "ImagePullBackOff"}}}}},
		{"phase": "Unknown", "message": "node lost"},
	}
	for _, policy := range []string{"Always", "OnFailure", "Never", ""} {
		for _, s := range statuses {
			spec := m{"containers": l{m{"name": "c", "image": "nginx"}}}
			if policy != "" {
				spec["restartPolicy"] = policy
			}
			emit("pod "+policy, object("v1", "Pod", 0, spec, s))
		}
	}
	for _, s := range statuses {
		spec := m{"restartPolicy": "Never"}
		emit("pod ignore-restart-policy", with(object("v1", "Pod", 0, spec, s), "annotations",
			m{"argocd.argoproj.io/ignore-restart-policy": "true"}))
		emit("pod ignore-restart-policy on a hook", with(object("v1", "Pod", 0, spec, s), "annotations",
			m{"argocd.argoproj.io/ignore-restart-policy": "true", "argocd.argoproj.io/hook": "PreSync"}))
	}
}

func jobs(emit func(string, m)) {
	condition := func(kind, status, message string) m {
		return m{"type": kind, "status": status, "message": message}
	}
	for _, conditions := range []l{
		nil, {}, {condition("Failed", "True", "backoff limit")}, {condition("Failed", "False", "not really")},
		{condition("Complete", "True", "")}, {condition("Complete", "True", "ok")},
		{condition("Suspended", "True", "held")}, {condition("Suspended", "False", "resumed")},
		{condition("Suspended", "False", "resumed"), condition("Complete", "True", "ok")},
		{condition("Complete", "True", "ok"), condition("Failed", "True", "late")},
		{condition("SuccessCriteriaMet", "True", "soon")},
	} {
		emit("job", object("batch/v1", "Job", 1, m{}, m{"conditions": conditions}))
	}
	emit("cronjob", object("batch/v1", "CronJob", 1, m{"suspend": true}, nil))
	emit("old job", object("batch/v1beta1", "Job", 1, m{}, nil))
}

func services(emit func(string, m)) {
	for _, kind := range []string{"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"} {
		for _, s := range []m{nil, {"loadBalancer": m{}}, {"loadBalancer": m{"ingress": l{}}},
			{"loadBalancer": m{"ingress": l{m{"ip": "203.0.113.9"}}}}} {
			emit("service", object("v1", "Service", 0, m{"type": kind}, s))
		}
	}
	for _, group := range []string{"networking.k8s.io/v1", "extensions/v1beta1", "networking.k8s.io/v1beta1"} {
		for _, s := range []m{nil, {"loadBalancer": m{"ingress": l{}}}, {"loadBalancer": m{"ingress": l{m{"hostname": "a.example"}}}}} {
			emit("ingress", object(group, "Ingress", 1, m{}, s))
		}
	}
}

func claims(emit func(string, m)) {
	for _, phase := range []string{"Pending", "Bound", "Lost", "Odd", ""} {
		emit("claim", object("v1", "PersistentVolumeClaim", 0, m{}, m{"phase": phase}))
	}
}

func autoscalers(emit func(string, m)) {
	conditions := []l{
		nil, {}, {m{"type": "AbleToScale", "status": "True", "reason": "SucceededGetScale", "message": "able"}},
		{m{"type": "AbleToScale", "status": "True", "reason": "FailedGetScale", "message": "no scale"}},
		{m{"type": "ScalingActive", "status": "False", "reason": "FailedGetResourceMetric", "message": "no metrics"},
			m{"type": "AbleToScale", "status": "True", "reason": "SucceededGetScale", "message": "able"}},
		{m{"type": "ScalingActive", "status": "False", "reason": "InvalidSelector", "message": "no selector"}},
		{m{"type": "ScalingLimited", "status": "True", "reason": "TooFewReplicas", "message": "too few"}},
		{m{"type": "ScalingLimited", "status": "False", "reason": "DesiredWithinRange", "message": "fine"}},
	}
	for _, c := range conditions {
		emit("hpa v2", object("autoscaling/v2", "HorizontalPodAutoscaler", 0, m{}, m{"conditions": c}))
		raw, err := json.Marshal(c)
		check(err)
		emit("hpa v1", with(object("autoscaling/v1", "HorizontalPodAutoscaler", 0, m{}, nil), "annotations",
			m{"autoscaling.alpha.kubernetes.io/conditions": string(raw)}))
	}
	emit("hpa v1 without annotation", object("autoscaling/v1", "HorizontalPodAutoscaler", 0, m{}, nil))
	emit("hpa v1 other annotation", with(object("autoscaling/v1", "HorizontalPodAutoscaler", 0, m{}, nil),
		"annotations", m{"a": "b"}))
	emit("hpa v2beta2", object("autoscaling/v2beta2", "HorizontalPodAutoscaler", 0, m{}, nil))
	emit("hpa v2 bare", object("autoscaling/v2", "HorizontalPodAutoscaler", 0, m{}, nil))
}

func apiServices(emit func(string, m)) {
	for _, version := range []string{"v1", "v1beta1", "v2"} {
		for _, c := range []l{nil, {m{"type": "Available", "status": "True", "reason": "Passed", "message": "all checks passed"}},
			{m{"type": "Available", "status": "False", "reason": "FailedDiscoveryCheck", "message": "no response"}},
			{m{"type": "Other", "status": "True"}}} {
			emit("apiservice", object("apiregistration.k8s.io/"+version, "APIService", 0, m{}, m{"conditions": c}))
		}
	}
}

func workflows(emit func(string, m)) {
	for _, phase := range []string{"", "Pending", "Running", "Succeeded", "Failed", "Error", "Odd"} {
		emit("workflow", object("argoproj.io/v1alpha1", "Workflow", 0, m{}, m{"phase": phase, "message": "said"}))
	}
}

func others(emit func(string, m)) {
	emit("configmap", object("v1", "ConfigMap", 0, nil, nil))
	emit("namespace", object("v1", "Namespace", 0, nil, m{"phase": "Active"}))
	emit("application", object("argoproj.io/v1alpha1", "Application", 0, m{}, m{"health": m{"status": "Degraded"}}))
	emit("configmap deleting", with(object("v1", "ConfigMap", 0, nil, nil), "deletionTimestamp", "2026-01-02T03:04:05Z"))
	emit("claim deleting", with(with(object("v1", "PersistentVolumeClaim", 0, m{}, m{"phase": "Bound"}),
		"deletionTimestamp", "2026-01-02T03:04:05Z"), "finalizers", l{"kubernetes.io/pvc-protection"}))
	emit("wrong type", object("apps/v1", "Deployment", 1, m{"replicas": "three"}, nil))
}
