// One controller, two control planes, one of them cut off for a while.
#include "integration/clusters_bed.hpp"
#include "integration/faults_bed.hpp"
#include "support/fault_proxy.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <map>

namespace tiphys::test {
namespace {

constexpr milliseconds kLimit{60'000};

class TwoClusters : public FaultsBed {
 protected:
  std::unique_ptr<ControlPlane> far_ = ControlPlane::start();
  FarAccount account_{*far_, FarAccount::Rights::cluster};
  std::unique_ptr<FaultProxy> proxy_ = FaultProxy::api_server(*far_);
  std::string far_name_ = unique_name("far");
  std::string far_target_ = unique_name("fartarget");

  void declare() { plane_.apply(account_.secret("prod", proxy_->url()), tiphys_.namespace_()); }
  std::string config_map(const std::string& target, const std::string& name) const {
    return "/api/v1/namespaces/" + target + "/configmaps/" + name;
  }
  static std::string manifest(const std::string& name, const std::string& text) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\ndata: {key: " + text +
           "}\n";
  }
  /// "verb resource/name" of what was written in the far target.
  std::map<std::string, int> far_writes(AuditLog& audit) const {
    far_->sync_audit(audit);
    std::map<std::string, int> writes;
    for (const auto& event :
         audit.select({.name_space = far_target_, .user_agent = "tiphys/", .writes_only = true}))
      ++writes[event.verb + " " + event.resource + "/" + event.name];
    return writes;
  }
};

TEST_F(TwoClusters, OneThatIsCutOffDelaysNobodyAndConvergesAfterwards) {
  using testing::ElementsAre;
  using testing::Pair;
  auto& repo = git_.repo("gitops");
  const auto first = repo.commit({{"plain/a.yaml", manifest("a", "one")},
                                  {"plain/b.yaml", manifest("b", "one")},
                                  {"plain/c.yaml", manifest("c", "one")}},
                                 "first");
  declare();
  auto far_audit = far_->audit();
  auto controller = tiphys_.start({.flags = {"--git-poll-interval", "1s"}});
  auto near = app();
  near.path = "plain";
  tiphys_.apply(near);
  plane_.apply(
      far_app(far_name_, git_.url("gitops"), "plain", "name: prod, namespace: " + far_target_),
      tiphys_.namespace_());
  tiphys_.wait_for(name_, "Synced", "Healthy", first);
  tiphys_.wait_for(far_name_, "Synced", "Healthy", first);
  EXPECT_EQ(far_->get(config_map(far_target_, "a")).status, 200);
  EXPECT_EQ(plane_.get("/api/v1/namespaces/" + far_target_).status, 404);
  EXPECT_EQ(far_->get("/api/v1/namespaces/" + target_).status, 404);
  for (const auto& [write, count] : far_writes(far_audit)) EXPECT_EQ(count, 1) << write;

  far_audit.mark();
  proxy_->scope(FaultProxy::Requests::all);
  proxy_->refuse();
  proxy_->reset();
  auto down = tiphys_.wait_for_condition(far_name_, "ComparisonError",
                                         "failed to get cluster info for \"" + proxy_->url());
  EXPECT_EQ(down.at({"status", "sync", "status"}).text(), "Unknown");
  EXPECT_EQ(down.at({"status", "health", "status"}).text(), "Healthy");
  EXPECT_EQ(down.at({"status", "resources"}).size(), 3U);

  repo.remove({"plain/b.yaml"});
  const auto second = repo.commit({{"plain/a.yaml", manifest("a", "two")}}, "second");
  const auto begun = std::chrono::steady_clock::now();
  tiphys_.wait_for(name_, "Synced", "Healthy", second);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
  plane_.wait_until_gone(config_map(target_, "b"), kLimit);
  EXPECT_THAT(far_writes(far_audit), testing::IsEmpty());
  EXPECT_EQ(far_->get(config_map(far_target_, "b")).status, 200);

  proxy_->heal();
  const auto status = tiphys_.wait_for(far_name_, "Synced", "Healthy", second)["status"];
  EXPECT_EQ(status["conditions"].size(), 0U);
  EXPECT_THAT(far_writes(far_audit),
              ElementsAre(Pair("delete configmaps/b", 1), Pair("patch configmaps/a", 1)));

  // Secrets count from the moment they change; nothing is touched in the cluster.
  far_audit.mark();
  const auto secret = "/api/v1/namespaces/" + tiphys_.namespace_() + "/secrets/prod";
  ASSERT_EQ(plane_.remove(secret).status, 200);
  tiphys_.wait_for_condition(far_name_, "InvalidSpecError",
                             "there are no clusters with this name: prod");
  require_within(kLimit, "no watch is left", [&] { return proxy_->connections().watches == 0; });
  declare();
  tiphys_.wait_for(far_name_, "Synced", "Healthy", second);
  EXPECT_THAT(far_writes(far_audit), testing::IsEmpty());

  // Without an application the cluster isn't watched.
  ASSERT_EQ(plane_.remove(tiphys_.path(far_name_)).status, 200);
  require_within(kLimit, "no watch is left", [&] { return proxy_->connections().watches == 0; });
  EXPECT_TRUE(controller.running());
}

TEST_F(TwoClusters, OneThatHangsLeavesWorkersForTheOthers) {
  const auto first = git_.repo("gitops").commit({{"plain/a.yaml", manifest("a", "one")}}, "first");
  git_.repo("far").commit({{"plain/b.yaml", manifest("b", "one")}}, "first");
  declare();
  auto controller = tiphys_.start({.flags = {"--git-poll-interval", "1s", "--workers", "2"}});
  auto near = app();
  near.path = "plain";
  tiphys_.apply(near);
  const std::string other_name = unique_name("other");
  for (const auto& name : {far_name_, other_name}) {
    plane_.apply(far_app(name, git_.url("far"), "plain",
                         "name: prod, namespace: " + (name == far_name_ ? far_target_ : name)),
                 tiphys_.namespace_());
  }
  tiphys_.wait_for(name_, "Synced", "Healthy", first);
  for (const auto& name : {far_name_, other_name}) tiphys_.wait_for(name, "Synced", "Healthy");

  proxy_->scope(FaultProxy::Requests::all);
  proxy_->half_open();
  const auto fresh = git_.repo("far").commit({{"plain/b.yaml", manifest("b", "two")}}, "second");
  const auto syncs = [&](const std::string& name) {
    const auto state = tiphys_.get(name).at({"status", "operationState"});
    return state["phase"].text() == "Running" &&
           state.at({"syncResult", "revision"}).text() == fresh;
  };
  require_within(kLimit, "a worker hangs", [&] { return syncs(far_name_) || syncs(other_name); });
  const auto second =
      git_.repo("gitops").commit({{"plain/a.yaml", manifest("a", "two")}}, "second");
  const auto begun = std::chrono::steady_clock::now();
  tiphys_.wait_for(name_, "Synced", "Healthy", second);
  // A call that hangs takes 30 s.
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(15));
}

}  // namespace
}  // namespace tiphys::test
