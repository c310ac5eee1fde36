#include "controller/ignore_rules.hpp"

#include "tiphys/value/yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tiphys::controller {
namespace {

using testing::ElementsAre;

std::vector<diff::IgnoreRule> rules(const ConfigData& argocd_cm) {
  const auto settings = resolve_settings({}, {}, argocd_cm);
  EXPECT_TRUE(settings.ok()) << settings.error().text();
  return settings->ignores;
}

std::string failure(const ConfigData& argocd_cm) {
  const auto settings = resolve_settings({}, {}, argocd_cm);
  return settings.ok() ? "read" : settings.error().text();
}

TEST(IgnoreRules, AKeyOfItsOwnGoesInThePlaceOfTheWholeTables) {
  const auto got =
      rules({{"resource.customizations",
              "apps/Deployment:\n"
              "  ignoreDifferences: |\n"
              "    jsonPointers: [/spec/replicas]\n"
              "v1/Old: {ignoreDifferences: 'jsonPointers: [/a]'}\n"
              "a/NoRule: {health.lua: x}\n"},
             {"resource.customizations.ignoreDifferences.v1_Old",
              "jsonPointers: [/b]\nmanagedFieldsManagers: [m]\n"},
             {"resource.customizations.ignoreDifferences.all", "jsonPointers: [/c]"},
             {"resource.customizations.ignoreDifferences.Secret", "jqPathExpressions: [.d]"}});
  ASSERT_EQ(got.size(), 4U);
  EXPECT_EQ(got[0], (diff::IgnoreRule{.group = "*", .kind = "*", .json_pointers = {"/c"}}));
  EXPECT_EQ(got[1], (diff::IgnoreRule{.kind = "Secret", .jq_path_expressions = {".d"}}));
  EXPECT_EQ(got[2],
            (diff::IgnoreRule{
                .group = "apps", .kind = "Deployment", .json_pointers = {"/spec/replicas"}}));
  EXPECT_EQ(got[3], (diff::IgnoreRule{
                        .group = "v1", .kind = "Old", .json_pointers = {"/b"}, .managers = {"m"}}));
}

TEST(IgnoreRules, NameTheKeyThatCantBeRead) {
  EXPECT_EQ(failure({{"resource.customizations", "a/B: {ignoreDifferences: {x: y}}"}}),
            "argocd-cm key resource.customizations: a/B: ignoreDifferences: expected a string");
  EXPECT_EQ(failure({{"resource.customizations.ignoreDifferences.a_B", "jsonPointers: x"}}),
            "argocd-cm key resource.customizations.ignoreDifferences.a_B: "
            "ignoreDifferences.jsonPointers: expected a list");
  EXPECT_EQ(failure({{"resource.customizations.ignoreDifferences.a_b_c", "{}"}}),
            "argocd-cm key resource.customizations.ignoreDifferences.a_b_c: expected "
            "<group>_<kind> or <kind>, not 'a_b_c'");
}

TEST(IgnoreRules, TheApplicationsComeFirst) {
  Settings settings;
  settings.ignores = {{.group = "*", .kind = "*", .json_pointers = {"/c"}}};
  const auto all =
      all_ignore_rules(*value::parse_yaml("[{kind: Secret, jsonPointers: [/data]}]"), settings);
  ASSERT_TRUE(all.ok());
  EXPECT_THAT(*all, ElementsAre(diff::IgnoreRule{.kind = "Secret", .json_pointers = {"/data"}},
                                settings.ignores[0]));
  EXPECT_FALSE(all_ignore_rules(*value::parse_yaml("{}"), settings).ok());
}

}  // namespace
}  // namespace tiphys::controller
