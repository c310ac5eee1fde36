#include "tiphys/source/cluster_lookup.hpp"

#include "unit/kube/scripted_api.hpp"

#include "tiphys/value/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tiphys::source {
namespace {

using base::Code;
using kube::testing::json;
using kube::testing::status;
using std::chrono::seconds;
using ::testing::HasSubstr;

class ClusterLookupTest : public ::testing::Test {
 protected:
  ClusterLookupTest() {
    api_.then(json(200, R"({"kind":"APIGroupDiscoveryList","items":[{"metadata":{},"versions":[
      {"version":"v1","freshness":"Current","resources":[
        {"resource":"secrets","responseKind":{"kind":"Secret"},"scope":"Namespaced"},
        {"resource":"namespaces","responseKind":{"kind":"Namespace"},"scope":"Cluster"}]}]}]})"));
    api_.then(json(200, R"({"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"gone.io"},
      "versions":[{"version":"v1","freshness":"Stale","resources":[]}]}]})"));
    api_.then(json(200, R"({"gitVersion":"v1.36.3"})"));
    const auto done = discovery_.refresh(base::Deadline::after(clock_, seconds(20)));
    EXPECT_TRUE(done.ok()) << done.error().text();
  }
  ClusterLookup lookup(ClusterLookup::Rules rules = {}) {
    return {*client_, discovery_,
            kube::Identity{.user = "system:serviceaccount:ns:deployer", .groups = {}},
            base::Deadline::after(clock_, seconds(2)), std::move(rules)};
  }
  /// JSON, or the error's text.
  static std::string text(const base::Result<value::Value>& answer) {
    return answer.ok() ? *value::write_json(*answer) : answer.error().text();
  }
  std::vector<std::string> asked() const {
    std::vector<std::string> out;
    for (const auto& request : api_.requests()) out.push_back(request.path);
    out.erase(out.begin(), out.begin() + 3);
    return out;
  }

  base::SystemClock clock_;
  net::IoRuntime io_;
  net::HttpClient http_{io_, clock_};
  kube::testing::ScriptedApi api_{io_};
  std::unique_ptr<kube::Client> client_ = kube::testing::client_of(api_, http_, io_, clock_);
  kube::Discovery discovery_{*client_};
};

const char* const kSecret =
    R"({"apiVersion":"v1","data":{"a":"Yg=="},"kind":"Secret","metadata":{"name":"s"}})";

TEST_F(ClusterLookupTest, GivesOneObjectAsItIsAndAsWhoAsks) {
  api_.then(json(200, kSecret));
  EXPECT_EQ(text(lookup().lookup("v1", "Secret", "ns", "s")), kSecret);
  EXPECT_EQ(asked(), std::vector<std::string>{"/api/v1/namespaces/ns/secrets/s"});
  EXPECT_EQ(api_.requests().back().header("Impersonate-User"), "system:serviceaccount:ns:deployer");
}

TEST_F(ClusterLookupTest, GivesAListWithTypedItems) {
  api_.then(json(200, R"({"kind":"SecretList","apiVersion":"v1","metadata":{"resourceVersion":"7"},
    "items":[{"metadata":{"name":"s"},"data":{"a":"Yg=="}}]})"));
  EXPECT_EQ(text(lookup().lookup("v1", "Secret", "ns", "")),
            R"({"apiVersion":"v1","items":[)" + std::string(kSecret) +
                R"(],"kind":"SecretList","metadata":{"resourceVersion":"7"}})");
}

TEST_F(ClusterLookupTest, WhatIsNotThereIsAnEmptyMap) {
  api_.then(status(404, "NotFound", "no such secret"));
  EXPECT_EQ(text(lookup().lookup("v1", "Secret", "ns", "s")), "{}");
  EXPECT_EQ(text(lookup().lookup("v1", "Secret", "", "s")), "{}");
  api_.then(status(404, "NotFound", "no such namespace"));
  EXPECT_EQ(text(lookup().lookup("v1", "Namespace", "ignored", "n")), "{}");
  EXPECT_EQ(asked().back(), "/api/v1/namespaces/n");
}

TEST_F(ClusterLookupTest, WhatFailsIsAnErrorAndNeverEmpty) {
  api_.then(status(403, "Forbidden", "secrets is forbidden"));
  auto refused = lookup().lookup("v1", "Secret", "ns", "s");
  EXPECT_THAT(text(refused), HasSubstr("lookup v1 Secret ns/s: "));
  EXPECT_THAT(text(refused), HasSubstr("secrets is forbidden"));
  EXPECT_EQ(refused.error().code(), Code::Forbidden);
  api_.then(status(500, "InternalError", "etcd is away"));
  EXPECT_THAT(text(lookup().lookup("v1", "Secret", "ns", "")), HasSubstr("etcd is away"));
  api_.stop();
  refused = lookup().lookup("v1", "Secret", "ns", "s");
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(base::is_retryable(refused.error().code())) << text(refused);
}

TEST_F(ClusterLookupTest, UnknownKindsAndStrangeNamesAreErrors) {
  EXPECT_EQ(text(lookup().lookup("v1", "Nothing", "ns", "x")),
            "lookup v1 Nothing ns/x: the server serves no Nothing in v1");
  EXPECT_EQ(text(lookup().lookup("made.up/v1", "Nothing", "", "")),
            "lookup made.up/v1 Nothing in all namespaces: the server serves no Nothing in "
            "made.up/v1");
  EXPECT_THAT(text(lookup().lookup("gone.io/v1", "Nothing", "ns", "")),
              HasSubstr("the server can't say what it serves"));
  EXPECT_THAT(text(lookup().lookup("v1", "Secret", "ns/../other", "s")),
              HasSubstr("invalid namespace \"ns/../other\""));
  EXPECT_THAT(text(lookup().lookup("v1", "Secret", "ns", "..")),
              HasSubstr("invalid resource name \"..\""));
  EXPECT_TRUE(asked().empty());
  // As Helm has it, where that is wanted.
  ClusterLookup helms(*client_, discovery_, {}, base::Deadline::after(clock_, seconds(2)), {},
                      ClusterLookup::UnknownKind::empty);
  EXPECT_EQ(text(helms.lookup("v1", "Nothing", "ns", "x")), "{}");
  EXPECT_FALSE(helms.lookup("made.up/v1", "Nothing", "ns", "x").ok());
}

TEST_F(ClusterLookupTest, TheRulesComeFirst) {
  ClusterLookup::Rules rules;
  rules.may_ask = [](const kube::ResourceInfo& resource, std::string_view ns, std::string_view) {
    return ns == "ns" ? base::Status() : base::Error(Code::Forbidden, resource.kind + ": not here");
  };
  rules.may_show = [](const k8s::Object& object) {
    return object.name() == "s" ? base::Status() : base::Error(Code::Forbidden, "not that one");
  };
  EXPECT_EQ(text(lookup(rules).lookup("v1", "Secret", "other", "s")),
            "lookup v1 Secret other/s: Secret: not here");
  EXPECT_TRUE(asked().empty());
  api_.then(json(200, R"({"kind":"SecretList","metadata":{},"items":[{"metadata":{"name":"s"}},
    {"metadata":{"name":"t"}}]})"));
  EXPECT_EQ(text(lookup(rules).lookup("v1", "Secret", "ns", "")),
            "lookup v1 Secret in ns: not that one");
}

}  // namespace
}  // namespace tiphys::source
