package main

import (
	"fmt"

	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/health"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/lua"
)

type healthInput struct {
	Object m `json:"object"`
	// resource.customizations of argocd-cm: key -> health.lua and useOpenLibs.
	Scripts map[string]script `json:"scripts,omitempty"`
}

type script struct {
	Lua      string `json:"health.lua"`
	OpenLibs bool   `json:"health.lua.useOpenLibs,omitempty"`
}

type healthWant struct {
	Status  string `json:"status"` // "" where the kind has no rule
	Message string `json:"message"`
}

func healthOf(in healthInput) healthWant {
	overrides := map[string]v1alpha1.ResourceOverride{}
	for key, s := range in.Scripts {
		overrides[key] = v1alpha1.ResourceOverride{HealthLua: s.Lua, UseOpenLibs: s.OpenLibs}
	}
	status, err := health.GetResourceHealth(unstruct(in.Object), lua.ResourceHealthOverrides(overrides))
	if status == nil {
		if err != nil {
			return healthWant{"Unknown", err.Error()}
		}
		return healthWant{}
	}
	return healthWant{string(status.Status), status.Message}
}

func healths(out emit) {
	ask := func(id string, object m) {
		in := healthInput{Object: object}
		out(id, in, healthOf(in))
	}
	conditionKinds(ask)
	flux(ask)
	gateways(ask)
	rollouts(ask)
	batches(ask)
	deletions(ask)
	custom(out)
}

func resource(apiVersion, kind string, generation int, spec, status any) m {
	o := m{"apiVersion": apiVersion, "kind": kind, "metadata": m{"name": "x", "namespace": "shop", "generation": generation}}
	if spec != nil {
		o["spec"] = spec
	}
	if status != nil {
		o["status"] = status
	}
	return o
}

func cond(kind, status, reason, message string) m {
	out := m{"type": kind, "status": status}
	if reason != "" {
		out["reason"] = reason
	}
	if message != "" {
		out["message"] = message
	}
	return out
}

