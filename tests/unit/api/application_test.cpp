#include "tiphys/api/application.hpp"

#include "tiphys/value/json.hpp"
#include "tiphys/value/yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tiphys::api {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

base::Result<Application> parse(const std::string& yaml) {
  auto tree = value::parse_yaml(yaml);
  EXPECT_TRUE(tree.ok()) << tree.error().text();
  return parse_application(k8s::Object::trusted(*tree));
}

std::string json(const value::Value& v) { return *value::write_json(v, value::EscapeHtml::no); }

TEST(Application, IsReadWhole) {
  const auto app = parse(R"(
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
  uid: u-1
  resourceVersion: "7"
  finalizers: [resources-finalizer.argocd.argoproj.io/background]
  annotations: {argocd.argoproj.io/refresh: hard}
spec:
  source:
    repoURL: https://git.example/a
    path: chart
    helm:
      valueFiles: [a.yaml]
      parameters: [{name: image.tag, value: "2", forceString: true}]
      valuesObject: {a: 1}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  syncPolicy: {automated: {prune: true}}
operation: {sync: {revision: abc, prune: true}, initiatedBy: {username: me}}
status:
  sync: {status: OutOfSync, revision: abc}
  health: {status: Healthy}
  operationState: {phase: Succeeded, startedAt: "2026-01-02T03:04:05Z", operation: {}}
)");
  ASSERT_TRUE(app.ok()) << app.error().text();
  EXPECT_EQ(app->key.text(), "argocd/web");
  EXPECT_EQ(app->uid, "u-1");
  EXPECT_EQ(app->spec.project, "default");
  EXPECT_EQ(app->spec.revision_history_limit, 10);
  ASSERT_TRUE(app->spec.source && app->spec.source->helm);
  EXPECT_THAT(app->spec.source->helm->value_files, ElementsAre("a.yaml"));
  EXPECT_TRUE(app->spec.source->helm->parameters.at(0).force_string);
  EXPECT_FALSE(app->spec.source->helm->values_object.is_null());
  EXPECT_EQ(app->refresh(), Refresh::hard);
  EXPECT_TRUE(app->cascades());
  EXPECT_EQ(app->deletion_propagation(), Propagation::background);
  ASSERT_TRUE(app->operation && app->operation->sync);
  EXPECT_TRUE(app->operation->sync->prune);
  EXPECT_EQ(app->operation->initiated_by.username, "me");
  EXPECT_EQ(app->status.sync.status, SyncCode::out_of_sync);
  ASSERT_TRUE(app->status.operation_state);
  EXPECT_EQ(app->status.operation_state->phase, OperationPhase::succeeded);
}

struct WrongCase {
  const char* yaml;
  const char* message;
};
class WrongField : public testing::TestWithParam<WrongCase> {};

