#include "tiphys/api/status.hpp"

#include "tiphys/value/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tiphys::api {
namespace {

using value::Value;

std::string json(const Value& v) { return *value::write_json(v, value::EscapeHtml::no); }
Value parse(const char* text) { return *value::parse_json(text); }
Time at(const char* text) { return *base::parse_rfc3339(text); }

// A status as Argo CD 3.6 writes it.
constexpr const char* kStatus =
    R"({"conditions":[{"lastTransitionTime":"2026-01-02T03:04:05Z","message":"m","type":"SyncError"}],)"
    R"("controllerNamespace":"argocd",)"
    R"("health":{"lastTransitionTime":"2026-01-02T03:04:05Z","status":"Healthy"},)"
    R"("history":[{"deployStartedAt":"2026-01-02T03:04:00Z","deployedAt":"2026-01-02T03:04:05Z","id":3,)"
    R"("initiatedBy":{"automated":true},"revision":"abc","source":{"path":"p","repoURL":"r"}}],)"
    R"("operationState":{"finishedAt":"2026-01-02T03:04:05Z","message":"successfully synced",)"
    R"("operation":{"initiatedBy":{"automated":true},"retry":{"limit":5},"sync":{"revision":"abc"}},)"
    R"("phase":"Succeeded","startedAt":"2026-01-02T03:04:00Z","syncResult":{"resources":[{"group":"","hookPhase":"Running",)"
    R"("images":["nginx"],"kind":"ConfigMap","message":"created","name":"c","namespace":"shop","status":"Synced",)"
    R"("syncPhase":"Sync","version":"v1"}],"revision":"abc","source":{"path":"p","repoURL":"r"}}},)"
    R"("reconciledAt":"2026-01-02T03:04:05Z","resourceHealthSource":"appTree",)"
    R"("resources":[{"group":"apps","health":{"status":"Healthy"},"kind":"Deployment","name":"web","namespace":"shop",)"
    R"("status":"Synced","version":"v1"},{"kind":"ConfigMap","name":"old","namespace":"shop","requiresPruning":true,)"
    R"("status":"OutOfSync","version":"v1"}],"sourceType":"Helm","summary":{"images":["nginx"]},)"
    R"("sync":{"comparedTo":{"destination":{"namespace":"shop","server":"s"},"source":{"path":"p","repoURL":"r"}},)"
    R"("revision":"abc","status":"OutOfSync"}})";

TEST(Status, SurvivesReadingAndWriting) {
  const Status status = read_status(parse(kStatus));
  // Resources are sorted by group/kind/namespace/name: the core group's come first.
  Value expected = parse(kStatus);
  value::List& resources = expected.map()["resources"].list();
  std::swap(resources[0], resources[1]);
  EXPECT_EQ(json(to_value(status)), json(expected));
}

TEST(Status, APatchHoldsOnlyWhatChanged) {
  const Value before = parse(kStatus);
  Status status = read_status(before);
  EXPECT_TRUE(status_patch(to_value(status), status).is_null());
  status.sync.status = SyncCode::synced;
  status.conditions.clear();
  EXPECT_EQ(json(status_patch(to_value(status = status), status)), "null");
  EXPECT_EQ(json(status_patch(to_value(read_status(before)), status)),
            R"({"conditions":null,"sync":{"status":"Synced"}})");
}

TEST(Status, WhatIsNotOursIsNotTouched) {
  const Value before = parse(
      R"({"observedAt":"2026-01-02T03:04:05Z","sourceHydrator":{"a":1},"sourceType":"Helm"})");
  Status status;
  status.sync.status = SyncCode::unknown;
  EXPECT_EQ(json(status_patch(before, status)),
            R"({"sourceType":null,"sync":{"comparedTo":{"destination":{}},"status":"Unknown"}})");
}

TEST(MergePatch, MapsRecursivelyAllElseWhole) {
  EXPECT_EQ(json(merge_patch(parse(R"({"a":{"b":1,"c":2},"l":[1,2],"x":1})"),
                             parse(R"({"a":{"b":1,"c":3},"l":[1],"y":{"z":null}})"))),
            R"({"a":{"c":3},"l":[1],"x":null,"y":{"z":null}})");
  EXPECT_TRUE(merge_patch(parse(R"({"a":1})"), parse(R"({"a":1.0})")).is_null());
}

TEST(Conditions, KeepTheirTimeWhileTypeAndMessageStay) {
  const Time old = at("2026-01-01T00:00:00Z");
  const Time now = at("2026-02-02T00:00:00Z");
  const std::vector<Condition> before = {{"ComparisonError", "same", old},
                                         {"SyncError", "gone", old},
                                         {"OrphanedResourceWarning", "kept", old}};
  const auto after =
      evaluate_conditions(before, {{"ComparisonError", "same", {}}, {"ComparisonError", "new", {}}},
                          {"ComparisonError", "SyncError"}, now);
  ASSERT_EQ(after.size(), 3U);
  EXPECT_EQ(after[0].message, "new");
  EXPECT_EQ(after[0].last_transition_time, now);
  EXPECT_EQ(after[1].message, "same");
  EXPECT_EQ(after[1].last_transition_time, old);
  EXPECT_EQ(after[2].type, "OrphanedResourceWarning");
  EXPECT_TRUE(after[0].is_error());
  EXPECT_FALSE(after[2].is_error());
}

TEST(Operation, OfOurOwnIsWrittenAsArgoCdsAutomatedOne) {
  SyncOperation sync;
  sync.revision = "abc";
  sync.prune = true;
  sync.options = parse_sync_options({"CreateNamespace=true"});
  sync.resources = {{"apps", "Deployment", "web", ""}};
  sync.self_heal_attempts = 1;
  const Operation operation =
      make_operation(sync, {.username = "", .automated = true}, {.limit = 5});
  EXPECT_EQ(
      json(operation.json),
      R"({"initiatedBy":{"automated":true},"retry":{"limit":5},"sync":{"autoHealAttemptsCount":1,)"
      R"("prune":true,"resources":[{"group":"apps","kind":"Deployment","name":"web"}],)"
      R"("revision":"abc","syncOptions":["CreateNamespace=true"]}})");
  const auto back = parse_operation(operation.json, "operation");
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->retry.limit, 5);
  EXPECT_TRUE(back->sync->prune);
}

TEST(OperationState, SeveralSourcesShowAnEmptyOne) {
  OperationState state;
  state.started_at = at("2026-01-02T03:04:05Z");
  state.sync_result = SyncResult{};
  EXPECT_EQ(json(to_value(state)),
            R"({"operation":{},"phase":"Running","startedAt":"2026-01-02T03:04:05Z",)"
            R"("syncResult":{"revision":"","source":{"repoURL":""}}})");
  EXPECT_TRUE(is_completed(OperationPhase::failed));
  EXPECT_FALSE(is_completed(OperationPhase::terminating));
}

}  // namespace
}  // namespace tiphys::api
