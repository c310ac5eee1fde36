// An installation for one namespace: Roles only, nothing of the cluster asked for.
#include "integration/guards_bed.hpp"
#include "support/fault_proxy.hpp"

#include "tiphys/value/yaml.hpp"

#include <gmock/gmock.h>

#include <set>

namespace tiphys::test {
namespace {

using testing::IsEmpty;
using value::Value;

class Namespaced : public GuardsBed {
 protected:
  Namespaced() : GuardsBed(Installation::Overlay::namespaced) {}

  /// "verb resource.group" of each rule that deploy/ gives the controller for itself: all but the
  /// `*` on `*` for users' objects.
  std::set<std::string> own_rules() const {
    std::set<std::string> rules;
    for (const std::string overlay : {"cluster", "namespaced"}) {
      const auto documents = value::parse_yaml_stream(
          plane_.kubectl_ok({"kustomize", std::string(TIPHYS_SOURCE_DIR "/deploy/") + overlay}));
      if (!documents.ok()) throw SupportError(overlay + ": " + documents.error().text());
      for (const auto& document : *documents) {
        for (const auto& rule : document["rules"].items()) add_rule(rule, rules);
      }
    }
    rules.erase("* *.*");
    return rules;
  }
  static void add_rule(const Value& rule, std::set<std::string>& rules) {
    for (const auto& group : rule["apiGroups"].items()) {
      for (const auto& resource : rule["resources"].items()) {
        for (const auto& verb : rule["verbs"].items()) {
          rules.insert(std::string(verb.text()) + " " + std::string(resource.text()) + "." +
                       std::string(group.text()));
        }
      }
    }
  }
};

TEST_F(Namespaced, ServesItsNamespaceRefusesAllElseAndUsesEveryRuleOfItsRole) {
  auto& repo = git_.repo("gitops");
  repo.commit(sample_chart("chart"), "chart");
  const auto first = repo.commit(
      {{"role/role.yaml",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: " + target_ +
            "}\nrules: []\n"},
       {"far/a.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n"}},
      "outside");
  const auto inside = [&](const std::string& name, const std::string& path) {
    auto made = app(unique_name(name), path);
    made.destination = tiphys_.namespace_();
    made.create_namespace = false;
    return made;
  };
  auto audit = plane_.audit();
  const auto proxy = FaultProxy::api_server(plane_);
  auto controller = tiphys_.start({.flags = {"--git-poll-interval", "1s"}, .server = proxy->url()});
  const auto good = inside("good", "chart");
  tiphys_.apply(good);
  const auto role = inside("role", "role");
  tiphys_.apply(role);
  const auto far = inside("far", "far");
  tiphys_.apply(far);
  auto elsewhere = inside("elsewhere", "chart");
  elsewhere.destination = target_;
  tiphys_.apply(elsewhere);
  auto creates = inside("creates", "chart");
  creates.create_namespace = true;
  tiphys_.apply(creates);
  tiphys_.wait_for(good.name, "Synced", "Healthy", first);
  tiphys_.wait_for_condition(role.name, "ComparisonError", "cluster-scoped");
  tiphys_.wait_for_condition(far.name, "ComparisonError", "namespace 'default'");
  tiphys_.wait_for_condition(elsewhere.name, "InvalidSpecError", "namespace '" + target_ + "'");
  tiphys_.wait_for_condition(creates.name, "InvalidSpecError", "CreateNamespace=true");

  // Writes that the watch doesn't show are read: the one use of `get applications`.
  proxy->scope(FaultProxy::Requests::watches, "/applications");
  proxy->half_open();
  auto values = sample_chart("chart").at("chart/values.yaml");
  values.replace(values.find("tag: \"\""), 7, "tag: \"1.1.0\"");
  repo.commit({{"chart/values.yaml", values}}, "bump");
  plane_.wait_for(
      "/apis/apps/v1/namespaces/" + tiphys_.namespace_() + "/deployments/" + good.name + "-harbour",
      "1.1.0",
      [](const Value& object) {
        const auto& containers = object.at({"spec", "template", "spec", "containers"}).items();
        return !containers.empty() &&
               containers.front()["image"].text() == "example.org/harbour:1.1.0";
      },
      milliseconds(60'000));
  require_within(milliseconds(60'000), "get applications", [&] {
    return audit.count({.verb = "get", .resource = "applications", .user = user()}) > 0;
  });
  proxy->heal();
  ASSERT_TRUE(controller.terminate(milliseconds(30'000)).has_value());

  plane_.sync_audit(audit);
  std::set<std::string> used;
  for (const auto& event : audit.select({.user = user()})) {
    EXPECT_NE(event.status, 403) << event.verb << " " << event.uri;
    used.insert(event.verb + " " + event.resource + "." + event.group);
  }
  std::vector<std::string> unused;
  for (const auto& rule : own_rules()) {
    if (!used.contains(rule)) unused.push_back(rule);
  }
  EXPECT_GT(own_rules().size(), 10U);
  EXPECT_THAT(unused, IsEmpty());
  EXPECT_FALSE(exists("/apis/rbac.authorization.k8s.io/v1/clusterroles/" + target_));
}

}  // namespace
}  // namespace tiphys::test