func conditionKinds(ask func(string, m)) {
	for _, k := range [][2]string{
		{"cert-manager.io/v1", "Certificate"}, {"cert-manager.io/v1", "Issuer"}, {"cert-manager.io/v1", "ClusterIssuer"},
		{"cert-manager.io/v1", "CertificateRequest"}, {"external-secrets.io/v1", "ExternalSecret"}, {"external-secrets.io/v1beta1", "ExternalSecret"},
		{"external-secrets.io/v1", "SecretStore"}, {"external-secrets.io/v1", "ClusterSecretStore"}, {"external-secrets.io/v1alpha1", "PushSecret"},
	} {
		for i, conditions := range []any{
			nil, l{}, l{cond("Ready", "True", "Issued", "up to date")}, l{cond("Ready", "False", "Pending", "not yet")}, l{cond("Ready", "False", "Failed", "broken")},
			l{cond("Ready", "Unknown", "Pending", "who knows")}, l{cond("Ready", "True", "", "")}, l{cond("Other", "False", "No", "no")},
			l{cond("Issuing", "True", "Renewing", "renewing"), cond("Ready", "False", "Expired", "expired")},
			l{cond("Ready", "True", "Issued", "fine"), cond("Issuing", "True", "Renewing", "renewing")},
			l{cond("Issuing", "False", "Failed", "gave up"), cond("Ready", "False", "DoesNotExist", "missing")},
			l{cond("Ready", "False", "A", "first"), cond("Ready", "True", "B", "second")},
			l{cond("Denied", "True", "Denied", "denied"), cond("Ready", "False", "Denied", "also")},
			l{cond("InvalidRequest", "True", "Bad", "bad"), cond("Ready", "True", "Issued", "fine")},
		} {
			status := m{}
			if conditions != nil {
				status["conditions"] = conditions
			}
			ask(fmt.Sprintf("%s %d", k[1], i), resource(k[0], k[1], 1, m{}, status))
		}
		ask(k[1]+" without status", resource(k[0], k[1], 1, m{}, nil))
	}
	for i, status := range []any{
		nil, m{}, m{"observedGeneration": 2}, m{"observedGeneration": 2, "conditions": l{cond("Synced", "True", "", "ok")}},
		m{"observedGeneration": 2, "conditions": l{cond("Synced", "False", "", "no key could decrypt")}}, m{"observedGeneration": 1, "conditions": l{cond("Synced", "True", "", "ok")}},
		m{"conditions": l{cond("Synced", "True", "", "ok")}}, m{"observedGeneration": 2, "conditions": l{cond("Other", "True", "", "ok")}},
		m{"observedGeneration": 2, "conditions": l{cond("Synced", "Unknown", "", "?")}},
	} {
		ask(fmt.Sprintf("SealedSecret %d", i), resource("bitnami.com/v1alpha1", "SealedSecret", 2, m{}, status))
	}
	for _, phase := range []string{"Cluster in healthy state", "Setting up primary", "Creating a new replica", "Upgrading cluster", "Waiting for the instances to become active",
		"Promoting to primary cluster", "Switchover in progress", "Failing over", "Upgrading Postgres major version", "Cluster upgrade delayed", "Waiting for user action",
		"Primary instance is being restarted in-place", "Primary instance is being restarted without a switchover",
		"Cluster cannot execute instance online upgrade due to missing architecture binary", "Online upgrade in progress", "Applying configuration",
		"Unable to create required cluster objects", "Cluster cannot proceed to reconciliation due to an unknown plugin being required",
		"Cluster has incomplete or invalid image catalog", "Cluster is unrecoverable and needs manual intervention", "Something new", ""} {
		ask("Cluster "+phase, resource("postgresql.cnpg.io/v1", "Cluster", 1, m{}, m{"phase": phase, "phaseReason": "because", "conditions": l{cond("Ready", "True", "", "")}}))
	}
	for i, c := range []any{l{}, nil, l{cond("cnpg.io/hibernation", "True", "", "hibernated")}, l{cond("cnpg.io/hibernation", "False", "", "waking up")}} {
		status := m{"phase": "Cluster in healthy state"}
		if c != nil {
			status["conditions"] = c
		}
		ask(fmt.Sprintf("Cluster conditions %d", i), resource("postgresql.cnpg.io/v1", "Cluster", 1, m{}, status))
	}
	ask("Cluster suspended", set(resource("postgresql.cnpg.io/v1", "Cluster", 1, m{}, m{}), "metadata.annotations", m{"cnpg.io/reconciliationLoop": "disabled"}))
	for _, phase := range []string{"Initializing", "Initialized", "Waiting", "Progressing", "Promoting", "Finalising", "Succeeded", "Failed", "Terminating", ""} {
		for _, weight := range []any{0, 20, "0", "50"} {
			ask(fmt.Sprintf("Canary %s %v", phase, weight), resource("flagger.app/v1beta1", "Canary", 1, m{}, m{"phase": phase, "canaryWeight": weight,
				"conditions": l{cond("Promoted", "True", "x", "canary said this")}}))
		}
	}
	ask("Canary two conditions", resource("flagger.app/v1beta1", "Canary", 1, m{}, m{"phase": "Succeeded", "canaryWeight": 0, "conditions": l{cond("A", "True", "", "a"), cond("B", "True", "", "b")}}))
	ask("Canary without conditions", resource("flagger.app/v1beta1", "Canary", 1, m{}, m{"phase": "Succeeded", "canaryWeight": 0, "conditions": l{}}))
	ask("Canary without status", resource("flagger.app/v1beta1", "Canary", 1, m{}, nil))
}

