#include "tiphys/api/support.hpp"

#include <algorithm>
#include <array>

namespace tiphys::api {

namespace {

constexpr Verdict kActed = Verdict::acted_on;
constexpr Verdict kRefused = Verdict::refused;
constexpr Verdict kHarmless = Verdict::harmless;

constexpr std::array kApplicationRows = {
    SupportRow{"apiVersion", kActed, ""},
    SupportRow{"kind", kActed, ""},
    SupportRow{"metadata.*", kActed, ""},
    SupportRow{"spec", kActed, ""},
    SupportRow{"spec.project", kActed, ""},
    SupportRow{"spec.destination.*", kActed, ""},
    SupportRow{"spec.revisionHistoryLimit", kActed, ""},
    SupportRow{"spec.info.*", kHarmless, "text for people"},
    SupportRow{"spec.ignoreDifferences", kActed, ""},
    SupportRow{"spec.ignoreDifferences[]", kActed, ""},
    SupportRow{"spec.ignoreDifferences[].group", kActed, ""},
    SupportRow{"spec.ignoreDifferences[].kind", kActed, ""},
    SupportRow{"spec.ignoreDifferences[].name", kActed, ""},
    SupportRow{"spec.ignoreDifferences[].namespace", kActed, ""},
    SupportRow{"spec.ignoreDifferences[].jsonPointers.*", kActed, ""},
    SupportRow{"spec.ignoreDifferences[].jqPathExpressions.*", kActed, ""},
    SupportRow{"spec.ignoreDifferences[].managedFieldsManagers.*", kActed, ""},
    SupportRow{"spec.sources.*", kRefused, ""},
    SupportRow{"spec.sourceHydrator.*", kRefused, ""},

    SupportRow{"spec.source", kActed, ""},
    SupportRow{"spec.source.repoURL", kActed, ""},
    SupportRow{"spec.source.path", kActed, ""},
    SupportRow{"spec.source.targetRevision", kActed, ""},
    SupportRow{"spec.source.name", kHarmless, "a label of the source in lists"},
    SupportRow{"spec.source.chart", kRefused, ""},
    SupportRow{"spec.source.ref", kRefused, ""},
    SupportRow{"spec.source.tagPrefix", kRefused, ""},
    SupportRow{"spec.source.kustomize.*", kRefused, ""},
    SupportRow{"spec.source.plugin.*", kRefused, ""},
    SupportRow{"spec.source.directory", kActed, ""},
    SupportRow{"spec.source.directory.recurse", kActed, ""},
    SupportRow{"spec.source.directory.include", kActed, ""},
    SupportRow{"spec.source.directory.exclude", kActed, ""},
    SupportRow{"spec.source.directory.disableExtensionFilter", kRefused, ""},
    SupportRow{"spec.source.directory.jsonnet.*", kRefused, ""},
    SupportRow{"spec.source.helm", kActed, ""},
    SupportRow{"spec.source.helm.valueFiles.*", kActed, ""},
    SupportRow{"spec.source.helm.parameters.*", kActed, ""},
    SupportRow{"spec.source.helm.values", kActed, ""},
    SupportRow{"spec.source.helm.valuesObject.*", kActed, ""},
    SupportRow{"spec.source.helm.releaseName", kActed, ""},
    SupportRow{"spec.source.helm.namespace", kActed, ""},
    SupportRow{"spec.source.helm.kubeVersion", kActed, ""},
    SupportRow{"spec.source.helm.apiVersions.*", kActed, ""},
    SupportRow{"spec.source.helm.skipCrds", kActed, ""},
    SupportRow{"spec.source.helm.skipTests", kActed, ""},
    SupportRow{"spec.source.helm.ignoreMissingValueFiles", kActed, ""},
    SupportRow{"spec.source.helm.fileParameters.*", kRefused, ""},
    SupportRow{"spec.source.helm.skipSchemaValidation", kRefused, ""},
    SupportRow{"spec.source.helm.passCredentials", kHarmless,
               "no chart repository is contacted: chart sources are refused"},
    SupportRow{"spec.source.helm.version", kHarmless, "Argo CD ignores it too"},

    SupportRow{"spec.syncPolicy", kActed, ""},
    SupportRow{"spec.syncPolicy.automated.*", kActed, ""},
    SupportRow{"spec.syncPolicy.syncOptions.*", kActed, ""},
    SupportRow{"spec.syncPolicy.retry.*", kActed, ""},
    SupportRow{"spec.syncPolicy.managedNamespaceMetadata.*", kActed, ""},

    SupportRow{"operation", kActed, ""},
    SupportRow{"operation.info.*", kHarmless, "text for people, kept in operationState"},
    SupportRow{"operation.initiatedBy.*", kActed, ""},
    SupportRow{"operation.retry.*", kActed, ""},
    SupportRow{"operation.sync", kActed, ""},
    SupportRow{"operation.sync.revision", kActed, ""},
    SupportRow{"operation.sync.prune", kActed, ""},
    SupportRow{"operation.sync.syncOptions.*", kActed, ""},
    SupportRow{"operation.sync.autoHealAttemptsCount", kActed, ""},
    SupportRow{"operation.sync.syncStrategy", kActed, ""},
    SupportRow{"operation.sync.syncStrategy.apply", kActed, ""},
    SupportRow{"operation.sync.syncStrategy.hook", kActed, ""},
    SupportRow{"operation.sync.syncStrategy.apply.force", kActed, ""},
    SupportRow{"operation.sync.syncStrategy.hook.force", kActed, ""},
    SupportRow{"operation.sync.dryRun", kActed, ""},
    SupportRow{"operation.sync.manifests.*", kRefused, ""},
    SupportRow{"operation.sync.resources.*", kActed, ""},
    SupportRow{"operation.sync.revisions.*", kRefused, ""},
    SupportRow{"operation.sync.source.*", kRefused, "acted on where it equals spec.source"},
    SupportRow{"operation.sync.sources.*", kRefused, ""},

    SupportRow{"status.*", kHarmless, "written by the controller, never a wish"},
};

constexpr std::array kProjectRows = {
    SupportRow{"apiVersion", kActed, ""},
    SupportRow{"kind", kActed, ""},
    SupportRow{"metadata.*", kActed, ""},
    SupportRow{"spec", kActed, ""},
    SupportRow{"spec.sourceRepos.*", kActed, ""},
    SupportRow{"spec.destinations.*", kActed, ""},
    SupportRow{"spec.clusterResourceWhitelist.*", kActed, ""},
    SupportRow{"spec.clusterResourceBlacklist.*", kActed, ""},
    SupportRow{"spec.namespaceResourceWhitelist.*", kActed, ""},
    SupportRow{"spec.namespaceResourceBlacklist.*", kActed, ""},
    SupportRow{"spec.description", kHarmless, "text for people"},
    SupportRow{"spec.roles.*", kHarmless, "permissions of Argo CD's API server, which isn't here"},
    SupportRow{"spec.sourceNamespaces.*", kHarmless,
               "Applications outside the control namespace are ignored"},
    SupportRow{"spec.destinationServiceAccounts.*", kActed, ""},
    SupportRow{"spec.orphanedResources.*", kActed, ""},
    SupportRow{"spec.permitOnlyProjectScopedClusters", kActed, ""},
    SupportRow{"spec.signatureKeys.*", kRefused, ""},
    SupportRow{"spec.sourceIntegrity.*", kRefused, ""},
    SupportRow{"spec.syncWindows.*", kActed, ""},
    SupportRow{"status.*", kHarmless, "tokens that Argo CD's API server has issued"},
};

constexpr std::array kSyncOptionRows = {
    SupportRow{"ApplyOutOfSyncOnly=false", kHarmless, "Argo CD does nothing for it either"},
    SupportRow{"ApplyOutOfSyncOnly=true", kActed, ""},
    SupportRow{"ClientSideApplyMigration=false", kActed, ""},
    SupportRow{"ClientSideApplyMigration=true", kActed, ""},
    SupportRow{"CreateNamespace=false", kActed, ""},
    SupportRow{"CreateNamespace=true", kActed, ""},
    SupportRow{"Delete=confirm", kActed, ""},
    SupportRow{"Delete=false", kActed, ""},
    SupportRow{"Delete=true", kActed, ""},
    SupportRow{"FailOnSharedResource=false", kActed, ""},
    SupportRow{"FailOnSharedResource=true", kActed, ""},
    SupportRow{"Force=false", kActed, ""},
    SupportRow{"Force=true", kActed, ""},
    SupportRow{"HelmLookup=false", kActed, ""},
    SupportRow{"HelmLookup=true", kActed, ""},
    SupportRow{"Prune=confirm", kActed, ""},
    SupportRow{"Prune=false", kActed, ""},
    SupportRow{"Prune=true", kActed, ""},
    SupportRow{"PruneLast=false", kActed, ""},
    SupportRow{"PruneLast=true", kActed, ""},
    SupportRow{"PrunePropagationPolicy=background", kActed, ""},
    SupportRow{"PrunePropagationPolicy=foreground", kActed, ""},
    SupportRow{"PrunePropagationPolicy=orphan", kActed, ""},
    SupportRow{"Replace=false", kHarmless, "Argo CD does nothing for it either"},
    SupportRow{"Replace=true", kActed, ""},
    SupportRow{"RespectIgnoreDifferences=false", kActed, ""},
    SupportRow{"RespectIgnoreDifferences=true", kActed, ""},
    SupportRow{"ServerDryRun=false", kActed, ""},
    SupportRow{"ServerDryRun=true", kActed, ""},
    SupportRow{"ServerSideApply=false", kActed, ""},
    SupportRow{"ServerSideApply=true", kActed, ""},
    SupportRow{"SkipDryRunOnMissingResource=false", kActed, ""},
    SupportRow{"SkipDryRunOnMissingResource=true", kActed, ""},
    SupportRow{"Validate=false", kActed, ""},
    SupportRow{"Validate=true", kActed, ""},
};

// A row "name:entry" speaks for one entry of an annotation that holds a list.
constexpr std::array kAnnotationRows = {
    SupportRow{"argocd.argoproj.io/application-set-refresh", kHarmless, "on ApplicationSets only"},
    SupportRow{"argocd.argoproj.io/auto-label-cluster-info", kHarmless,
               "a label of cluster Secrets, which are only read"},
    SupportRow{"argocd.argoproj.io/client-side-apply-migration-manager", kActed, ""},
    SupportRow{"argocd.argoproj.io/compare-options", kActed, ""},
    SupportRow{"argocd.argoproj.io/compare-options:IgnoreExtraneous", kActed, ""},
    SupportRow{"argocd.argoproj.io/compare-options:IncludeMutationWebhook=false", kActed, ""},
    SupportRow{"argocd.argoproj.io/compare-options:IncludeMutationWebhook=true", kRefused, ""},
    SupportRow{"argocd.argoproj.io/compare-options:ServerSideDiff=false", kHarmless,
               "the server is only asked where a difference was seen"},
    SupportRow{"argocd.argoproj.io/compare-options:ServerSideDiff=true", kHarmless,
               "the server is always asked where a difference was seen"},
    SupportRow{"argocd.argoproj.io/deletion-approved", kActed, ""},
    SupportRow{"argocd.argoproj.io/hook", kActed, ""},
    SupportRow{"argocd.argoproj.io/hook-delete-policy", kActed, ""},
    SupportRow{"argocd.argoproj.io/hook-finalizer", kHarmless, "a finalizer of hook objects"},
    SupportRow{"argocd.argoproj.io/hydrate", kHarmless, "sourceHydrator itself is refused"},
    SupportRow{"argocd.argoproj.io/hydrate-timestamp", kHarmless,
               "sourceHydrator itself is refused"},
    SupportRow{"argocd.argoproj.io/ignore-default-links", kHarmless, "of Argo CD's web pages"},
    SupportRow{"argocd.argoproj.io/ignore-differences", kActed, ""},
    SupportRow{"argocd.argoproj.io/ignore-healthcheck", kActed, ""},
    SupportRow{"argocd.argoproj.io/ignore-resource-updates", kHarmless,
               "saves Argo CD reconciles; it changes no result"},
    SupportRow{"argocd.argoproj.io/ignore-restart-policy", kActed, ""},
    SupportRow{"argocd.argoproj.io/installation-id", kActed, ""},
    SupportRow{"argocd.argoproj.io/kubernetes-version", kHarmless, "a label of cluster Secrets"},
    SupportRow{"argocd.argoproj.io/managed-by-url", kHarmless, "of Argo CD's web pages"},
    SupportRow{"argocd.argoproj.io/manifest-generate-paths", kHarmless,
               "whether a commit touches an application is known from its inputs"},
    SupportRow{"argocd.argoproj.io/refresh", kActed, ""},
    SupportRow{"argocd.argoproj.io/refresh-timestamp", kActed, ""},
    SupportRow{"argocd.argoproj.io/secret-type", kActed, ""},
    SupportRow{"argocd.argoproj.io/skip-reconcile", kActed, ""},
    SupportRow{"argocd.argoproj.io/sync-options", kActed, ""},
    SupportRow{"argocd.argoproj.io/sync-wave", kActed, ""},
    SupportRow{"argocd.argoproj.io/tracking-id", kActed, ""},
};

/// Does a row ending in ".*" speak for the path: the node itself, or below it?
bool covers(std::string_view subject, std::string_view path) {
  if (!subject.ends_with(".*")) return subject == path;
  subject.remove_suffix(2);
  if (!path.starts_with(subject)) return false;
  const std::string_view rest = path.substr(subject.size());
  return rest.empty() || rest[0] == '.' || rest[0] == '[' || rest[0] == '{';
}

const SupportRow* longest(std::span<const SupportRow> rows, std::string_view path) {
  const SupportRow* best = nullptr;
  for (const SupportRow& row : rows)
    if (covers(row.subject, path) && (best == nullptr || row.subject.size() > best->subject.size()))
      best = &row;
  return best;
}

const SupportRow* exact(std::span<const SupportRow> rows, std::string_view subject) {
  const auto found = std::ranges::find(rows, subject, &SupportRow::subject);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

std::span<const SupportRow> application_rows() { return kApplicationRows; }
std::span<const SupportRow> project_rows() { return kProjectRows; }
std::span<const SupportRow> sync_option_rows() { return kSyncOptionRows; }
std::span<const SupportRow> annotation_rows() { return kAnnotationRows; }

const SupportRow* find_application_row(std::string_view path) {
  return longest(kApplicationRows, path);
}
const SupportRow* find_project_row(std::string_view path) { return longest(kProjectRows, path); }
const SupportRow* find_sync_option_row(std::string_view entry) {
  return exact(kSyncOptionRows, entry);
}
const SupportRow* find_annotation_row(std::string_view name) {
  return exact(kAnnotationRows, name);
}

}  // namespace tiphys::api
