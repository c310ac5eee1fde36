package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"sort"
	"strings"
	"time"
	"unsafe"

	enginesync "github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync/common"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync/hook"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync/syncwaves"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/utils/kube"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/utils/kube/kubetest"
	"github.com/go-logr/logr"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
)

// The kinds that the cluster of the vectors serves.
var served = map[string][]metav1.APIResource{
	"v1": {scoped("Namespace", false), scoped("ConfigMap", true), scoped("Secret", true), scoped("Service", true),
		scoped("ServiceAccount", true), scoped("Pod", true), scoped("PersistentVolume", false),
		scoped("PersistentVolumeClaim", true), scoped("ResourceQuota", true), scoped("LimitRange", true)},
	"apps/v1":                         {scoped("Deployment", true), scoped("StatefulSet", true), scoped("DaemonSet", true), scoped("ReplicaSet", true)},
	"batch/v1":                        {scoped("Job", true), scoped("CronJob", true)},
	"networking.k8s.io/v1":            {scoped("Ingress", true), scoped("NetworkPolicy", true), scoped("IngressClass", false)},
	"rbac.authorization.k8s.io/v1":    {scoped("Role", true), scoped("RoleBinding", true), scoped("ClusterRole", false), scoped("ClusterRoleBinding", false)},
	"policy/v1":                       {scoped("PodDisruptionBudget", true)},
	"autoscaling/v2":                  {scoped("HorizontalPodAutoscaler", true)},
	"storage.k8s.io/v1":               {scoped("StorageClass", false)},
	"apiextensions.k8s.io/v1":         {scoped("CustomResourceDefinition", false)},
	"apiregistration.k8s.io/v1":       {scoped("APIService", false)},
	"admissionregistration.k8s.io/v1": {scoped("MutatingWebhookConfiguration", false)},
	"example.com/v1":                  {scoped("Gadget", true), scoped("Zone", false)},
}

func scoped(kind string, namespaced bool) metav1.APIResource {
	return metav1.APIResource{Name: strings.ToLower(kind) + "s", Kind: kind, Namespaced: namespaced,
		Verbs: metav1.Verbs{"get", "list", "create", "patch", "delete"}}
}

func namespaced(gv, kind string) bool {
	for _, r := range served[gv] {
		if r.Kind == kind {
			return r.Namespaced
		}
	}
	return kind != "ClusterWidget"
}

type scopes struct{}

func (scopes) IsNamespaced(gk schema.GroupKind) (bool, error) {
	for gv, list := range served {
		group, _ := schema.ParseGroupVersion(gv)
		for _, r := range list {
			if group.Group == gk.Group && r.Kind == gk.Kind {
				return r.Namespaced, nil
			}
		}
	}
	return false, fmt.Errorf("unknown kind %s", gk)
}

// apiServer answers discovery.
func apiServer() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		gv := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/apis/"), "/api/")
		w.Header().Set("Content-Type", "application/json")
		if list, ok := served[gv]; ok {
			check(json.NewEncoder(w).Encode(metav1.APIResourceList{TypeMeta: metav1.TypeMeta{Kind: "APIResourceList"},
				GroupVersion: gv, APIResources: list}))
			return
		}
		w.WriteHeader(http.StatusNotFound)
		check(json.NewEncoder(w).Encode(metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
			Status: "Failure", Reason: metav1.StatusReasonNotFound, Code: 404, Message: "the server could not find the requested resource"}))
	}))
}

// task has the layout of gitops-engine's syncTask.
type task struct {
	phase          common.SyncPhase
	liveObj        *unstructured.Unstructured
	targetObj      *unstructured.Unstructured
	skipDryRun     bool
	syncStatus     common.ResultCode
	operationState common.OperationPhase
	message        string
	waveOverride   *int
}

//go:linkname getSyncTasks github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync.(*syncContext).getSyncTasks
func getSyncTasks(sc unsafe.Pointer, ctx context.Context) ([]*task, bool)

