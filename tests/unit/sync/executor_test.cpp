#include "tiphys/sync/executor.hpp"

#include "unit/kube/scripted_api.hpp"

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

namespace tiphys::sync {
namespace {

using kube::testing::json;
using kube::testing::ScriptedApi;
using kube::testing::status;
using Lines = std::vector<std::string>;

const char* const kSurface = R"({"kind":"APIGroupDiscoveryList","items":[{"metadata":{},"versions":[
  {"version":"v1","freshness":"Current","resources":[
    {"resource":"configmaps","responseKind":{"version":"v1","kind":"ConfigMap"},
     "scope":"Namespaced","verbs":["get","patch"]},
    {"resource":"namespaces","responseKind":{"version":"v1","kind":"Namespace"},
     "scope":"Cluster","verbs":["get","patch"]}]}]}]})";

class ExecutorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    api_.then(json(200, kSurface));
    api_.then(json(200, R"({"kind":"APIGroupDiscoveryList","items":[]})"));
    api_.then(json(200, R"({"major":"1","minor":"36","gitVersion":"v1.36.3"})"));
    const auto done = discovery_.refresh(base::Deadline::after(clock_, std::chrono::seconds(20)));
    ASSERT_TRUE(done.ok()) << done.error().text();
    before_ = api_.requests().size();
  }

  static std::string config_map(const std::string& metadata) {
    return R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"n")" +
           metadata + R"(},"data":{"a":"1"}})";
  }
  static std::string live_text(const std::string& uid = "u1") {
    return config_map(R"(,"uid":")" + uid + R"(","resourceVersion":"5")");
  }
  static plan::Task task(bool exists, const std::string& options = "") {
    plan::Task task{.action = plan::Action::apply,
                    .phase = plan::Phase::sync,
                    .key = {"", "ConfigMap", "n", "c"},
                    .version = "v1"};
    task.target = k8s::Object::trusted(*value::parse_json(config_map("")));
    if (!options.empty()) task.target->set_annotation("argocd.argoproj.io/sync-options", options);
    if (exists) task.live = plan::LiveRef{.uid = "u1", .resource_version = "5"};
    return task;
  }
  Outcome run(plan::Task task, const WriteOptions& how = {}) {
    auto report = executor_.run({.tasks = {std::move(task)}}, how);
    return std::move(report.outcomes.front());
  }
  /// Method and query of each request after the discovery.
  Lines calls() const {
    Lines lines;
    const auto requests = api_.requests();
    for (std::size_t i = before_; i < requests.size(); ++i) {
      const auto& request = requests[i];
      lines.push_back(request.method + (request.query.empty() ? "" : " " + request.query));
    }
    return lines;
  }

  base::SystemClock clock_;
  net::IoRuntime io_;
  net::HttpClient http_{io_, clock_};
  ScriptedApi api_{io_};
  std::unique_ptr<kube::Client> client_ = kube::testing::client_of(api_, http_, io_, clock_);
  kube::Discovery discovery_{*client_};
  Executor executor_{*client_, discovery_, clock_, [](const k8s::ObjectKey&) { return false; }, {}};
  std::size_t before_ = 0;
};

TEST_F(ExecutorTest, AppliesOnTheServerUnlessToldOtherwise) {
  api_.then(json(200, live_text()));
  const auto outcome = run(task(true));
  EXPECT_EQ(outcome.row.message, "configmap/c serverside-applied");
  EXPECT_EQ(calls(), Lines{"PATCH fieldManager=argocd-controller&force=true"});
}

TEST_F(ExecutorTest, ValidateFalseAsksForNoFieldValidation) {
  api_.then(json(200, live_text()));
  EXPECT_FALSE(run(task(true, "Validate=false")).error);
  EXPECT_EQ(calls(),
            Lines{"PATCH fieldManager=argocd-controller&fieldValidation=Ignore&force=true"});
}

TEST_F(ExecutorTest, ClientSideApplyPatchesWhatItReadAndTriesAgainAfterAConflict) {
  api_.then(json(200, live_text()));
  api_.then(status(409, "Conflict", "the object has been modified"));
  api_.then(json(200, live_text()));
  api_.then(json(200, live_text()));
  const auto outcome = run(task(true, "ServerSideApply=false"));
  EXPECT_EQ(outcome.row.message, "configmap/c configured");
  const std::string strict = "PATCH fieldManager=argocd-controller&fieldValidation=Strict";
  EXPECT_EQ(calls(), (Lines{"GET", strict, "GET", strict}));
}

TEST_F(ExecutorTest, ClientSideApplyLeavesAnotherObjectAlone) {
  api_.then(json(200, live_text("u2")));
  WriteOptions how;
  how.options = api::parse_sync_options({"ServerSideApply=false"});
  const auto outcome = run(task(true), how);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code(), base::Code::Conflict);
  EXPECT_EQ(calls(), Lines{"GET"});
}

TEST_F(ExecutorTest, AnObjectsOwnServerSideApplyWinsOverTheApplications) {
  api_.then(json(200, live_text()));
  WriteOptions how;
  how.options = api::parse_sync_options({"ServerSideApply=false"});
  EXPECT_EQ(run(task(true, "ServerSideApply=true"), how).row.message,
            "configmap/c serverside-applied");
}

