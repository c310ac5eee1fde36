#include "unit/diff/objects.hpp"

#include <gmock/gmock.h>

namespace tiphys::diff {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

k8s::Object widget(const std::string& spec, const std::string& more = "") {
  return object("{apiVersion: a/v1, kind: Widget, metadata: {name: w" + more + "}, spec: " + spec +
                "}");
}

TEST(DryRun, OnlyWhatTheServerStampsMayDiffer) {
  EXPECT_THAT(compare_dry_run(widget("{a: 1}", ", resourceVersion: '2', generation: 2"),
                              widget("{a: 1}", ", resourceVersion: '1', generation: 1"))
                  .paths,
              IsEmpty());
  EXPECT_THAT(compare_dry_run(widget("{a: 1, b: 2}"), widget("{a: 2, c: [1]}")).paths,
              ElementsAre("/spec/a", "/spec/b", "/spec/c"));
}

TEST(Decide, TheVerdictCountsForItsOwnPairOnly) {
  const Diff local{.modified = true, .paths = {"/spec/a"}};
  const DryRunVerdict same{.key = "k", .diff = {}};
  EXPECT_FALSE(decide(local, "k", same).modified);
  EXPECT_TRUE(decide(local, "other", same).modified);
  EXPECT_TRUE(decide(local, "k", std::nullopt).modified);
  EXPECT_FALSE(decide({}, "k", DryRunVerdict{.key = "k", .diff = local}).modified);
  const Diff certain{.modified = true, .certain = true, .paths = {"/a"}};
  EXPECT_TRUE(decide(certain, "k", same).modified);
  EXPECT_FALSE(decide(certain, "k", DryRunVerdict{.key = "k", .diff = {}, .final = true}).modified);
}

TEST(CompareReplaced, OnlyWhatTheLocalComparisonNames) {
  const Diff local{.modified = true, .paths = {"/spec/a", "/spec/old"}};
  const auto live = widget("{a: 1, old: {x: 1}, others: 1}");
  EXPECT_THAT(compare_replaced(widget("{a: 2}"), live, local).paths,
              ElementsAre("/spec/a", "/spec/old"));
  EXPECT_FALSE(compare_replaced(widget("{a: 1, old: {x: 1}}"), live, local).modified);
}

TEST(CompareClientSide, WhatTheThreeWayMergeWouldChange) {
  const auto live = widget("{a: 1, old: 1, others: 1}",
                           ", annotations: {kubectl.kubernetes.io/last-applied-configuration: "
                           "'{\"spec\":{\"a\":1,\"old\":1}}'}");
  EXPECT_FALSE(compare_client_side(widget("{a: 1, old: 1}"), live).modified);
  EXPECT_THAT(compare_client_side(widget("{a: 1}"), live).paths, ElementsAre("/spec/old"));
  EXPECT_THAT(compare_client_side(widget("{a: 2, old: 1}"), live).paths, ElementsAre("/spec/a"));
}

TEST(VerdictKey, FollowsDesiredOwnedAndTheirLiveValuesOnly) {
  const Owned ours = owned(R"({"f:spec": {"f:a": {}}})");
  const std::string key = verdict_key(widget("{a: 1}"), widget("{a: 2, x: 1}"), &ours);
  EXPECT_EQ(key.size(), 64U);
  EXPECT_EQ(verdict_key(widget("{a: 1}"), widget("{a: 2, x: 9}", ", resourceVersion: '5'"), &ours),
            key);
  EXPECT_NE(verdict_key(widget("{a: 3}"), widget("{a: 2, x: 1}"), &ours), key);
  EXPECT_NE(verdict_key(widget("{a: 1}"), widget("{a: 4, x: 1}"), &ours), key);
  const Owned more = owned(R"({"f:spec": {"f:a": {}, "f:x": {}}})");
  EXPECT_NE(verdict_key(widget("{a: 1}"), widget("{a: 2, x: 1}"), &more), key);
  EXPECT_NE(verdict_key(widget("{a: 1}"), widget("{a: 2, x: 1}"), nullptr), key);
}

}  // namespace
}  // namespace tiphys::diff