func flux(ask func(string, m)) {
	for _, k := range [][2]string{{"helm.toolkit.fluxcd.io/v2", "HelmRelease"}, {"kustomize.toolkit.fluxcd.io/v1", "Kustomization"}, {"source.toolkit.fluxcd.io/v1", "GitRepository"},
		{"source.toolkit.fluxcd.io/v1", "HelmRepository"}, {"source.toolkit.fluxcd.io/v1", "HelmChart"}, {"source.toolkit.fluxcd.io/v1", "OCIRepository"}, {"source.toolkit.fluxcd.io/v1", "Bucket"}} {
		ready, released, stored := cond("Ready", "True", "Good", ""), cond("Released", "True", "InstallSucceeded", ""), cond("ArtifactInStorage", "True", "Succeeded", "")
		for i, conditions := range []any{nil, l{}, l{ready}, l{ready, released}, l{ready, stored}, l{cond("Ready", "False", "Bad", "")}, l{cond("Ready", "Unknown", "Progressing", "")},
			l{cond("Ready", "Unknown", "Progressing", ""), cond("Reconciling", "True", "Progressing", "")}, l{cond("Reconciling", "True", "Progressing", ""), ready},
			l{ready, released, cond("TestSuccess", "True", "TestSucceeded", "")}, l{ready, cond("TestSuccess", "True", "TestSucceeded", "")},
			l{cond("Ready", "False", "UpgradeFailed", ""), released}, l{ready, cond("Released", "False", "InstallFailed", "")},
			l{ready, cond("ArtifactOutdated", "True", "NewRevision", ""), stored}, l{cond("ArtifactOutdated", "True", "NewRevision", ""), ready},
			l{cond("Ready", "Unknown", "DependencyNotReady", ""), cond("Reconciling", "False", "x", "")}, l{cond("Stalled", "True", "x", "")}} {
			status := m{"observedGeneration": 1}
			if conditions != nil {
				status["conditions"] = conditions
			}
			ask(fmt.Sprintf("%s %d", k[1], i), resource(k[0], k[1], 1, m{}, status))
		}
		ask(k[1]+" suspended", resource(k[0], k[1], 1, m{"suspend": true}, m{"conditions": l{ready}}))
		ask(k[1]+" not suspended", resource(k[0], k[1], 1, m{"suspend": false}, nil))
	}
}

func seen(c m, generation int) m {
	return set(c, "observedGeneration", generation)
}