TEST_F(ExecutorTest, DuplicateEntriesAreAppliedOnTheClientWithAWarning) {
  api_.then(status(500, "InternalError", "failed: duplicate entries for key [name=A]"));
  api_.then(json(200, live_text()));
  api_.then(json(200, live_text()));
  const auto outcome = run(task(true));
  EXPECT_FALSE(outcome.error);
  EXPECT_TRUE(outcome.row.message.starts_with("configmap/c configured (applied client-side, since"))
      << outcome.row.message;
}

TEST_F(ExecutorTest, ReplacePutsTheVersionThatWasRead) {
  api_.then(json(200, live_text()));
  api_.then([](const net::ServerRequest& request) {
    const auto body = value::parse_json(request.body);
    const auto metadata = (*body)["metadata"];
    const bool right = metadata["uid"].text() == "u1" && metadata["resourceVersion"].text() == "5";
    return right ? json(200, request.body) : status(422, "Invalid", "not conditional");
  });
  EXPECT_EQ(run(task(true, "Replace=true")).row.message, "configmap/c replaced");
}

TEST_F(ExecutorTest, ReplaceCreatesWhatIsNotThere) {
  api_.then(json(201, live_text()));
  EXPECT_EQ(run(task(false, "Replace=true")).row.message, "configmap/c created");
  EXPECT_EQ(calls(), Lines{"POST fieldManager=argocd-controller&fieldValidation=Strict"});
}

TEST_F(ExecutorTest, ForceMakesAnewWhatCannotBeChanged) {
  api_.then(status(422, "Invalid", "data: field is immutable"));
  api_.then(status(409, "AlreadyExists", "it exists"));
  api_.then(json(200, R"({"kind":"Status","status":"Success"})"));
  api_.then(json(200, live_text()));
  api_.then(status(404, "NotFound", "gone"));
  api_.then(json(201, live_text("u2")));
  const auto outcome = run(task(true, "Force=true"));
  ASSERT_FALSE(outcome.error) << outcome.error->text();
  EXPECT_EQ(outcome.row.message, "configmap/c replaced");
  EXPECT_EQ(outcome.written->uid, "u2");
  EXPECT_EQ(calls(), (Lines{"PATCH fieldManager=argocd-controller&force=true",
                            "POST fieldManager=argocd-controller&dryRun=All", "DELETE", "GET",
                            "GET", "PATCH fieldManager=argocd-controller&force=true"}));
}

TEST_F(ExecutorTest, ForceDeletesNothingForAnObjectThatIsWrong) {
  api_.then(status(422, "Invalid", "data: is wrong"));
  api_.then(status(422, "Invalid", "data: is wrong"));
  EXPECT_TRUE(run(task(true, "Force=true")).error);
  EXPECT_EQ(calls().size(), 2U);
}

TEST_F(ExecutorTest, WithoutForceTheRefusalStands) {
  api_.then(status(422, "Invalid", "data: field is immutable"));
  const auto outcome = run(task(true));
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.row.status, "SyncFailed");
  EXPECT_EQ(calls().size(), 1U);
}

TEST_F(ExecutorTest, AnUnknownFieldThatNobodyValidatesIsAppliedOnTheClient) {
  const std::string refusal =
      "failed to create typed patch object: .x: field not declared in schema";
  api_.then(status(500, "InternalError", refusal));
  api_.then(json(201, live_text()));
  EXPECT_TRUE(run(task(false, "Validate=false")).row.message.starts_with("configmap/c created ("));
  api_.then(status(500, "InternalError", refusal));
  EXPECT_TRUE(run(task(false)).error);
  EXPECT_EQ(calls(),
            (Lines{"PATCH fieldManager=argocd-controller&fieldValidation=Ignore&force=true",
                   "POST fieldManager=argocd-controller&fieldValidation=Ignore",
                   "PATCH fieldManager=argocd-controller&force=true"}));
}

TEST_F(ExecutorTest, ADryRunKeepsNothing) {
  api_.then(json(200, live_text()));
  const auto outcome = run(task(true), {.dry_run = true});
  EXPECT_EQ(outcome.row.message, "configmap/c serverside-applied (dry run)");
  EXPECT_FALSE(outcome.written);
  EXPECT_EQ(calls(), Lines{"PATCH fieldManager=argocd-controller&dryRun=All&force=true"});
}

plan::Plan plan_of(std::vector<plan::Task> tasks) {
  plan::Plan plan;
  plan.groups.push_back({.tasks = std::move(tasks)});
  return plan;
}

TEST_F(ExecutorTest, TriesEverythingAndListsAllFailures) {
  auto other = task(true);
  other.key.name = "d";
  other.target->tree().set_at({"metadata", "name"}, value::Value("d"));
  for (int i = 0; i < 2; ++i) api_.then(status(422, "Invalid", "data: is wrong"));
  const auto report = executor_.dry_run_all(plan_of({task(true), other}));
  ASSERT_EQ(report.outcomes.size(), 2U);
  for (const auto& outcome : report.outcomes) EXPECT_TRUE(outcome.error);
  EXPECT_EQ(calls(), (Lines{"PATCH fieldManager=argocd-controller&dryRun=All&force=true",
                            "PATCH fieldManager=argocd-controller&dryRun=All&force=true"}));
}

