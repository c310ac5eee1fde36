#include "tiphys/controller/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tiphys::controller {
namespace {

health::ScriptTable scripts(const ConfigData& argocd_cm) {
  auto settings = resolve_settings({}, {}, argocd_cm);
  EXPECT_TRUE(settings.ok()) << settings.error().text();
  return settings.ok() ? settings->health_scripts : health::ScriptTable{};
}

std::string failure(const ConfigData& argocd_cm) {
  const auto settings = resolve_settings({}, {}, argocd_cm);
  return settings.ok() ? "read" : settings.error().text();
}

TEST(HealthScripts, AreReadFromTheWholeTable) {
  const auto table = scripts({{"resource.customizations",
                               "cert-manager.io/Certificate:\n"
                               "  health.lua: return {}\n"
                               "  health.lua.useOpenLibs: true\n"
                               "\"*.crossplane.io/*\":\n"
                               "  health.lua: return nil\n"
                               "  ignoreDifferences: '{}'\n"
                               "apps/Deployment:\n"
                               "  actions: x\n"}});
  ASSERT_EQ(table.size(), 2U);
  EXPECT_EQ(table.at("cert-manager.io/Certificate"),
            (health::Script{.lua = "return {}", .open_libs = true}));
  EXPECT_EQ(table.at("*.crossplane.io/*").lua, "return nil");
}

TEST(HealthScripts, AKeyOfItsOwnGoesOverTheWholeTable) {
  const auto table = scripts({{"resource.customizations", "a.io/B: {health.lua: old}\n"},
                              {"resource.customizations.health.a.io_B", "new"},
                              {"resource.customizations.useOpenLibs.a.io_B", "true"},
                              {"resource.customizations.health.ConfigMap", "core"},
                              {"resource.customizations.health.all", "every"},
                              {"resource.customizations.useOpenLibs.a.io_C", "true"},
                              {"resource.customizations.ignoreDifferences.a.io_B", "{}"}});
  EXPECT_EQ(table, (health::ScriptTable{{"*/*", {.lua = "every"}},
                                        {"ConfigMap", {.lua = "core"}},
                                        {"a.io/B", {.lua = "new", .open_libs = true}}}));
}

TEST(HealthScripts, NameTheKeyThatCantBeRead) {
  EXPECT_THAT(failure({{"resource.customizations", "["}}),
              testing::HasSubstr("argocd-cm key resource.customizations: "));
  EXPECT_EQ(failure({{"resource.customizations", "a/B: {health.lua: 3}"}}),
            "argocd-cm key resource.customizations: a/B: health.lua: expected a string");
  EXPECT_EQ(failure({{"resource.customizations.health.a_b_c", "x"}}),
            "argocd-cm key resource.customizations.health.a_b_c: expected <group>_<kind> or "
            "<kind>, not 'a_b_c'");
  EXPECT_EQ(failure({{"resource.customizations.useOpenLibs.a_b", "yes"}}),
            "argocd-cm key resource.customizations.useOpenLibs.a_b: expected true or false, not "
            "'yes'");
}

TEST(HealthScripts, ANewScriptMeansThatObjectsAreReadAgain) {
  const auto before = resolve_settings({}, {}, {});
  const auto after =
      resolve_settings({}, {}, {{"resource.customizations.health.ConfigMap", "return {}"}});
  ASSERT_TRUE(before.ok() && after.ok());
  EXPECT_FALSE(before->same_objects(*after));
}

}  // namespace
}  // namespace tiphys::controller