func gateways(ask func(string, m)) {
	sets := []l{
		{}, {cond("Accepted", "True", "Accepted", "yes"), cond("ResolvedRefs", "True", "ResolvedRefs", "all")}, {cond("Accepted", "False", "NotAllowed", "not allowed")},
		{cond("Accepted", "False", "NotAllowed", "")}, {cond("Accepted", "True", "", ""), cond("ResolvedRefs", "False", "BackendNotFound", "no backend")},
		{cond("Accepted", "True", "", ""), cond("Programmed", "False", "Pending", "soon")}, {cond("Accepted", "True", "", ""), cond("Programmed", "Unknown", "Pending", "")},
		{cond("Accepted", "Unknown", "Pending", "waiting")}, {cond("Accepted", "True", "", ""), cond("Programmed", "True", "", "")},
		{cond("Accepted", "False", "A", "a"), cond("ResolvedRefs", "False", "R", "r")},
	}
	generations := func(set l, generation int) l {
		out := l{}
		for _, c := range set {
			out = append(out, seen(c.(m), generation))
		}
		return out
	}
	const group = "gateway.networking.k8s.io/v1"
	for _, kind := range []string{"HTTPRoute", "GRPCRoute", "TLSRoute"} {
		for i, s := range sets {
			parent := m{"parentRef": m{"name": "gw"}, "controllerName": "example.com/c", "conditions": s}
			ask(fmt.Sprintf("%s %d", kind, i), resource(group, kind, 2, m{}, m{"parents": l{parent}}))
			ask(fmt.Sprintf("%s seen %d", kind, i), resource(group, kind, 2, m{}, m{"parents": l{set(parent, "conditions", generations(s, 2))}}))
			ask(fmt.Sprintf("%s stale %d", kind, i), resource(group, kind, 2, m{}, m{"parents": l{set(parent, "conditions", generations(s, 1))}}))
			ask(fmt.Sprintf("%s second parent %d", kind, i), resource(group, kind, 2, m{}, m{"parents": l{m{"parentRef": m{"name": "ok"}, "conditions": sets[1]}, parent}}))
			ask(fmt.Sprintf("%s second parent stale %d", kind, i), resource(group, kind, 2, m{}, m{"parents": l{set(parent, "conditions", generations(s, 1)), m{"parentRef": m{"name": "ok"}, "conditions": sets[1]}}}))
		}
		ask(kind+" without parents", resource(group, kind, 2, m{}, m{"parents": l{}}))
		ask(kind+" without status", resource(group, kind, 2, m{}, nil))
		ask(kind+" without conditions", resource(group, kind, 2, m{}, m{"parents": l{m{"parentRef": m{"name": "gw"}}}}))
	}
	for i, s := range sets {
		ask(fmt.Sprintf("Gateway %d", i), resource(group, "Gateway", 1, m{}, m{"conditions": s}))
		ask(fmt.Sprintf("Gateway listener %d", i), resource(group, "Gateway", 1, m{}, m{"conditions": sets[1], "listeners": l{m{"name": "http", "conditions": s}}}))
		ask(fmt.Sprintf("Gateway listener only %d", i), resource(group, "Gateway", 1, m{}, m{"listeners": l{m{"name": "http", "conditions": sets[1]}, m{"name": "https", "conditions": s}}}))
		ask(fmt.Sprintf("GatewayClass %d", i), resource(group, "GatewayClass", 1, m{}, m{"conditions": s}))
		ask(fmt.Sprintf("GatewayClass stale %d", i), resource(group, "GatewayClass", 2, m{}, m{"conditions": generations(s, 1)}))
		ask(fmt.Sprintf("GatewayClass seen %d", i), resource(group, "GatewayClass", 2, m{}, m{"conditions": generations(s, 2)}))
	}
	for _, kind := range []string{"Gateway", "GatewayClass"} {
		ask(kind+" without status", resource(group, kind, 1, m{}, nil))
		ask(kind+" without conditions", resource(group, kind, 1, m{}, m{}))
	}
	ask("Gateway without listeners", resource(group, "Gateway", 1, m{}, m{"listeners": l{}}))
}

