#include "tiphys/api/support.hpp"

#include "tiphys/value/yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

namespace tiphys::api {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

k8s::Object object(const std::string& yaml) {
  auto tree = value::parse_yaml(yaml);
  EXPECT_TRUE(tree.ok()) << tree.error().text() << "\n" << yaml;
  return k8s::Object::trusted(*tree);
}

k8s::Object app_with(const std::string& more) {
  return object("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\n" +
                more);
}

std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file(TIPHYS_SOURCE_DIR "/tests/vectors/crds/" + name);
  EXPECT_TRUE(file.is_open()) << name;
  std::vector<std::string> out;
  for (std::string line; std::getline(file, line);) out.push_back(line.substr(0, line.find(' ')));
  return out;
}

// The lists are recorded from Argo CD by tests/oracle/argocd.
TEST(SupportTable, HasARowForEveryPathOfTheApplication) {
  const auto paths = lines_of("application.txt");
  EXPECT_GT(paths.size(), 1600U);
  for (const std::string& path : paths) EXPECT_NE(find_application_row(path), nullptr) << path;
}

TEST(SupportTable, HasARowForEveryPathOfTheProject) {
  const auto paths = lines_of("appproject.txt");
  EXPECT_GT(paths.size(), 80U);
  for (const std::string& path : paths) EXPECT_NE(find_project_row(path), nullptr) << path;
}

TEST(SupportTable, HasARowForEverySyncOptionAndAnnotation) {
  for (const std::string& entry : lines_of("syncoptions.txt"))
    EXPECT_NE(find_sync_option_row(entry), nullptr) << entry;
  for (const std::string& name : lines_of("annotations.txt"))
    EXPECT_NE(find_annotation_row(name), nullptr) << name;
}

TEST(SupportTable, EveryHarmlessRowSaysWhyAndNoRowIsThereTwice) {
  for (const auto rows :
       {application_rows(), project_rows(), sync_option_rows(), annotation_rows()}) {
    std::set<std::string_view> seen;
    for (const SupportRow& row : rows) {
      EXPECT_TRUE(seen.insert(row.subject).second) << row.subject;
      if (row.verdict == Verdict::harmless) EXPECT_FALSE(row.reason.empty()) << row.subject;
    }
  }
}

TEST(SupportTable, EveryRowNamesSomethingThatExists) {
  const auto paths = lines_of("application.txt");
  const std::set<std::string> all(paths.begin(), paths.end());
  for (const SupportRow& row : application_rows()) {
    std::string subject(row.subject);
    if (subject.ends_with(".*")) subject.resize(subject.size() - 2);
    EXPECT_TRUE(all.contains(subject)) << subject;
  }
}