TEST_P(WrongField, IsNamedWithItsPath) {
  const auto app = parse(std::string("metadata: {name: a}\n") + GetParam().yaml);
  ASSERT_FALSE(app.ok());
  EXPECT_EQ(app.error().code(), base::Code::Invalid);
  EXPECT_EQ(app.error().message(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongField,
    testing::Values(
        WrongCase{"spec: 3", "spec: expected a map, not a number"},
        WrongCase{"spec: {project: [a]}", "spec.project: expected a string, not a list"},
        WrongCase{"spec: {destination: {server: 1}}",
                  "spec.destination.server: expected a string, not a number"},
        WrongCase{"spec: {source: {helm: {parameters: [{name: a}, {value: 2}]}}}",
                  "spec.source.helm.parameters[1].value: expected a string, not a number"},
        WrongCase{"spec: {source: {helm: {valuesObject: 'a: 1'}}}",
                  "spec.source.helm.valuesObject: expected a map, not a string"},
        WrongCase{"spec: {sources: [{repoURL: a}, {path: {}}]}",
                  "spec.sources[1].path: expected a string, not a map"},
        WrongCase{"spec: {revisionHistoryLimit: 'ten'}",
                  "spec.revisionHistoryLimit: expected a whole number, not a string"},
        WrongCase{"operation: {sync: {prune: 'true'}}",
                  "operation.sync.prune: expected a boolean, not a string"},
        WrongCase{"operation: {sync: {resources: [a]}}",
                  "operation.sync.resources[0]: expected a map, not a string"}));

TEST(Application, StatusIsReadLeniently) {
  const auto app = parse(
      "metadata: {name: a}\nstatus: {resources: 3, sync: [], history: [a], operationState: {phase: "
      "Odd}}");
  ASSERT_TRUE(app.ok());
  EXPECT_THAT(app->status.resources, IsEmpty());
  EXPECT_FALSE(app->status.operation_state);
}

TEST(Application, SkipReconcileYieldsToOurs) {
  EXPECT_TRUE(parse("metadata: {annotations: {argocd.argoproj.io/skip-reconcile: 'true'}}")
                  ->skips_reconcile());
  EXPECT_FALSE(parse("metadata: {annotations: {argocd.argoproj.io/skip-reconcile: 'false'}}")
                   ->skips_reconcile());
  EXPECT_FALSE(parse("metadata: {annotations: {argocd.argoproj.io/skip-reconcile: 'true', "
                     "tiphys.io/reconcile: 'true'}}")
                   ->skips_reconcile());
}

TEST(SpecProblems, AreWordedAsArgoCdDoes) {
  EXPECT_THAT(
      spec_problems(*parse("spec: {source: {repoURL: a}, destination: {name: in-cluster}}")),
      ElementsAre("spec.source.repoURL and either spec.source.path or spec.source.chart are "
                  "required"));
  EXPECT_THAT(
      spec_problems(*parse("spec: {source: {repoURL: a, chart: c}, destination: {name: x}}")),
      ElementsAre("spec.source.targetRevision is required if the manifest source is a helm "
                  "chart"));
  EXPECT_THAT(spec_problems(*parse("spec: {source: {repoURL: a, path: p}, destination: {}}")),
              ElementsAre("Destination server missing from app spec"));
  EXPECT_THAT(
      spec_problems(
          *parse("spec: {source: {repoURL: a, path: p}, destination: {name: x, server: there}}")),
      ElementsAre("application destination can't have both name and server defined: x there"));
  EXPECT_THAT(
      spec_problems(*parse("spec: {source: {repoURL: a, path: .}, destination: {server: there}}")),
      IsEmpty());
}

TEST(CanonicalSource, LeavesOutWhatGoWould) {
  const auto source = value::parse_yaml(R"(
repoURL: https://git.example/a
path: ""
targetRevision: HEAD
helm: {valueFiles: [], values: "", skipCrds: false, valuesObject: {a: "", b: false}, parameters: [{name: a, value: ""}]}
kustomize: {}
directory: {recurse: false, jsonnet: {}}
plugin: {env: [{name: A, value: ""}], parameters: [{name: x, string: ""}]}
)");
  EXPECT_EQ(json(canonical_source(*source)),
            R"({"helm":{"parameters":[{"name":"a"}],"valuesObject":{"a":"","b":false}},)"
            R"("plugin":{"env":[{"name":"A","value":""}],"parameters":[{"name":"x","string":""}]},)"
            R"("repoURL":"https://git.example/a","targetRevision":"HEAD"})");
  EXPECT_EQ(json(canonical_source({})), R"({"repoURL":""})");
}

TEST(Source, EqualWhateverEmptyFieldsAreWritten) {
  const auto a = parse_source(*value::parse_yaml("{repoURL: a, path: p, helm: {}}"), "s");
  const auto b = parse_source(*value::parse_yaml("{repoURL: a, path: p, chart: ''}"), "s");
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_TRUE(a->same_as(*b));
}

TEST(Application, ThatCannotBeParsedCanStillBeSkipped) {
  const auto object = k8s::Object::trusted(*value::parse_json(R"({
    "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
    "metadata": {"name": "a", "namespace": "argocd", "uid": "u", "resourceVersion": "7",
                 "annotations": {"argocd.argoproj.io/skip-reconcile": "true",
                                 "argocd.argoproj.io/refresh": "hard", "broken": 1}},
    "spec": {"project": ["not", "text"]},
    "status": {"sync": {"status": "Synced"}}})"));
  EXPECT_FALSE(parse_application(object).ok());
  const auto bare = read_bare_application(object);
  EXPECT_TRUE(bare.skips_reconcile());
  EXPECT_EQ(bare.key, (k8s::NamespacedName{"argocd", "a"}));
  EXPECT_EQ(bare.uid, "u");
  EXPECT_EQ(bare.resource_version, "7");
  EXPECT_EQ(bare.refresh(), Refresh::hard);
  EXPECT_EQ(bare.status.sync.status, SyncCode::synced);
}

}  // namespace
}  // namespace tiphys::api
