#include "tiphys/api/sync_policy.hpp"

#include "tiphys/value/yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tiphys::api {
namespace {

using testing::ElementsAre;

TEST(SyncOptions, EntriesAreParsedAndUnknownOnesKeptApart) {
  const SyncOptions o =
      parse_sync_options({"CreateNamespace=true", "Prune=confirm", "Delete=false", "PruneLast=true",
                          "PrunePropagationPolicy=background", "Validate=false",
                          "ServerSideApply=false", "Nope=1", "createnamespace=true"});
  EXPECT_TRUE(o.create_namespace);
  EXPECT_EQ(o.prune, Removal::confirm);
  EXPECT_EQ(o.remove, Removal::never);
  EXPECT_TRUE(o.prune_last);
  EXPECT_EQ(o.propagation, Propagation::background);
  EXPECT_FALSE(o.validate);
  EXPECT_EQ(o.server_side_apply, false);
  EXPECT_THAT(o.unknown, ElementsAre("Nope=1", "createnamespace=true"));
  EXPECT_TRUE(o.has("Nope=1"));
}

TEST(SyncOptions, DefaultsSayNothing) {
  const SyncOptions o = parse_sync_options({});
  EXPECT_FALSE(o.prune);
  EXPECT_FALSE(o.remove);
  EXPECT_FALSE(o.server_side_apply);
  EXPECT_EQ(o.propagation, Propagation::foreground);
  EXPECT_TRUE(o.validate);
}

TEST(SyncOptions, AnAnnotationIsACommaListWithBlanks) {
  const SyncOptions o = parse_sync_options_annotation(" Prune=false , PruneLast=true,,");
  EXPECT_THAT(o.entries, ElementsAre("Prune=false", "PruneLast=true"));
  EXPECT_EQ(o.prune, Removal::never);
}

TEST(SyncPolicy, AutomatedIsOnWhenPresentUnlessDisabled) {
  const auto on = parse_sync_policy(*value::parse_yaml("automated: {prune: true}"), "p");
  ASSERT_TRUE(on.ok());
  EXPECT_TRUE(on->is_automated());
  EXPECT_TRUE(on->automated->prune);
  EXPECT_FALSE(on->automated->self_heal);
  const auto off = parse_sync_policy(*value::parse_yaml("automated: {enabled: false}"), "p");
  EXPECT_FALSE(off->is_automated());
  EXPECT_FALSE(parse_sync_policy({}, "p")->is_automated());
}

TEST(SyncPolicy, WrongTypesAreNamed) {
  const auto wrong = [](const char* yaml) {
    const auto policy = parse_sync_policy(*value::parse_yaml(yaml), "spec.syncPolicy");
    return policy.ok() ? "" : policy.error().message();
  };
  EXPECT_EQ(wrong("automated: {prune: 'yes'}"),
            "spec.syncPolicy.automated.prune: expected a boolean, not a string");
  EXPECT_EQ(wrong("syncOptions: [a, 1]"),
            "spec.syncPolicy.syncOptions[1]: expected a string, not a number");
  EXPECT_EQ(wrong("retry: {backoff: {factor: 1.5}}"),
            "spec.syncPolicy.retry.backoff.factor: expected a whole number, not a number");
  EXPECT_EQ(wrong("managedNamespaceMetadata: {labels: {a: true}}"),
            "spec.syncPolicy.managedNamespaceMetadata.labels.a: expected a string, not a boolean");
  EXPECT_EQ(wrong("automated: true"), "spec.syncPolicy.automated: expected a map, not a boolean");
}

}  // namespace
}  // namespace tiphys::api