TEST(RefusedFields, AnApplicationOfSupportedFieldsIsFine) {
  EXPECT_THAT(refused_fields(app_with(R"(
spec:
  project: default
  source:
    repoURL: https://git.example/a
    path: chart
    targetRevision: main
    helm: {values: "a: 1", valuesObject: {jsonnet: {x: 1}}, parameters: [{name: a, value: b}]}
    directory: {recurse: true, jsonnet: {}}
    kustomize: {}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  syncPolicy:
    automated: {prune: true, selfHeal: true}
    syncOptions:
    - CreateNamespace=true
    - Replace=true
    - Force=true
    - ServerSideApply=false
    - Validate=false
    - ClientSideApplyMigration=false
    - ServerDryRun=false
  info: [{name: a, value: b}]
operation: {sync: {syncStrategy: {apply: {force: true}, hook: {force: true}}}}
status: {sync: {status: Synced}, history: [{id: 1}]}
)")),
              IsEmpty());
}

struct RefusedCase {
  const char* yaml;
  const char* message;
};

class RefusedField : public testing::TestWithParam<RefusedCase> {};

TEST_P(RefusedField, IsNamed) {
  EXPECT_THAT(refused_fields(app_with(GetParam().yaml)), ElementsAre(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedField,
    testing::Values(
        RefusedCase{"spec: {sources: [{repoURL: a}]}", "not supported: spec.sources"},
        RefusedCase{"spec: {sourceHydrator: {syncSource: {path: a}}}",
                    "not supported: spec.sourceHydrator"},
        RefusedCase{"spec: {source: {chart: redis}}", "not supported: spec.source.chart"},
        RefusedCase{"spec: {source: {kustomize: {namePrefix: a}}}",
                    "not supported: spec.source.kustomize"},
        RefusedCase{"spec: {source: {plugin: {name: a}}}", "not supported: spec.source.plugin"},
        RefusedCase{"spec: {source: {directory: {jsonnet: {libs: [a]}}}}",
                    "not supported: spec.source.directory.jsonnet"},
        RefusedCase{"spec: {source: {repoURL: 'git@git.example:a/b'}}",
                    "not supported: spec.source.repoURL with ssh"},
        RefusedCase{"spec: {source: {repoURL: 'ssh://git.example/a'}}",
                    "not supported: spec.source.repoURL with ssh"},
        RefusedCase{"spec: {source: {repoURL: 'oci://git.example/a'}}",
                    "not supported: spec.source.repoURL with oci"},
        RefusedCase{"spec: {syncPolicy: {syncOptions: [Replace=true, Replace=maybe]}}",
                    "not supported: spec.syncPolicy.syncOptions Replace=maybe"},
        RefusedCase{"spec: {syncPolicy: {syncOptions: [SyncTimeout=1h, WaveTimeout=soon]}}",
                    "not supported: spec.syncPolicy.syncOptions WaveTimeout=soon"},
        RefusedCase{"spec: {syncPolicy: {syncOptions: [Unheard=of]}}",
                    "not supported: spec.syncPolicy.syncOptions Unheard=of"},
        RefusedCase{"spec: {brandNew: {a: 1}}", "not supported: spec.brandNew"},
        RefusedCase{"operation: {sync: {manifests: [a]}}",
                    "not supported: operation.sync.manifests"}));

TEST(RefusedFields, AnAutomatedOperationMayCarryItsOwnSourceAndDefaultRetry) {
  EXPECT_THAT(refused_fields(app_with(R"(
spec: {source: {repoURL: https://git.example/a, path: x, helm: {}}}
operation:
  initiatedBy: {automated: true}
  retry: {limit: 5}
  sync: {revision: abc, source: {repoURL: https://git.example/a, path: x}}
)")),
              IsEmpty());
  EXPECT_THAT(refused_fields(app_with(R"(
spec: {source: {repoURL: https://git.example/a, path: x}}
operation: {sync: {source: {repoURL: https://git.example/a, path: y}}}
)")),
              ElementsAre("not supported: operation.sync.source"));
}

TEST(RefusedProject, WindowsAndKeysAreNamed) {
  const auto project = object(R"(
kind: AppProject
metadata: {name: p}
spec:
  sourceRepos: ["*"]
  roles: [{name: ci, policies: [x]}]
  syncWindows: [{kind: allow}]
  orphanedResources: {warn: true, ignore: [{kind: Secret}]}
  permitOnlyProjectScopedClusters: true
  signatureKeys: [{keyID: A}]
  destinationServiceAccounts: [{server: a}]
)");
  EXPECT_THAT(refused_project_fields(project), ElementsAre("not supported: spec.signatureKeys"));
}

k8s::Object job(const std::string& annotations) {
  return object("{apiVersion: batch/v1, kind: Job, metadata: {name: j, annotations: {" +
                annotations + "}}}");
}

TEST(RefusedInObject, HooksAndWaves) {
  EXPECT_THAT(refused_in_object(job("argocd.argoproj.io/hook: 'PreSync,PostSync'")), IsEmpty());
  EXPECT_THAT(refused_in_object(job("helm.sh/hook: 'pre-install,post-upgrade'")), IsEmpty());
  EXPECT_THAT(refused_in_object(job("argocd.argoproj.io/sync-wave: '-1'")), IsEmpty());
  EXPECT_THAT(refused_in_object(job("argocd.argoproj.io/hook: 'PostSync,PreDelete'")),
              ElementsAre("not supported: argocd.argoproj.io/hook PreDelete (Job/j)"));
  EXPECT_THAT(refused_in_object(job("helm.sh/hook: 'pre-install,post-delete'")),
              ElementsAre("not supported: helm.sh/hook post-delete (Job/j)"));
  EXPECT_THAT(refused_in_object(job("argocd.argoproj.io/sync-wave: '0', helm.sh/hook-weight: '3'")),
              IsEmpty());
  EXPECT_THAT(refused_in_object(job("argocd.argoproj.io/sync-options: 'Prune=false, Force=true'")),
              IsEmpty());
  EXPECT_THAT(refused_in_object(job("argocd.argoproj.io/sync-options: 'Force=true, Force=so'")),
              ElementsAre("not supported: argocd.argoproj.io/sync-options Force=so (Job/j)"));
  EXPECT_THAT(refused_in_object(job("argocd.argoproj.io/compare-options: IgnoreExtraneous")),
              IsEmpty());
  EXPECT_THAT(refused_in_object(job("argocd.argoproj.io/ignore-differences: x")), IsEmpty());
}

TEST(HelmTest, OnlyTestHooksAreLeftOut) {
  EXPECT_TRUE(is_helm_test(job("helm.sh/hook: test-success")));
  EXPECT_TRUE(is_helm_test(job("helm.sh/hook: 'test, test-failure'")));
  EXPECT_FALSE(is_helm_test(job("helm.sh/hook: 'test,pre-install'")));
  EXPECT_FALSE(is_helm_test(job("helm.sh/hook: test, argocd.argoproj.io/hook: Sync")));
  EXPECT_FALSE(is_helm_test(job("a: b")));
  EXPECT_THAT(refused_in_object(job("helm.sh/hook: test, helm.sh/hook-weight: '7'")), IsEmpty());
}

}  // namespace
}  // namespace tiphys::api
