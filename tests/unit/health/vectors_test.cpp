#include "tiphys/health/health.hpp"
#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace tiphys::health {
namespace {

/// gitops-engine alone has no rule for these; Argo CD has a script, or we have a rule: argocd_test.
bool has_other_rule(const value::Value& object) {
  return object["kind"].text() == "CronJob" || object["kind"].text() == "Application";
}

// Recorded by tests/oracle/argocd from gitops-engine v3.6.1.
TEST(HealthVectors, EveryObjectIsJudgedAsArgoCdDoes) {
  std::ifstream file(TIPHYS_SOURCE_DIR "/tests/vectors/health/vectors.jsonl");
  ASSERT_TRUE(file.is_open());
  std::string line;
  int count = 0;
  while (std::getline(file, line)) {
    const auto vector = value::parse_json(line);
    ASSERT_TRUE(vector.ok()) << vector.error().text();
    if (has_other_rule((*vector)["object"])) continue;
    const auto health = health_of(k8s::Object::trusted((*vector)["object"]));
    EXPECT_EQ(health ? to_string(health->code) : "", (*vector)["status"].text()) << line;
    EXPECT_EQ(health ? health->message : "", (*vector)["message"].text()) << line;
    ++count;
  }
  EXPECT_GE(count, 250);
}

}  // namespace
}  // namespace tiphys::health
