// What a look at an application writes into its status (reference/argocd.md 2.20, row 51).
#include "tiphys/controller/status_builder.hpp"

#include <gtest/gtest.h>

namespace tiphys::controller {
namespace {

constexpr api::Time kBefore{std::chrono::seconds(1'000)};
constexpr api::Time kNow{std::chrono::seconds(2'000)};

Observation rolling_out(const std::string& message) {
  Observation seen;
  seen.revision = "abc";
  seen.comparison.emplace();
  seen.comparison->code = api::SyncCode::synced;
  seen.comparison->health = {health::Code::progressing, message};
  seen.comparison->statuses = {{.group = "apps",
                                .version = "v1",
                                .kind = "Deployment",
                                .name = "web",
                                .status = "Synced",
                                .health = "Progressing",
                                .health_message = message}};
  return seen;
}

StatusContext at(api::Time now, ResourceHealth health = ResourceHealth::in_tree) {
  return {.control_namespace = "argocd", .now = now, .resource_health = health};
}

TEST(BuildStatus, LeavesTheHealthOfObjectsToTheTree) {
  const auto status = build_status({}, rolling_out("0 of 2 pods"), at(kNow));
  ASSERT_EQ(status.resources.size(), 1U);
  EXPECT_EQ(status.resources[0].health, "");
  EXPECT_EQ(status.resources[0].health_message, "");
  EXPECT_EQ(status.resources[0].status, "Synced");
  EXPECT_EQ(status.resource_health_source, "appTree");
  EXPECT_EQ(status.health.status, "Progressing");
}

TEST(BuildStatus, TellsTheHealthOfObjectsWhereItIsWanted) {
  const auto status =
      build_status({}, rolling_out("0 of 2 pods"), at(kNow, ResourceHealth::in_status));
  ASSERT_EQ(status.resources.size(), 1U);
  EXPECT_EQ(status.resources[0].health, "Progressing");
  EXPECT_EQ(status.resources[0].health_message, "0 of 2 pods");
  EXPECT_EQ(status.resource_health_source, "");
}

TEST(BuildStatus, IsUnchangedByTheProgressOfARollout) {
  api::Application app;
  app.status = build_status(app, rolling_out("0 of 2 pods"), at(kBefore));
  const auto after = build_status(app, rolling_out("1 of 2 pods"), at(kNow));
  EXPECT_TRUE(api::merge_patch(api::to_value(app.status), api::to_value(after)).is_null());
  EXPECT_EQ(after.reconciled_at, kBefore);
}

TEST(BuildStatus, MovesReconciledAtWithAnAnswerAndAChange) {
  api::Application app;
  app.status = build_status(app, rolling_out(""), at(kBefore));
  auto answered = rolling_out("");
  answered.answered_refresh = true;
  EXPECT_EQ(build_status(app, answered, at(kNow)).reconciled_at, kNow);
  auto changed = rolling_out("");
  changed.revision = "def";
  EXPECT_EQ(build_status(app, changed, at(kNow)).reconciled_at, kNow);
}

TEST(BuildStatus, KeepsHealthAndItsTimeWithoutAComparison) {
  api::Application app;
  app.status = build_status(app, rolling_out("0 of 2 pods"), at(kBefore));
  Observation failed;
  failed.conditions = {{"ComparisonError", "no such path", std::nullopt}};
  const auto after = build_status(app, failed, at(kNow));
  EXPECT_EQ(after.sync.status, api::SyncCode::unknown);
  EXPECT_EQ(after.sync.revision, "abc");
  EXPECT_EQ(after.health.status, "Progressing");
  EXPECT_EQ(after.health.last_transition_time, kBefore);
  EXPECT_EQ(after.resources.size(), 1U);
}

TEST(ChangesBetween, AreNoneWhereTheStatusOnlySaysAgainThatItIsUnknown) {
  api::Status after;
  after.sync.status = api::SyncCode::unknown;
  EXPECT_TRUE(changes_between({}, after).empty());
}

TEST(ChangesBetween, TellBothValues) {
  api::Status before;
  before.health.status = "Progressing";
  api::Status after;
  after.sync.status = api::SyncCode::synced;
  after.health.status = "Healthy";
  const std::vector<std::string> wanted = {"Updated sync status: Unknown -> Synced",
                                           "Updated health status: Progressing -> Healthy"};
  EXPECT_EQ(changes_between(before, after), wanted);
  EXPECT_TRUE(changes_between(after, after).empty());
}

const std::vector<api::Condition>& reasons() {
  static const std::vector<api::Condition> kReasons = {
      {"ComparisonError", "no such path", std::nullopt},
      {"SharedResourceWarning", "two want it", std::nullopt},
      {"InvalidSpecError", "not supported: spec.ignoreDifferences", std::nullopt}};
  return kReasons;
}

value::Value sync_request() {
  return value::Value::object({{"sync", value::Value::object({{"revision", "abc"}})}});
}

TEST(EndRefusedOperation, AnswersWhatWasRequestedWithEveryError) {
  const auto state = end_refused_operation(sync_request(), std::nullopt, reasons(), kNow);
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->phase, api::OperationPhase::error);
  EXPECT_EQ(state->message,
            "ComparisonError: no such path;"
            "InvalidSpecError: not supported: spec.ignoreDifferences");
  EXPECT_EQ(state->operation.at({"sync", "revision"}).text(), "abc");
  EXPECT_EQ(state->started_at, kNow);
  EXPECT_EQ(state->finished_at, kNow);
}

TEST(EndRefusedOperation, EndsTheOneThatRunsAndKeepsWhenItStarted) {
  api::OperationState running;
  running.operation = sync_request();
  running.phase = api::OperationPhase::running;
  running.started_at = kBefore;
  const auto state = end_refused_operation({}, running, reasons(), kNow);
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->phase, api::OperationPhase::error);
  EXPECT_EQ(state->started_at, kBefore);
  EXPECT_EQ(state->finished_at, kNow);
}

TEST(EndRefusedOperation, LeavesAFinishedOneAlone) {
  api::OperationState done;
  done.operation = sync_request();
  done.phase = api::OperationPhase::succeeded;
  EXPECT_FALSE(end_refused_operation({}, done, reasons(), kNow).has_value());
  const auto next = end_refused_operation(sync_request(), done, reasons(), kNow);
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->started_at, kNow);
}

TEST(EndRefusedOperation, SaysSoWhereNothingWasAskedFor) {
  const auto state = end_refused_operation(value::Value::object({}), std::nullopt, {}, kNow);
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->message, "Invalid operation request: no operation specified");
}

}  // namespace
}  // namespace tiphys::controller
