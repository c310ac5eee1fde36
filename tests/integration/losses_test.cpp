// What is taken away from an application, and what it was given wrong.
#include "integration/faults_bed.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tiphys::test {
namespace {

constexpr milliseconds kLimit{60'000};

using Losses = FaultsBed;

TEST_F(Losses, ANamespaceDeletedUnderTheApplicationIsMadeAgain) {
  // Nothing can be made in a namespace that ends: the API server says 403 to that.
  tiphys_.expect_forbidden();
  const auto commit = first_commit();
  auto controller = tiphys_.start();
  tiphys_.apply(app());
  tiphys_.wait_for(name_, "Synced", "Healthy", commit);
  const auto before = plane_.get(deployment()).body;
  const std::string uid(before.at({"metadata", "uid"}).text());
  ASSERT_FALSE(uid.empty());
  ASSERT_EQ(plane_.remove("/api/v1/namespaces/" + target_).status, 200);
  plane_.wait_for(
      deployment(), "another deployment",
      [&](const value::Value& object) {
        return object["kind"].text() == "Deployment" &&
               object.at({"metadata", "uid"}).text() != uid;
      },
      kLimit);
  tiphys_.wait_for(name_, "Synced", "Healthy", commit);
  EXPECT_TRUE(controller.running());
}

TEST_F(Losses, WrongCredentialsAreReportedAndCorrectedOnesUsed) {
  const auto secret = [&](const std::string& password) {
    plane_.apply(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: gitops\n  labels: "
        "{argocd.argoproj.io/secret-type: repository}\nstringData:\n  url: " +
            git_.url("gitops") + "\n  username: robot\n  password: " + password + "\n",
        tiphys_.namespace_());
  };
  const auto commit = first_commit();
  git_.require("robot", "right");
  secret("wrong");
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  tiphys_.apply(app());
  tiphys_.wait_for_condition(name_, "ComparisonError", git_.url("gitops"));
  plane_.sync_audit(audit);
  EXPECT_EQ(audit.count({.name_space = target_, .user = tiphys_.user()}), 0U);
  // Long before the next poll, which is minutes away.
  secret("right");
  const auto object = tiphys_.wait_for(name_, "Synced", "Healthy", commit);
  EXPECT_EQ(object.at({"status", "conditions"}).size(), 0U);
  // And wrong again: the last good state stays.
  secret("wrong-again");
  git_.repo("gitops").remove({"chart/templates/extra.yaml"});
  tiphys_.refresh(name_);
  tiphys_.wait_for_condition(name_, "ComparisonError", git_.url("gitops"));
  EXPECT_EQ(plane_.get("/api/v1/namespaces/" + target_ + "/configmaps/" + name_ + "-harbour-extra")
                .status,
            200);
}

}  // namespace
}  // namespace tiphys::test
