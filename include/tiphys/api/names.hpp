#pragma once

#include <string_view>

/// Every name that Argo CD's tools and objects share with us: finalizers, annotations, labels,
/// reserved values. Source: reference/argocd.md section 1 and common/common.go of Argo CD v3.6.1.
namespace tiphys::api {

inline constexpr std::string_view kGroup = "argoproj.io";
inline constexpr std::string_view kApiVersion = "argoproj.io/v1alpha1";
inline constexpr std::string_view kApplicationKind = "Application";
inline constexpr std::string_view kProjectKind = "AppProject";
inline constexpr std::string_view kDefaultProject = "default";
inline constexpr std::string_view kFieldManager = "argocd-controller";
inline constexpr std::string_view kInClusterServer = "https://kubernetes.default.svc";
inline constexpr std::string_view kInClusterName = "in-cluster";

// Finalizers of an Application. The plain one and /foreground propagate foreground.
inline constexpr std::string_view kResourcesFinalizer = "resources-finalizer.argocd.argoproj.io";
inline constexpr std::string_view kResourcesFinalizerForeground =
    "resources-finalizer.argocd.argoproj.io/foreground";
inline constexpr std::string_view kResourcesFinalizerBackground =
    "resources-finalizer.argocd.argoproj.io/background";
inline constexpr std::string_view kPreDeleteFinalizer = "pre-delete-finalizer.argocd.argoproj.io";
inline constexpr std::string_view kPostDeleteFinalizer = "post-delete-finalizer.argocd.argoproj.io";

inline constexpr std::string_view kAnnotationPrefix = "argocd.argoproj.io/";

// On an Application.
inline constexpr std::string_view kRefreshAnnotation = "argocd.argoproj.io/refresh";
inline constexpr std::string_view kRefreshTimestampAnnotation =
    "argocd.argoproj.io/refresh-timestamp";
inline constexpr std::string_view kSkipReconcileAnnotation = "argocd.argoproj.io/skip-reconcile";
inline constexpr std::string_view kDeletionApprovedAnnotation =
    "argocd.argoproj.io/deletion-approved";
inline constexpr std::string_view kTiphysReconcileAnnotation = "tiphys.io/reconcile";
inline constexpr std::string_view kTiphysStateAnnotation = "tiphys.io/state";
inline constexpr std::string_view kMigrationManagerAnnotation =
    "argocd.argoproj.io/client-side-apply-migration-manager";

// On an AppProject: "true" lets its applications' charts look things up (HelmLookup=true).
inline constexpr std::string_view kAllowLookupAnnotation = "tiphys.io/allow-lookup";

// On a managed object.
inline constexpr std::string_view kTrackingIdAnnotation = "argocd.argoproj.io/tracking-id";
inline constexpr std::string_view kInstallationIdAnnotation = "argocd.argoproj.io/installation-id";
inline constexpr std::string_view kSyncOptionsAnnotation = "argocd.argoproj.io/sync-options";
inline constexpr std::string_view kCompareOptionsAnnotation = "argocd.argoproj.io/compare-options";
inline constexpr std::string_view kSyncWaveAnnotation = "argocd.argoproj.io/sync-wave";
inline constexpr std::string_view kHookAnnotation = "argocd.argoproj.io/hook";
inline constexpr std::string_view kHookDeletePolicyAnnotation =
    "argocd.argoproj.io/hook-delete-policy";
inline constexpr std::string_view kIgnoreHealthcheckAnnotation =
    "argocd.argoproj.io/ignore-healthcheck";
inline constexpr std::string_view kHelmHookAnnotation = "helm.sh/hook";
inline constexpr std::string_view kHelmHookWeightAnnotation = "helm.sh/hook-weight";
inline constexpr std::string_view kHelmResourcePolicyAnnotation = "helm.sh/resource-policy";
inline constexpr std::string_view kLastAppliedAnnotation =
    "kubectl.kubernetes.io/last-applied-configuration";

inline constexpr std::string_view kDefaultInstanceLabel = "app.kubernetes.io/instance";
/// Label that makes a Secret of the control namespace a declared connection: "repository",
/// "repo-creds", "cluster".
inline constexpr std::string_view kSecretTypeLabel = "argocd.argoproj.io/secret-type";

}  // namespace tiphys::api
