#include "unit/plan/objects.hpp"

#include "tiphys/plan/plan.hpp"

namespace tiphys::plan {
namespace {

using api::SyncCode;

constexpr const char* kMap =
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop}, data: {k: v, l: w}}";

std::vector<k8s::Object> target() {
  return prepare_targets(objects(kMap), target_context()).objects;
}

std::vector<Live> live_with(std::string_view key, std::string_view text) {
  auto live = live_of_web(kMap);
  live[0].object.tree().set_at({"data", key}, value::Value(text));
  return live;
}

CompareInputs ignoring_k() {
  auto inputs = compare_inputs();
  inputs.ignores = {{.group = "", .kind = "ConfigMap", .json_pointers = {"/data/k"}}};
  return inputs;
}

TEST(CompareIgnoring, AnIgnoredFieldIsSynced) {
  EXPECT_EQ(compare(target(), live_with("k", "x"), compare_inputs()).code, SyncCode::out_of_sync);
  const Comparison c = compare(target(), live_with("k", "x"), ignoring_k());
  EXPECT_EQ(c.code, SyncCode::synced);
  EXPECT_TRUE(c.undecided.empty());
  EXPECT_EQ(compare(target(), live_with("l", "x"), ignoring_k()).code, SyncCode::out_of_sync);
}

TEST(CompareIgnoring, WithRespectTheLiveValueIsWritten) {
  auto live = live_with("k", "x");
  live[0].object.tree().set_at({"data", "l"}, "y");
  const Comparison c = compare(target(), live, ignoring_k());
  EXPECT_EQ(c.code, SyncCode::out_of_sync);
  PlanOptions options;
  const auto data = [&] {
    const Plan plan = make_plan(c, options);
    return plan.groups.at(0).tasks.at(0).target->tree()["data"];
  };
  EXPECT_EQ(data()["k"].text(), "v");
  options.sync_options.respect_ignore_differences = true;
  EXPECT_EQ(data()["k"].text(), "x");
  EXPECT_EQ(data()["l"].text(), "w");
}

TEST(CompareIgnoring, WhatCantBeComparedIsUnknown) {
  auto inputs = compare_inputs();
  inputs.ignores = {{.group = "", .kind = "*", .jq_path_expressions = {".data.k"}}};
  const Comparison c = compare(target(), live_with("k", "x"), inputs);
  EXPECT_EQ(c.code, SyncCode::unknown);
  EXPECT_EQ(c.resources[0].problem, "not supported: ignoreDifferences.jqPathExpressions");
  EXPECT_EQ(make_plan(c, {}).problems, std::vector<std::string>{c.resources[0].problem});
}

}  // namespace
}  // namespace tiphys::plan