TEST_F(ExecutorTest, TriesNothingTwiceThatIsTheSameWrite) {
  api_.then(json(200, live_text()));
  const auto known = executor_.predict({task(true)}, {});
  EXPECT_EQ(known.at(task(true).key).object->resource_version(), "5");
  EXPECT_TRUE(known.at(task(true).key).server_side);
  EXPECT_FALSE(executor_.dry_run_all(plan_of({task(true)}), {}, known).failed());
  EXPECT_EQ(calls().size(), 1U);
  // Another object by now, or another way of writing it.
  auto newer = task(true);
  newer.live->resource_version = "6";
  api_.then(json(200, live_text()));
  EXPECT_FALSE(executor_.dry_run_all(plan_of({newer}), {}, known).failed());
  WriteOptions how;
  how.options = api::parse_sync_options({"Validate=false"});
  api_.then(json(200, live_text()));
  EXPECT_FALSE(executor_.dry_run_all(plan_of({task(true)}), how, known).failed());
  EXPECT_EQ(calls().size(), 3U);
}

TEST_F(ExecutorTest, ServerDryRunFalseTriesNothing) {
  WriteOptions how;
  how.options = api::parse_sync_options({"ServerDryRun=false"});
  EXPECT_TRUE(executor_.dry_run_all(plan_of({task(true)}), how).outcomes.empty());
  const auto report = executor_.dry_run_all(plan_of({task(true, "ServerDryRun=false")}));
  ASSERT_EQ(report.outcomes.size(), 1U);
  EXPECT_EQ(report.outcomes.front().row.message, "not tried: ServerDryRun=false");
  EXPECT_TRUE(calls().empty());
}

TEST_F(ExecutorTest, DoesNotTryWhatNeedsANamespaceOfThePlan) {
  plan::Task space{
      .action = plan::Action::create_namespace, .key = {"", "Namespace", "", "n"}, .version = "v1"};
  space.target = k8s::Object::trusted(
      *value::parse_json(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"n"}})"));
  const auto report = executor_.dry_run_all(plan_of({space, task(false)}));
  ASSERT_FALSE(report.failed());
  ASSERT_EQ(report.outcomes.size(), 1U);
  EXPECT_EQ(report.outcomes.front().row.message, "not tried: its namespace n comes with this sync");
  EXPECT_TRUE(calls().empty()) << "it is written first, and alone";
  api_.then(json(201, R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"n"}})"));
  const auto asked = executor_.dry_run_all(plan_of({space, task(false)}), {.dry_run = true});
  ASSERT_EQ(asked.outcomes.size(), 2U);
  EXPECT_EQ(asked.outcomes.back().row.message, "namespace/n serverside-applied (dry run)");
  EXPECT_EQ(calls().size(), 1U);
}

TEST_F(ExecutorTest, TheNamespaceIsOnlyEverApplied) {
  plan::Task space{
      .action = plan::Action::create_namespace, .key = {"", "Namespace", "", "n"}, .version = "v1"};
  space.target = k8s::Object::trusted(
      *value::parse_json(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"n"}})"));
  space.live = plan::LiveRef{.uid = "u", .resource_version = "5"};
  WriteOptions how;
  how.options = api::parse_sync_options({"Replace=true"});
  for (int i = 0; i < 3; ++i) api_.then(json(201, R"({"status":{"allowed":false}})"));
  const auto missing = executor_.missing_permissions(plan_of({space}), how);
  ASSERT_EQ(missing.outcomes.size(), 1U);
  EXPECT_EQ(missing.outcomes.front().row.message,
            "missing permission: patch namespaces (Namespace) in the cluster");
}

TEST_F(ExecutorTest, AWebhookThatRefusesDryRunsIsNoFailure) {
  api_.then(status(400, "BadRequest", "admission webhook w does not support dry run"));
  const auto report = executor_.dry_run_all(plan_of({task(true)}));
  ASSERT_FALSE(report.failed());
  EXPECT_TRUE(report.outcomes.front().row.message.starts_with("not tried: "));
}

TEST_F(ExecutorTest, AKindThatIsNotThereYetFailsUnlessItMay) {
  auto thing = task(false);
  thing.key = {"example.org", "Thing", "n", "c"};
  thing.target = k8s::Object::trusted(*value::parse_json(
      R"({"apiVersion":"example.org/v1","kind":"Thing","metadata":{"name":"c","namespace":"n"}})"));
  EXPECT_TRUE(executor_.dry_run_all(plan_of({thing})).failed());
  thing.target->set_annotation("argocd.argoproj.io/sync-options",
                               "SkipDryRunOnMissingResource=true");
  EXPECT_FALSE(executor_.dry_run_all(plan_of({thing})).failed());
  EXPECT_TRUE(calls().empty());
}

}  // namespace
}  // namespace tiphys::sync
