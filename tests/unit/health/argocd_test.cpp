#include "tiphys/health/health.hpp"
#include "tiphys/health/scripts.hpp"
#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace tiphys::health {
namespace {

using value::Value;

Scripts scripts_of(const Value& in) {
  ScriptTable table;
  for (const auto& [key, script] : in["scripts"].entries())
    table.emplace(std::string(key),
                  Script{.lua = std::string(script["health.lua"].text()),
                         .open_libs = script["health.lua.useOpenLibs"].boolean_or(false)});
  return Scripts(std::move(table));
}

/// Lua's own words for an error differ between interpreters: the object is Unknown in both.
bool is_lua_error(const Value& want) { return want["message"].text().starts_with("<string>:"); }

/// Where the answer differs on purpose: docs/deviations.md.
bool deviates(const Value& in) { return in.at({"object", "kind"}).text() == "Application"; }

// Recorded by tests/oracle/argocd from Argo CD 3.6.1, with its own scripts.
TEST(HealthVectors, EveryKindAndScriptIsJudgedAsArgoCdDoes) {
  std::ifstream file(TIPHYS_SOURCE_DIR "/tests/vectors/argocd/health.jsonl");
  ASSERT_TRUE(file.is_open());
  int replayed = 0;
  for (std::string line; std::getline(file, line);) {
    const auto vector = value::parse_json(line);
    ASSERT_TRUE(vector.ok()) << vector.error().text();
    const Value& in = (*vector)["in"];
    const Value& want = (*vector)["want"];
    if (deviates(in)) continue;
    const auto health = health_of(k8s::Object::trusted(in["object"]), scripts_of(in));
    EXPECT_EQ(health ? to_string(health->code) : "", want["status"].text()) << line;
    if (is_lua_error(want))
      EXPECT_TRUE(health && health->message.starts_with("health.lua:")) << line;
    else
      EXPECT_EQ(health ? health->message : "", want["message"].text()) << line;
    ++replayed;
  }
  EXPECT_GE(replayed, 740);
}

TEST(Health, AnApplicationIsAsHealthyAsItSays) {
  const auto of = [](std::string_view status) {
    const auto tree = value::parse_json(
        R"({"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":"a"},)"
        R"("status":)" +
        std::string(status) + "}");
    return health_of(k8s::Object::trusted(*tree));
  };
  EXPECT_EQ(of(R"({"health":{"status":"Degraded","message":"one is down"}})"),
            (HealthStatus{Code::degraded, "one is down"}));
  EXPECT_EQ(of(R"({"health":{"status":"Healthy"}})"), HealthStatus{});
  EXPECT_EQ(of("{}")->code, Code::progressing);
}

}  // namespace
}  // namespace tiphys::health
