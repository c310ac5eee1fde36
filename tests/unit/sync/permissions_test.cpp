#include "tiphys/sync/permissions.hpp"

#include "unit/kube/scripted_api.hpp"

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

namespace tiphys::sync {
namespace {

using kube::testing::json;
using kube::testing::ScriptedApi;
using kube::testing::status;

class PermissionsTest : public ::testing::Test {
 protected:
  void answer(bool allowed) {
    api_.then(json(201, std::string(R"({"kind":"SelfSubjectAccessReview","status":{"allowed":)") +
                            (allowed ? "true}}" : "false}}")));
  }
  std::set<Permission> denied(const std::string& user = "u") {
    return permissions_.denied(needs_, {.user = user, .groups = {}},
                               base::Deadline::after(real_, std::chrono::seconds(20)));
  }
  /// "verb resource namespace/name" of each question.
  std::vector<std::string> asked() const {
    std::vector<std::string> out;
    for (const auto& request : api_.requests()) {
      const auto body = value::parse_json(request.body);
      const auto& what = body->at({"spec", "resourceAttributes"});
      out.push_back(std::string(what["verb"].text()) + " " + std::string(what["resource"].text()) +
                    " " + std::string(what["namespace"].text()) + "/" +
                    std::string(what["name"].text()));
    }
    return out;
  }

  base::ManualClock clock_;
  base::SystemClock real_;
  net::IoRuntime io_;
  net::HttpClient http_{io_, real_};
  ScriptedApi api_{io_};
  std::unique_ptr<kube::Client> client_ = kube::testing::client_of(api_, http_, io_, real_);
  Permissions permissions_{*client_, clock_, 1};
  const Permission patch_{.verb = "patch",
                          .group = "apps",
                          .resource = "deployments",
                          .kind = "Deployment",
                          .namespace_ = "n"};
  Permissions::Needs needs_ = {{patch_, {"web"}}};
};

TEST_F(PermissionsTest, OneQuestionIsEnoughWhereEverythingIsPermittedAndForAMinute) {
  answer(true);
  EXPECT_TRUE(denied().empty());
  EXPECT_TRUE(denied().empty());
  EXPECT_EQ(asked(), std::vector<std::string>{"* * /"});
  answer(true);
  EXPECT_TRUE(denied("somebody else").empty());
  EXPECT_EQ(asked().size(), 2U);
  clock_.advance(std::chrono::seconds(61));
  answer(true);
  EXPECT_TRUE(denied().empty());
  EXPECT_EQ(asked().size(), 3U);
}

TEST_F(PermissionsTest, ADenialIsAskedAgainAndARuleMayNameTheObject) {
  for (int i = 0; i < 4; ++i) answer(false);
  EXPECT_EQ(denied(), std::set<Permission>{patch_});
  EXPECT_EQ(asked(), (std::vector<std::string>{"* * /", "* * n/", "patch deployments n/",
                                               "patch deployments n/web"}));
  answer(false);
  answer(true);
  EXPECT_TRUE(denied().empty());
  EXPECT_EQ(asked().size(), 6U);
}

TEST_F(PermissionsTest, WhatCannotBeAskedIsLeftToTheWrite) {
  api_.then(status(403, "Forbidden", "no reviews here"));
  EXPECT_TRUE(denied().empty());
  // And isn't remembered as an answer.
  for (int i = 0; i < 4; ++i) answer(false);
  EXPECT_EQ(denied(), std::set<Permission>{patch_});
}

TEST(PermissionText, NamesVerbKindAndNamespace) {
  EXPECT_EQ(
      text_of(
          {.verb = "create", .group = "", .resource = "pods", .kind = "Pod", .namespace_ = "n"}),
      "create pods (Pod) in namespace n");
  EXPECT_EQ(
      text_of({.verb = "get", .group = "a.b", .resource = "cs", .kind = "C", .namespace_ = ""}),
      "get cs.a.b (C) in the cluster");
}

}  // namespace
}  // namespace tiphys::sync