type taskOptions struct {
	Prune               bool     `json:"prune,omitempty"`
	PruneLast           bool     `json:"pruneLast,omitempty"`
	SkipHooks           bool     `json:"skipHooks,omitempty"`
	CreateNamespace     bool     `json:"createNamespace,omitempty"`
	SkipDryRunOnMissing bool     `json:"skipDryRunOnMissingResource,omitempty"`
	NamespaceExists     bool     `json:"namespaceExists,omitempty"` // of the destination
	OnlyResources       []string `json:"onlyResources,omitempty"`   // kind/name
	DefaultPruneOption  string   `json:"defaultPruneOption,omitempty"`
}

type taskInput struct {
	Namespace string      `json:"namespace"` // of the destination
	Revision  string      `json:"revision"`
	StartedAt int64       `json:"startedAt"`
	Options   taskOptions `json:"options"`
	Targets   []m         `json:"targets"`
	Live      []m         `json:"live"`
}

type taskRow struct {
	Phase      string `json:"phase"`
	Wave       int    `json:"wave"`
	Group      string `json:"group"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace"` // "" for kinds of the cluster
	Name       string `json:"name"`
	Hook       bool   `json:"hook,omitempty"`
	Prune      bool   `json:"prune,omitempty"`
	Live       bool   `json:"live,omitempty"`
	SkipDryRun bool   `json:"skipDryRun,omitempty"`
}

type taskResult struct {
	Valid  bool      `json:"valid"`
	Tasks  []taskRow `json:"tasks"`
	Errors []string  `json:"errors,omitempty"` // sorted
}

func planned(server string, in taskInput) taskResult {
	live := map[kube.ResourceKey]*unstructured.Unstructured{}
	for _, object := range in.Live {
		u := unstruct(object)
		live[kube.GetResourceKey(u)] = u
	}
	var targets []*unstructured.Unstructured
	for _, object := range in.Targets {
		targets = append(targets, unstruct(object))
	}
	reconciled := enginesync.Reconcile(targets, live, in.Namespace, scopes{})
	kubectl := (&kubetest.MockKubectlCmd{}).WithGetResourceFunc(func(_ context.Context, _ *rest.Config, gvk schema.GroupVersionKind, name, _ string) (*unstructured.Unstructured, error) {
		if in.Options.NamespaceExists {
			return unstruct(m{"apiVersion": "v1", "kind": "Namespace", "metadata": m{"name": name}}), nil
		}
		return nil, apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, name)
	})
	options := []enginesync.SyncOpt{
		enginesync.WithLogr(logr.Discard()), enginesync.WithPrune(in.Options.Prune), enginesync.WithPruneLast(in.Options.PruneLast),
		enginesync.WithSkipHooks(in.Options.SkipHooks), enginesync.WithSkipDryRunOnMissingResource(in.Options.SkipDryRunOnMissing),
		enginesync.WithInitialState(common.OperationRunning, "", nil, metav1.NewTime(time.Unix(in.StartedAt, 0))),
	}
	if in.Options.CreateNamespace {
		options = append(options, enginesync.WithNamespaceModifier(func(*unstructured.Unstructured, *unstructured.Unstructured) (bool, error) {
			return true, nil
		}))
	}
	if in.Options.OnlyResources != nil {
		options = append(options, enginesync.WithResourcesFilter(func(key kube.ResourceKey, _, _ *unstructured.Unstructured) bool {
			for _, only := range in.Options.OnlyResources {
				if only == key.Kind+"/"+key.Name {
					return true
				}
			}
			return false
		}))
	}
	config := &rest.Config{Host: server}
	sc, cleanup, err := enginesync.NewSyncContext(in.Revision, reconciled, config, config, kubectl, in.Namespace, options...)
	check(err)
	if cleanup != nil {
		defer cleanup()
	}
	tasks, valid := getSyncTasks(reflect.ValueOf(sc).UnsafePointer(), context.Background())
	out := taskResult{Valid: valid, Tasks: []taskRow{}}
	for _, t := range tasks {
		object := t.targetObj
		if object == nil {
			object = t.liveObj
		}
		wave := syncwaves.Wave(object)
		if t.waveOverride != nil {
			wave = *t.waveOverride
		}
		row := taskRow{Phase: string(t.phase), Wave: wave, Group: object.GroupVersionKind().Group, Kind: object.GetKind(),
			Name: object.GetName(), Hook: hook.IsHook(object), Prune: t.targetObj == nil, Live: t.liveObj != nil, SkipDryRun: t.skipDryRun}
		if namespaced(object.GetAPIVersion(), object.GetKind()) {
			row.Namespace = object.GetNamespace()
		}
		out.Tasks = append(out.Tasks, row)
	}
	_, _, results := sc.GetState()
	for _, r := range results {
		if r.Status == common.ResultCodeSyncFailed {
			out.Errors = append(out.Errors, r.ResourceKey.Kind+"/"+r.ResourceKey.Name+": "+r.Message)
		}
	}
	sort.Strings(out.Errors)
	return out
}

