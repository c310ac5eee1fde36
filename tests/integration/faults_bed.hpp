#pragma once

#include "integration/installation.hpp"

#include <gtest/gtest.h>

namespace tiphys::test {

/// The sample chart as an application, and what the fault tests ask about it. Its name is its own:
/// a tracking id has no control namespace, so that controllers of other tests on the same control
/// plane would prune the objects of a namesake.
class FaultsBed : public testing::Test {
 protected:
  explicit FaultsBed(ControlPlane& plane = ControlPlane::shared()) : plane_(plane) {}

  ControlPlane& plane_;
  Installation tiphys_{plane_};
  GitServer git_;
  std::string target_ = unique_name("target");
  std::string name_ = unique_name("app");

  std::string first_commit() { return git_.repo("gitops").commit(sample_chart("chart"), "chart"); }
  Installation::App app() {
    Installation::App made;
    made.name = name_;
    made.repo_url = git_.url("gitops");
    made.destination = target_;
    return made;
  }
  std::string deployment() const {
    return "/apis/apps/v1/namespaces/" + target_ + "/deployments/" + name_ + "-harbour";
  }
  void scale_by_hand(std::int64_t replicas) {
    const auto answer = plane_.merge_patch(
        deployment(),
        value::Value::object({{"spec", value::Value::object({{"replicas", replicas}})}}));
    ASSERT_EQ(answer.status, 200) << answer.text;
  }
  void wait_for_self_heal() {
    plane_.wait_for(
        deployment(), "2 replicas again",
        [](const value::Value& object) {
          return object.at({"spec", "replicas"}).integer_or(0) == 2;
        },
        milliseconds(60'000));
  }
  /// Each object of the target namespace, and that namespace, was written at most once, and at
  /// least `objects` of them were.
  void expect_one_write_an_object(AuditLog& audit, std::size_t objects) {
    plane_.sync_audit(audit);
    std::map<std::string, int> writes;
    for (const auto& event :
         audit.select({.name_space = target_, .user_agent = "tiphys/", .writes_only = true})) {
      // Cut off in the middle by the end of its sender: the server never had all of it.
      if (event.status == 500) continue;
      ++writes[event.resource + "/" + event.name];
    }
    for (const auto& [object, count] : writes) EXPECT_EQ(count, 1) << object;
    EXPECT_GE(writes.size(), objects);
  }
  void TearDown() override { plane_.remove("/api/v1/namespaces/" + target_); }
};

}  // namespace tiphys::test
