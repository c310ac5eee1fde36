#include "tiphys/health/health.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tiphys::health {
namespace {

using Counts = Contribution::Counts;

Contribution of(std::string kind, std::string name, Code code) {
  return {.key = {.group = "apps",
                  .kind = std::move(kind),
                  .namespace_ = "shop",
                  .name = std::move(name)},
          .health = HealthStatus{.code = code, .message = ""}};
}

TEST(Aggregate, NothingIsHealthy) { EXPECT_EQ(aggregate({}), (HealthStatus{Code::healthy, ""})); }

TEST(Aggregate, TheWorstWinsAndNamesItsCauses) {
  const std::vector<Contribution> all = {of("Deployment", "a", Code::healthy),
                                         of("Deployment", "b", Code::degraded),
                                         of("StatefulSet", "c", Code::progressing)};
  EXPECT_EQ(aggregate(all), (HealthStatus{Code::degraded, "Caused by apps/Deployment:shop/b"}));
}

TEST(Aggregate, AtMostThreeCausesAreNamed) {
  std::vector<Contribution> all;
  for (const char* name : {"a", "b", "c", "d", "e"})
    all.push_back(of("Deployment", name, Code::progressing));
  all[0].key.group.clear();
  all[0].key.namespace_.clear();
  EXPECT_EQ(aggregate(all).message,
            "Caused by Deployment:a, apps/Deployment:shop/b, apps/Deployment:shop/c and 2 more");
}

TEST(Aggregate, OneMissingResourceDoesNotCount) {
  std::vector<Contribution> all = {of("Deployment", "a", Code::healthy),
                                   of("Deployment", "b", Code::missing)};
  all[1].live_exists = false;
  EXPECT_EQ(aggregate(all).code, Code::healthy);
}

TEST(Aggregate, AllMissingIsMissing) {
  std::vector<Contribution> all = {of("Deployment", "a", Code::missing),
                                   of("Deployment", "b", Code::missing)};
  for (auto& r : all) r.live_exists = false;
  EXPECT_EQ(aggregate(all), (HealthStatus{Code::missing, ""}));
}

TEST(Aggregate, WhatDoesNotCountIsNotSeen) {
  std::vector<Contribution> all = {of("Deployment", "a", Code::degraded)};
  all[0].counts = Counts::shown;
  EXPECT_EQ(aggregate(all).code, Code::healthy);
  all[0].counts = Counts::none;
  EXPECT_EQ(aggregate(all).code, Code::healthy);
}

TEST(Aggregate, AChildApplicationThatIsUnknownDoesNotCount) {
  std::vector<Contribution> all = {of("Application", "a", Code::unknown)};
  EXPECT_EQ(aggregate(all).code, Code::unknown);
  all[0].key.group = "argoproj.io";
  EXPECT_EQ(aggregate(all).code, Code::healthy);
}

TEST(Aggregate, AResourceWithoutARuleIsHealthy) {
  std::vector<Contribution> all = {of("ConfigMap", "a", Code::degraded)};
  all[0].health.reset();
  EXPECT_EQ(aggregate(all).code, Code::healthy);
}

TEST(Codes, NamesAndBack) {
  for (const Code code : {Code::healthy, Code::suspended, Code::progressing, Code::missing,
                          Code::degraded, Code::unknown})
    EXPECT_EQ(parse_code(to_string(code)), code);
  EXPECT_FALSE(parse_code("Fine"));
  EXPECT_EQ(worse(Code::progressing, Code::degraded), Code::degraded);
}

}  // namespace
}  // namespace tiphys::health
