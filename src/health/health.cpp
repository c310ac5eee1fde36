#include "tiphys/health/health.hpp"

#include "health/rules.hpp"

#include <algorithm>
#include <array>

namespace tiphys::health {

using value::Value;

namespace {

constexpr std::string_view kHookFinalizer = "argocd.argoproj.io/hook-finalizer";

/// `versions`: "" takes every version; others are an error as Argo CD words it, with `title`.
struct Rule {
  std::string_view group;
  std::string_view kind;
  std::string_view versions;
  std::string_view title;
  HealthStatus (*judge)(const k8s::Object&);
};

constexpr std::array kRules = {
    Rule{"apps", "Deployment", "v1", "Deployment", deployment},
    Rule{"apps", "StatefulSet", "v1", "StatefulSet", stateful_set},
    Rule{"apps", "ReplicaSet", "v1", "ReplicaSet", replica_set},
    Rule{"apps", "DaemonSet", "v1", "DaemonSet", daemon_set},
    Rule{"extensions", "Ingress", "", "Ingress", ingress},
    Rule{"networking.k8s.io", "Ingress", "", "Ingress", ingress},
    Rule{"argoproj.io", "Workflow", "", "Workflow", workflow},
    Rule{"apiregistration.k8s.io", "APIService", "v1,v1beta1", "APIService", api_service},
    Rule{"", "Service", "v1", "Service", service},
    Rule{"", "PersistentVolumeClaim", "v1", "PersistentVolumeClaim", claim},
    Rule{"", "Pod", "v1", "Pod", pod},
    Rule{"batch", "Job", "v1", "Job", job},
    Rule{"autoscaling", "HorizontalPodAutoscaler", "v1,v2", "HPA", autoscaler},
    Rule{"cert-manager.io", "Certificate", "", "", certificate},
    Rule{"cert-manager.io", "CertificateRequest", "", "", certificate_request},
    Rule{"cert-manager.io", "Issuer", "", "", ready},
    Rule{"cert-manager.io", "ClusterIssuer", "", "", ready},
    Rule{"external-secrets.io", "ExternalSecret", "", "", ready},
    Rule{"external-secrets.io", "SecretStore", "", "", ready},
    Rule{"external-secrets.io", "ClusterSecretStore", "", "", ready},
    Rule{"external-secrets.io", "PushSecret", "", "", ready},
    Rule{"bitnami.com", "SealedSecret", "", "", sealed_secret},
    Rule{"postgresql.cnpg.io", "Cluster", "", "", postgres_cluster},
    Rule{"flagger.app", "Canary", "", "", canary},
    Rule{"policy", "PodDisruptionBudget", "", "", disruption_budget},
    Rule{"batch", "CronJob", "", "", cron_job},
    Rule{"argoproj.io", "Application", "", "", application},
    Rule{"argoproj.io", "Rollout", "", "", rollout},
    Rule{"helm.toolkit.fluxcd.io", "HelmRelease", "", "", flux},
    Rule{"kustomize.toolkit.fluxcd.io", "Kustomization", "", "", flux},
    Rule{"source.toolkit.fluxcd.io", "GitRepository", "", "", flux},
    Rule{"source.toolkit.fluxcd.io", "HelmRepository", "", "", flux},
    Rule{"source.toolkit.fluxcd.io", "HelmChart", "", "", flux},
    Rule{"source.toolkit.fluxcd.io", "OCIRepository", "", "", flux},
    Rule{"source.toolkit.fluxcd.io", "Bucket", "", "", flux},
    Rule{"gateway.networking.k8s.io", "HTTPRoute", "", "", route},
    Rule{"gateway.networking.k8s.io", "GRPCRoute", "", "", route},
    Rule{"gateway.networking.k8s.io", "TLSRoute", "", "", tls_route},
    Rule{"gateway.networking.k8s.io", "Gateway", "", "", gateway},
    Rule{"gateway.networking.k8s.io", "GatewayClass", "", "", gateway_class},
};

const Rule* rule_of(std::string_view group, std::string_view kind) {
  const auto* found = std::ranges::find_if(
      kRules, [&](const Rule& rule) { return rule.group == group && rule.kind == kind; });
  return found == kRules.end() ? nullptr : found;
}

bool takes_version(std::string_view versions, std::string_view version) {
  if (versions.empty()) return true;
  while (!versions.empty()) {
    const auto comma = versions.find(',');
    if (versions.substr(0, comma) == version) return true;
    versions = comma == std::string_view::npos ? "" : versions.substr(comma + 1);
  }
  return false;
}

}  // namespace

std::string_view to_string(Code code) {
  constexpr std::array<std::string_view, 6> kNames = {"Healthy", "Suspended", "Progressing",
                                                      "Missing", "Degraded",  "Unknown"};
  return kNames.at(static_cast<std::size_t>(code));
}

std::optional<Code> parse_code(std::string_view text) {
  for (const Code code : {Code::healthy, Code::suspended, Code::progressing, Code::missing,
                          Code::degraded, Code::unknown})
    if (to_string(code) == text) return code;
  return std::nullopt;
}

Code worse(Code a, Code b) { return std::max(a, b); }

const Value& condition(const k8s::Object& object, std::string_view type) {
  static const Value kNone;
  for (const Value& c : object.status()["conditions"].items())
    if (c["type"].text() == type) return c;
  return kNone;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

bool is_hook(const k8s::Object& object) {
  if (const auto hook = object.annotation("argocd.argoproj.io/hook")) return *hook != "Skip";
  const auto helm = object.annotation("helm.sh/hook");
  return helm && *helm != "crd-install";
}

bool is_terminating(const k8s::Object& object) {
  if (object.deletion_timestamp().empty()) return false;
  const std::vector<std::string> finalizers = object.finalizers();
  return std::ranges::find(finalizers, kHookFinalizer) == finalizers.end();
}

std::optional<HealthStatus> pending_deletion(const k8s::Object& object) {
  if (!is_terminating(object)) return std::nullopt;
  const std::vector<std::string> finalizers = object.finalizers();
  if (finalizers.empty()) return HealthStatus{Code::progressing, "Pending deletion"};
  return HealthStatus{Code::progressing, fmt::format("Pending deletion; blocked by finalizers: {}",
                                                     fmt::join(finalizers, ", "))};
}

bool has_rule(const k8s::GroupKind& kind) { return rule_of(kind.group, kind.kind) != nullptr; }

std::optional<HealthStatus> health_of(const k8s::Object& live) {
  const k8s::GroupVersionKind gvk = live.gvk();
  const Rule* rule = rule_of(gvk.group, gvk.kind);
  if (rule == nullptr) return pending_deletion(live);
  if (!takes_version(rule->versions, gvk.version))
    return HealthStatus{Code::unknown, fmt::format("unsupported {} GVK: {}, Kind={}", rule->title,
                                                   gvk.api_version(), gvk.kind)};
  HealthStatus health = rule->judge(live);
  // An object that can't be read stays Unknown, as there.
  if (health.code == Code::unknown && health.message.starts_with("failed to convert"))
    return health;
  if (auto deletion = pending_deletion(live)) return deletion;
  return health;
}

}  // namespace tiphys::health