func taskOrders(out emit) {
	server := apiServer()
	defer server.Close()
	unstable := 0
	ask := func(id string, in taskInput) {
		if in.Namespace == "" {
			in.Namespace = "shop"
		}
		in.Revision, in.StartedAt = "0123456789abcdef0123456789abcdef01234567", 1795000000
		if in.Targets == nil {
			in.Targets = []m{}
		}
		if in.Live == nil {
			in.Live = []m{}
		}
		for i := range in.Live {
			in.Live[i] = set(in.Live[i], "metadata.uid", fmt.Sprintf("0b4a2d8e-0000-4000-8000-%012d", i))
		}
		want := planned(server.URL, in)
		// The engine walks a map: an input whose order isn't decided by its rules is no vector.
		for range 60 {
			if !reflect.DeepEqual(want, planned(server.URL, in)) {
				unstable++
				return
			}
		}
		out(id, in, want)
	}
	written(ask)
	drawn(ask)
	fmt.Fprintln(os.Stderr, unstable, "inputs left out: their order is not decided")
}

func thing(apiVersion, kind, namespace, name string, annotations ...string) m {
	metadata := m{"name": name}
	if namespace != "" {
		metadata["namespace"] = namespace
	}
	if len(annotations) > 0 {
		a := m{}
		for i := 0; i < len(annotations); i += 2 {
			a[annotations[i]] = annotations[i+1]
		}
		metadata["annotations"] = a
	}
	return m{"apiVersion": apiVersion, "kind": kind, "metadata": metadata}
}

func definition(group, kind string, annotations ...string) m {
	plural := strings.ToLower(kind) + "s"
	out := thing("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", plural+"."+group, annotations...)
	out["spec"] = m{"group": group, "names": m{"kind": kind, "plural": plural}}
	return out
}

const (
	wave    = "argocd.argoproj.io/sync-wave"
	hookKey = "argocd.argoproj.io/hook"
	optKey  = "argocd.argoproj.io/sync-options"
)

