package main

import (
	"sort"
	_ "unsafe" // for go:linkname

	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync/common"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync/hook"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync/ignore"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync/syncwaves"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

//go:linkname syncPhases github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync.syncPhases
func syncPhases(obj *unstructured.Unstructured) []common.SyncPhase

//go:linkname kindOrder github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync.kindOrder
var kindOrder map[string]int

func kindOrders(out emit) {
	kinds := []string{"", "Widget", "Endpoints", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
		"Certificate", "Application", "namespace", "PriorityClass", "RuntimeClass", "Lease", "Event", "EndpointSlice",
		"VolumeAttachment", "CSIDriver", "PodTemplate", "ControllerRevision", "ServiceMonitor", "Gateway", "HTTPRoute"}
	for kind := range kindOrder {
		kinds = append(kinds, kind)
	}
	sort.Slice(kinds, func(i, j int) bool {
		if d := kindOrder[kinds[i]] - kindOrder[kinds[j]]; d != 0 {
			return d < 0
		}
		return kinds[i] < kinds[j]
	})
	for _, kind := range kinds {
		out(kind, m{"kind": kind}, m{"rank": kindOrder[kind]})
	}
}

type hookFacts struct {
	IsHook         bool                      `json:"isHook"`
	Skip           bool                      `json:"skip"`
	Ignored        bool                      `json:"ignored"`
	Types          []common.HookType         `json:"types"`
	Phases         []common.SyncPhase        `json:"phases"` // sorted by name
	DeletePolicies []common.HookDeletePolicy `json:"deletePolicies"`
	Wave           int                       `json:"wave"`
	HookFinalizer  bool                      `json:"hookFinalizer"`
}

func factsOf(object m) hookFacts {
	u := unstruct(object)
	f := hookFacts{IsHook: hook.IsHook(u), Skip: hook.Skip(u), Ignored: ignore.Ignore(u), Types: []common.HookType{},
		Phases: []common.SyncPhase{}, DeletePolicies: hook.DeletePolicies(u), Wave: syncwaves.Wave(u),
		HookFinalizer: hook.HasHookFinalizer(u)}
	f.Types = append(f.Types, hook.Types(u)...)
	f.Phases = append(f.Phases, syncPhases(u)...)
	sort.Slice(f.Phases, func(i, j int) bool { return f.Phases[i] < f.Phases[j] })
	return f
}

func hooks(out emit) {
	ask := func(id string, annotations m, kind string, finalizers l) {
		metadata := m{"name": "job", "namespace": "shop"}
		if annotations != nil {
			metadata["annotations"] = annotations
		}
		if finalizers != nil {
			metadata["finalizers"] = finalizers
		}
		object := m{"apiVersion": "batch/v1", "kind": kind, "metadata": metadata}
		out(id, object, factsOf(object))
	}
	const argo, helm = "argocd.argoproj.io/hook", "helm.sh/hook"
	ask("no annotations", nil, "Job", nil)
	ask("empty annotations", m{}, "Job", nil)
	argoValues := []string{"PreSync", "Sync", "PostSync", "SyncFail", "Skip", "PreDelete", "PostDelete", "", " ", ",",
		"presync", "PRESYNC", "garbage", "PreSync,PostSync", "PostSync, PreSync", " PreSync ", "PreSync,PreSync",
		"Skip,PreSync", "PreSync,Skip", "Skip,Skip", "Sync,garbage", "garbage,Skip", "PreDelete,PreSync",
		"PostDelete,PostSync,SyncFail", "PreSync;Sync", "PreSync PostSync", "PreSync,Sync,PostSync,SyncFail,Skip"}
	helmValues := []string{"pre-install", "post-install", "pre-upgrade", "post-upgrade", "pre-delete", "post-delete",
		"pre-rollback", "post-rollback", "test", "test-success", "test-failure", "crd-install", "", "garbage",
		"pre-install,pre-upgrade", "pre-install, post-install", "post-install,post-upgrade", "pre-install,garbage",
		"crd-install,pre-install", "test,post-install", "pre-delete,pre-install", "Pre-Install", "pre-install,pre-install"}
	for _, value := range argoValues {
		ask("argo "+value, m{argo: value}, "Job", nil)
	}
	for _, value := range helmValues {
		ask("helm "+value, m{helm: value}, "Job", nil)
		if value == "crd-install" {
			ask("helm crd-install on a CRD", m{helm: value}, "CustomResourceDefinition", nil)
		}
	}
	for _, a := range []string{"PreSync", "Skip", "garbage", "", "PreDelete", "SyncFail", "Skip,PostSync"} {
		for _, h := range []string{"post-install", "pre-install,post-upgrade", "crd-install", "test", "pre-delete", "garbage"} {
			ask("both "+a+" and "+h, m{argo: a, helm: h}, "Job", nil)
		}
	}
	argoPolicies := []string{"", "BeforeHookCreation", "HookSucceeded", "HookFailed", "HookSucceeded,HookFailed",
		" HookSucceeded , BeforeHookCreation ", "hooksucceeded", "garbage", "HookSucceeded,garbage", "HookFailed,HookFailed",
		"Never"}
	helmPolicies := []string{"", "before-hook-creation", "hook-succeeded", "hook-failed", "hook-succeeded,hook-failed",
		"before-hook-creation, hook-succeeded", "garbage", "Hook-Succeeded", "hook-failed,hook-failed"}
	const argoPolicy, helmPolicy = "argocd.argoproj.io/hook-delete-policy", "helm.sh/hook-delete-policy"
	for _, p := range argoPolicies {
		ask("argo policy "+p, m{argo: "PreSync", argoPolicy: p}, "Job", nil)
	}
	for _, p := range helmPolicies {
		ask("helm policy "+p, m{helm: "pre-install", helmPolicy: p}, "Job", nil)
	}
	for _, a := range argoPolicies[1:8] {
		for _, h := range helmPolicies[1:7] {
			ask("policies "+a+" and "+h, m{argo: "Sync", argoPolicy: a, helmPolicy: h}, "Job", nil)
		}
	}
	numbers := []string{"", "0", "1", "-1", "+3", "007", "1.5", "abc", " 2", "2 ", "1e3", "2147483647", "-2147483648",
		"9223372036854775807", "9223372036854775808", "0x10", "1_000"}
	for _, n := range numbers {
		ask("wave "+n, m{"argocd.argoproj.io/sync-wave": n}, "Job", nil)
		ask("weight "+n, m{"helm.sh/hook-weight": n}, "Job", nil)
		ask("wave "+n+" over weight 4", m{"argocd.argoproj.io/sync-wave": n, "helm.sh/hook-weight": "4"}, "Job", nil)
	}
	ask("weight of a hook", m{helm: "pre-install", "helm.sh/hook-weight": "-5"}, "Job", nil)
	ask("finalizer", m{argo: "PreSync"}, "Job", l{"argocd.argoproj.io/hook-finalizer"})
	ask("other finalizer", m{argo: "PreSync"}, "Job", l{"example.com/keep"})
	ask("two finalizers", m{argo: "PreSync"}, "Job", l{"example.com/keep", "argocd.argoproj.io/hook-finalizer"})
}