func rollouts(ask func(string, m)) {
	const group = "argoproj.io/v1alpha1"
	canary, blueGreen := m{"replicas": 3, "strategy": m{"canary": m{}}}, m{"replicas": 3, "strategy": m{"blueGreen": m{}}}
	done := m{"observedGeneration": "2", "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3, "currentPodHash": "abc", "stableRS": "abc", "conditions": l{}}
	with := func(changes ...any) m {
		out := clone(done)
		for i := 0; i < len(changes); i += 2 {
			out = set(out, changes[i].(string), changes[i+1])
		}
		return out
	}
	for _, phase := range []string{"Healthy", "Degraded", "Progressing", "Paused", "Odd", ""} {
		ask("Rollout phase "+phase, resource(group, "Rollout", 2, canary, m{"observedGeneration": "2", "phase": phase, "message": "said so"}))
		ask("Rollout phase silent "+phase, resource(group, "Rollout", 2, canary, m{"observedGeneration": "2", "phase": phase}))
	}
	for i, status := range []m{done, with("observedGeneration", "1"), with("observedGeneration", "3"), with("observedGeneration", "hash"), with("observedGeneration", deleted),
		with("updatedReplicas", 1), with("availableReplicas", 2), with("updatedReplicas", deleted), with("replicas", 4), with("stableRS", "old"), with("stableRS", ""), with("stableRS", deleted),
		with("stableRS", deleted, "canary", m{"stableRS": "abc"}), with("currentPodHash", deleted), with("pauseConditions", l{m{"reason": "CanaryPauseStep"}}), with("pauseConditions", l{}),
		with("conditions", l{cond("InvalidSpec", "True", "Invalid", "spec is wrong")}), with("conditions", l{cond("Progressing", "False", "RolloutAborted", "aborted")}),
		with("conditions", l{cond("Progressing", "False", "ProgressDeadlineExceeded", "too slow")}), with("conditions", l{cond("Progressing", "True", "NewReplicaSetAvailable", "fine")}),
		with("blueGreen", m{"activeSelector": "abc"}), with("blueGreen", m{"activeSelector": "old"}), with("blueGreen", m{"activeSelector": "abc"}, "stableRS", "old")} {
		ask(fmt.Sprintf("Rollout canary %d", i), resource(group, "Rollout", 2, canary, status))
		ask(fmt.Sprintf("Rollout blueGreen %d", i), resource(group, "Rollout", 2, blueGreen, status))
	}
	ask("Rollout paused", resource(group, "Rollout", 2, m{"paused": true, "strategy": m{"canary": m{}}}, done))
	ask("Rollout default replicas", resource(group, "Rollout", 2, m{"strategy": m{"canary": m{}}}, with("updatedReplicas", 1, "replicas", 1, "availableReplicas", 1)))
	ask("Rollout without status", resource(group, "Rollout", 2, canary, nil))
	ref := m{"replicas": 3, "strategy": m{"canary": m{}}, "workloadRef": m{"kind": "Deployment", "name": "d"}}
	for _, pair := range [][2]any{{"3", "3"}, {"3", "2"}, {nil, "2"}, {"3", nil}} {
		r := resource(group, "Rollout", 2, ref, with("phase", "Healthy"))
		if pair[0] != nil {
			r = set(r, "metadata.annotations", m{"rollout.argoproj.io/workload-generation": pair[0]})
		}
		if pair[1] != nil {
			r = set(r, "status.workloadObservedGeneration", pair[1])
		}
		ask(fmt.Sprintf("Rollout workload %v %v", pair[0], pair[1]), r)
	}
}

func batches(ask func(string, m)) {
	for i, status := range []any{nil, m{}, m{"lastScheduleTime": "2026-01-02T03:00:00Z"}, m{"lastScheduleTime": "2026-01-02T03:00:00Z", "lastSuccessfulTime": "2026-01-02T03:01:00Z"},
		m{"lastScheduleTime": "2026-01-02T03:00:00Z", "lastSuccessfulTime": "2026-01-01T03:01:00Z"},
		m{"lastScheduleTime": "2026-01-02T03:00:00Z", "lastSuccessfulTime": "2026-01-01T03:01:00Z", "active": l{m{"name": "j"}}},
		m{"lastScheduleTime": "2026-01-02T03:00:00Z", "active": l{m{"name": "j"}}}, m{"lastSuccessfulTime": "2026-01-01T03:01:00Z"},
		m{"lastScheduleTime": "2026-01-02T03:00:00Z", "lastSuccessfulTime": "2026-01-02T03:00:00Z", "active": l{}}} {
		for _, suspend := range []any{nil, false, true} {
			spec := m{"schedule": "0 3 * * *"}
			if suspend != nil {
				spec["suspend"] = suspend
			}
			ask(fmt.Sprintf("CronJob %d %v", i, suspend), resource("batch/v1", "CronJob", 1, spec, status))
		}
	}
	for i, status := range []any{nil, m{}, m{"conditions": l{}}, m{"conditions": l{cond("DisruptionAllowed", "True", "SufficientPods", "")}},
		m{"conditions": l{cond("DisruptionAllowed", "False", "InsufficientPods", "")}}, m{"conditions": l{cond("DisruptionAllowed", "False", "SyncFailed", "")}},
		m{"conditions": l{cond("DisruptionAllowed", "True", "SufficientPods", ""), cond("Other", "False", "Broken", "")}}, m{"conditions": l{cond("Other", "Unknown", "Who", "")}}} {
		ask(fmt.Sprintf("PodDisruptionBudget %d", i), resource("policy/v1", "PodDisruptionBudget", 1, m{}, status))
	}
	for _, status := range []any{nil, m{}, m{"health": m{}}, m{"health": m{"status": "Degraded", "message": "one is down"}}, m{"health": m{"status": "Healthy"}}} {
		ask("Application", resource("argoproj.io/v1alpha1", "Application", 1, m{}, status))
	}
}

func deletions(ask func(string, m)) {
	for _, object := range []m{resource("v1", "ConfigMap", 0, nil, nil), resource("apps/v1", "Deployment", 1, m{"replicas": 1}, m{"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}),
		resource("cert-manager.io/v1", "Certificate", 1, m{}, m{"conditions": l{cond("Ready", "False", "Failed", "broken")}}), resource("example.com/v1", "Gadget", 1, m{}, nil)} {
		object = set(object, "metadata.deletionTimestamp", "2026-01-02T03:04:05Z")
		for _, finalizers := range []l{nil, {"example.com/keep"}, {"a/b", "foregroundDeletion"}, {"argocd.argoproj.io/hook-finalizer"}, {"a/b", "argocd.argoproj.io/hook-finalizer"}} {
			if finalizers == nil {
				ask(object["kind"].(string)+" deleted", object)
			} else {
				ask(fmt.Sprintf("%s deleted %v", object["kind"], finalizers), set(object, "metadata.finalizers", finalizers))
			}
		}
	}
}

func custom(out emit) {
	gadget := resource("example.com/v1", "Gadget", 3, m{"size": 2, "ratio": 0.5, "list": l{"a", "b"}, "none": nil}, m{"phase": "Ready", "conditions": l{cond("Ready", "False", "Why", "because")}})
	ask := func(id string, object m, scripts map[string]script) {
		in := healthInput{object, scripts}
		out("script "+id, in, healthOf(in))
	}
	one := func(id, text string) { ask(id, gadget, map[string]script{"example.com/Gadget": {Lua: text}}) }
	one("healthy", `return {status="Healthy", message="fine"}`)
	one("no message", `return {status="Degraded"}`)
	one("empty table", `return {}`)
	one("nil", `return nil`)
	one("nothing", `local a = 1`)
	one("string", `return "Healthy"`)
	one("number", `return 3`)
	one("bad status", `return {status="Fine"}`)
	one("empty status", `return {status="", message="x"}`)
	one("lower case", `return {status="healthy"}`)
	one("missing", `return {status="Missing", message="gone"}`)
	one("unknown", `return {status="Unknown", message="?"}`)
	one("fields", `hs = {} if obj.status.phase == "Ready" then hs.status = "Healthy" hs.message = obj.metadata.name .. "/" .. obj.spec.size end return hs`)
	one("half", `return {status="Healthy", message=obj.spec.ratio .. ""}`)
	one("generation", `return {status="Healthy", message="" .. obj.metadata.generation + 1}`)
	one("list", `return {status="Healthy", message=obj.spec.list[1] .. #obj.spec.list}`)
	one("getn", `return {status="Healthy", message="" .. table.getn(obj.spec.list)}`)
	one("concat", `return {status="Healthy", message=table.concat(obj.spec.list, ",")}`)
	one("null field", `if obj.spec.none == nil then return {status="Healthy", message="nil"} end return {status="Degraded"}`)
	one("loop", `for _, c in ipairs(obj.status.conditions) do if c.type == "Ready" and c.status == "False" then return {status="Degraded", message=c.message} end end`)
	one("goto", `for _, c in ipairs(obj.status.conditions) do if c.type ~= "Other" then goto continue end do return {status="Degraded"} end ::continue:: end return {status="Healthy", message="went on"}`)
	one("functions", `function f(x) if x == 0 then return "end" end return f(x - 1) end return {status="Healthy", message=f(20)}`)
	one("tostring", `return {status="Healthy", message=tostring(1.5) .. tostring(2) .. tostring(true) .. tostring(nil)}`)
	one("tonumber", `return {status="Healthy", message="" .. (tonumber("0x10") or "no") .. (tonumber("abc") or "no")}`)
	one("big number", `return {status="Healthy", message=1234567890123 .. ""}`)
	one("string library", `return {status="Healthy", message=string.format("%d", 3)}`)
	one("math library", `return {status="Healthy", message="" .. math.floor(3.5)}`)
	one("io library", `return {status="Healthy", message=io.open("/etc/passwd"):read()}`)
	one("os.execute", `os.execute("true") return {status="Healthy"}`)
	one("require os", `local o = require("os") if o.time() > 0 and o.execute == nil then return {status="Healthy", message="safe"} end`)
	one("pcall", `local ok = pcall(function() error("x") end) return {status="Healthy", message=tostring(ok)}`)
	one("message is a number", `return {status="Healthy", message=3}`)
	one("message is a table", `return {status="Healthy", message={a=1}}`)
	one("list of results", `return {"Healthy"}`)
	one("extra field", `return {status="Healthy", message="m", other=1}`)
	one("deep table", `return {status="Healthy", message="m", more={1, 2, {a=1}}}`)
	ask("open libraries", gadget, map[string]script{"example.com/Gadget": {Lua: `return {status="Healthy", message=string.format("%03d", obj.spec.size) .. math.floor(3.5)}`, OpenLibs: true}})
	ask("string methods", gadget, map[string]script{"example.com/Gadget": {Lua: `return {status="Healthy", message=obj.status.phase:upper() .. ("a,b"):find(",")}`, OpenLibs: true}})
	ask("match", gadget, map[string]script{"example.com/Gadget": {Lua: `return {status="Healthy", message=string.match("v1.2.3", "%d+%.%d+")}`, OpenLibs: true}})
	healthy, degraded := script{Lua: `return {status="Healthy", message="exact"}`}, script{Lua: `return {status="Degraded", message="wildcard"}`}
	ask("wildcard", gadget, map[string]script{"example.com/*": degraded})
	ask("wildcard group", gadget, map[string]script{"*.com/Gadget": degraded})
	ask("wildcard all", gadget, map[string]script{"*/*": degraded})
	ask("wildcard elsewhere", gadget, map[string]script{"*.org/*": degraded})
	ask("exact before wildcard", gadget, map[string]script{"example.com/*": degraded, "example.com/Gadget": healthy})
	ask("other kind", gadget, map[string]script{"example.com/Gizmo": degraded})
	ask("core kind", resource("v1", "ConfigMap", 0, nil, nil), map[string]script{"ConfigMap": healthy})
	ask("core kind by wildcard", resource("v1", "ConfigMap", 0, nil, nil), map[string]script{"*/*": degraded})
	ask("core kind by star", resource("v1", "ConfigMap", 0, nil, nil), map[string]script{"*": degraded})
	ask("over a built-in rule", resource("apps/v1", "Deployment", 2, m{"replicas": 1}, m{"observedGeneration": 1}), map[string]script{"apps/Deployment": healthy})
	ask("nil over a built-in rule", resource("apps/v1", "Deployment", 2, m{"replicas": 1}, m{"observedGeneration": 1}), map[string]script{"apps/Deployment": {Lua: `return nil`}})
	ask("empty over a built-in rule", resource("apps/v1", "Deployment", 2, m{"replicas": 1}, m{"observedGeneration": 1}), map[string]script{"apps/Deployment": {Lua: `return {}`}})
	ask("over a built-in script", resource("cert-manager.io/v1", "Certificate", 1, m{}, nil), map[string]script{"cert-manager.io/Certificate": healthy})
	deleting := set(gadget, "metadata.deletionTimestamp", "2026-01-02T03:04:05Z")
	ask("of what is deleted", deleting, map[string]script{"example.com/Gadget": healthy})
	ask("of what is deleted, with a deletion message", deleting, map[string]script{"example.com/Gadget": {Lua: `return {status="Progressing", message="m", deletionMessage="draining"}`}})
}