func written(ask func(string, taskInput)) {
	config := func(name string, a ...string) m { return thing("v1", "ConfigMap", "", name, a...) }
	ask("nothing", taskInput{})
	ask("one", taskInput{Targets: []m{config("a")}})
	ask("names", taskInput{Targets: []m{config("b"), config("a"), config("C"), config("a-1"), config("a1"), config("é")}})
	ask("waves", taskInput{Targets: []m{config("a", wave, "2"), config("b", wave, "-1"), config("c"), config("d", wave, "x")}})
	ask("weights are waves", taskInput{Targets: []m{config("a", "helm.sh/hook-weight", "2"), config("b", wave, "1", "helm.sh/hook-weight", "-4"), config("c")}})
	every := []m{}
	for gv, list := range served {
		for _, r := range list {
			every = append(every, thing(gv, r.Kind, "", strings.ToLower(r.Kind)))
		}
	}
	sort.Slice(every, func(i, j int) bool { return every[i]["kind"].(string) < every[j]["kind"].(string) })
	ask("every kind", taskInput{Targets: every})
	ask("phases", taskInput{Targets: []m{config("fail", hookKey, "SyncFail"), config("post", hookKey, "PostSync"),
		config("sync", hookKey, "Sync"), config("pre", hookKey, "PreSync"), config("plain")}})
	ask("a hook of many phases", taskInput{Targets: []m{config("many", hookKey, "SyncFail,PreSync,PostSync,Sync"), config("plain")}})
	ask("hook with generateName", taskInput{Targets: []m{{"apiVersion": "batch/v1", "kind": "Job",
		"metadata": m{"generateName": "migrate-", "annotations": m{hookKey: "PreSync,PostSync"}}}}})
	ask("skip", taskInput{Targets: []m{config("skipped", hookKey, "Skip"), config("both", hookKey, "Skip,PreSync"), config("plain")}})
	ask("helm hooks", taskInput{Targets: []m{config("pre", "helm.sh/hook", "pre-install,pre-upgrade"), config("post", "helm.sh/hook", "post-upgrade"),
		config("test", "helm.sh/hook", "test"), config("rollback", "helm.sh/hook", "pre-rollback"), config("crd", "helm.sh/hook", "crd-install"),
		config("delete", "helm.sh/hook", "pre-delete"), config("plain")}})
	ask("hooks are skipped", taskInput{Options: taskOptions{SkipHooks: true}, Targets: []m{config("pre", hookKey, "PreSync"), config("plain")}})
	ask("live hook", taskInput{Targets: []m{config("plain")}, Live: []m{thing("v1", "ConfigMap", "shop", "old", hookKey, "PreSync"), thing("v1", "ConfigMap", "shop", "gone")}})

	namespace := func(name string, a ...string) m { return thing("v1", "Namespace", "", name, a...) }
	in := func(ns, name string, a ...string) m { return thing("v1", "ConfigMap", ns, name, a...) }
	ask("namespace later than its objects", taskInput{Targets: []m{namespace("x", wave, "5"), in("x", "a", wave, "1"), in("x", "b", wave, "-1"), in("y", "c")}})
	ask("namespace of a hook", taskInput{Targets: []m{namespace("x"), in("x", "pre", hookKey, "PreSync"), in("x", "a")}})
	ask("namespace of a hook in a wave", taskInput{Targets: []m{namespace("x", wave, "3"), in("x", "pre", hookKey, "PreSync", wave, "2"), in("y", "first", hookKey, "PreSync", wave, "1")}})
	ask("namespace that is early enough", taskInput{Targets: []m{namespace("x", wave, "-5"), in("x", "a", wave, "1")}})
	ask("destination namespace as a target", taskInput{Targets: []m{namespace("shop", wave, "4"), config("a", wave, "2"), thing("rbac.authorization.k8s.io/v1", "ClusterRole", "", "role", wave, "1")}})
	ask("two late namespaces", taskInput{Targets: []m{namespace("x", wave, "5"), namespace("y", wave, "4"), in("x", "a"), in("y", "b")}})
	ask("two late namespaces the other way", taskInput{Targets: []m{namespace("y", wave, "5"), namespace("x", wave, "4"), in("x", "a"), in("y", "b")}})
	ask("namespace of another group", taskInput{Targets: []m{thing("example.com/v1", "Gadget", "", "x", wave, "3"), in("x", "a")}})
	widget := func(name string, a ...string) m { return thing("widgets.example.com/v1", "Widget", "", name, a...) }
	crd := func(a ...string) m { return definition("widgets.example.com", "Widget", a...) }
	ask("definition and its object", taskInput{Targets: []m{widget("w"), crd()}})
	ask("late definition", taskInput{Targets: []m{widget("w", wave, "1"), crd(wave, "7"), config("a", wave, "3")}})
	ask("definition needed by a hook", taskInput{Targets: []m{widget("w", hookKey, "PreSync"), crd(), widget("v")}})
	ask("definition needed by two", taskInput{Targets: []m{widget("v", wave, "2"), widget("w", wave, "1"), crd(wave, "3")}})
	ask("object without definition", taskInput{Targets: []m{widget("w"), config("a")}})
	ask("object without definition, SkipDryRunOnMissingResource on it", taskInput{Targets: []m{widget("w", optKey, "SkipDryRunOnMissingResource=true"), config("a")}})
	ask("object without definition, SkipDryRunOnMissingResource on all", taskInput{Options: taskOptions{SkipDryRunOnMissing: true}, Targets: []m{widget("w"), config("a")}})
	ask("definition of another kind", taskInput{Targets: []m{widget("w"), definition("widgets.example.com", "Gidget")}})
	ask("kind that the group version lacks", taskInput{Targets: []m{thing("example.com/v1", "Gizmo", "", "g"), config("a")}})
	ask("late definition and late namespace", taskInput{Targets: []m{thing("widgets.example.com/v1", "Widget", "x", "w", wave, "1"), crd(wave, "6"), namespace("x", wave, "5")}})
	ask("definition without names", taskInput{Targets: []m{thing("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "odd"), config("a")}})

	gone := func(name string, a ...string) m { return thing("v1", "ConfigMap", "shop", name, a...) }
	ask("prunes in one wave", taskInput{Targets: []m{config("a")}, Live: []m{gone("b"), gone("c"), thing("apps/v1", "Deployment", "shop", "d")}})
	ask("prunes in two waves", taskInput{Targets: []m{config("a", wave, "1")}, Live: []m{gone("b", wave, "0"), gone("c", wave, "4")}})
	ask("prunes in three waves", taskInput{Live: []m{gone("a", wave, "0"), gone("b", wave, "1"), gone("c", wave, "5")}})
	ask("prunes in four waves", taskInput{Live: []m{gone("a", wave, "-3"), gone("b", wave, "1"), gone("c", wave, "5"), gone("d", wave, "9")}})
	ask("prunes beside creates", taskInput{Targets: []m{config("new0", wave, "0"), config("new9", wave, "9")}, Live: []m{gone("a", wave, "0"), gone("b", wave, "1"), gone("c", wave, "5")}})
	ask("PruneLast", taskInput{Options: taskOptions{PruneLast: true}, Targets: []m{config("new", wave, "2")}, Live: []m{gone("a", wave, "0"), gone("b", wave, "5")}})
	ask("PruneLast on one", taskInput{Targets: []m{config("new", wave, "2")}, Live: []m{gone("a", wave, "0", optKey, "PruneLast=true"), gone("b", wave, "5")}})
	ask("PruneLast below zero", taskInput{Options: taskOptions{PruneLast: true}, Targets: []m{config("new", wave, "-7")}, Live: []m{gone("a", wave, "-3")}})
	ask("PruneLast and a late hook", taskInput{Options: taskOptions{PruneLast: true}, Targets: []m{config("hook", hookKey, "Sync", wave, "6"), config("post", hookKey, "PostSync", wave, "9")}, Live: []m{gone("a")}})
	ask("prune of a namespace", taskInput{Live: []m{namespace("x"), gone("b"), in("x", "c")}})
	ask("prune of a definition", taskInput{Live: []m{crd(), thing("example.com/v1", "Gadget", "shop", "g")}})
	ask("live and target", taskInput{Targets: []m{config("a"), in("x", "b")}, Live: []m{gone("a"), in("x", "b")}})
	ask("live of another namespace", taskInput{Targets: []m{config("a")}, Live: []m{in("x", "a")}})
	ask("only some", taskInput{Options: taskOptions{OnlyResources: []string{"ConfigMap/a", "ConfigMap/gone"}}, Targets: []m{config("a"), config("b"), config("pre", hookKey, "PreSync")}, Live: []m{gone("gone"), gone("kept")}})
	for _, exists := range []bool{false, true} {
		ask(fmt.Sprintf("CreateNamespace exists=%v", exists), taskInput{Options: taskOptions{CreateNamespace: true, NamespaceExists: exists}, Targets: []m{config("a"), config("pre", hookKey, "PreSync", wave, "-4")}})
		ask(fmt.Sprintf("CreateNamespace with the namespace in git exists=%v", exists), taskInput{Options: taskOptions{CreateNamespace: true, NamespaceExists: exists}, Targets: []m{config("a"), namespace("shop", wave, "2")}})
		ask(fmt.Sprintf("CreateNamespace with another namespace exists=%v", exists), taskInput{Options: taskOptions{CreateNamespace: true, NamespaceExists: exists}, Targets: []m{in("x", "a"), namespace("x", wave, "2")}})
	}
}

// drawn asks applications that a fixed seed makes up.
func drawn(ask func(string, taskInput)) {
	random := rand.New(rand.NewPCG(7, 2026))
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	var kinds [][2]string
	for gv, list := range served {
		for _, r := range list {
			if r.Kind != "Namespace" && r.Kind != "CustomResourceDefinition" {
				kinds = append(kinds, [2]string{gv, r.Kind})
			}
		}
	}
	sort.Slice(kinds, func(i, j int) bool { return kinds[i][0]+kinds[i][1] < kinds[j][0]+kinds[j][1] })
	for n := range 240 {
		in := taskInput{Options: taskOptions{PruneLast: random.IntN(5) == 0, SkipHooks: random.IntN(8) == 0,
			CreateNamespace: random.IntN(4) == 0, NamespaceExists: random.IntN(2) == 0}}
		names := map[string]bool{}
		object := func(prune bool) m {
			kind := kinds[random.IntN(len(kinds))]
			if random.IntN(6) == 0 {
				kind = [2]string{"widgets.example.com/v1", "Widget"}
			}
			name := pick([]string{"api", "db", "web", "queue"}) + fmt.Sprint(random.IntN(1000))
			for names[name] {
				name += "x"
			}
			names[name] = true
			ns := ""
			if namespaced(kind[0], kind[1]) {
				ns = pick([]string{"", "", "x", "y"})
				if prune && ns == "" {
					ns = "shop"
				}
			}
			var annotations []string
			if random.IntN(2) == 0 {
				annotations = append(annotations, wave, fmt.Sprint(random.IntN(7)-3))
			}
			if !prune && random.IntN(5) == 0 {
				annotations = append(annotations, hookKey, pick([]string{"PreSync", "Sync", "PostSync", "SyncFail", "PreSync,PostSync"}))
			}
			if prune && random.IntN(6) == 0 {
				annotations = append(annotations, optKey, "PruneLast=true")
			}
			return thing(kind[0], kind[1], ns, name, annotations...)
		}
		for range 3 + random.IntN(12) {
			in.Targets = append(in.Targets, object(false))
		}
		for range random.IntN(6) {
			gone := object(true)
			if gone["kind"] != "Widget" {
				in.Live = append(in.Live, gone)
			}
		}
		for _, name := range []string{"x", "y", "shop"} {
			if random.IntN(2) == 0 {
				in.Targets = append(in.Targets, thing("v1", "Namespace", "", name, wave, fmt.Sprint(random.IntN(7)-3)))
			}
		}
		if random.IntN(8) != 0 {
			in.Targets = append(in.Targets, definition("widgets.example.com", "Widget", wave, fmt.Sprint(random.IntN(7)-3)))
		}
		ask(fmt.Sprintf("drawn %d", n), in)
	}
}
