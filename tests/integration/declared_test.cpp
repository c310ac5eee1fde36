// Clusters as Secrets declare them, and whom a sync is written as.
#include "integration/clusters_bed.hpp"
#include "integration/guards_bed.hpp"

#include <gmock/gmock.h>

#include <set>

namespace tiphys::test {
namespace {

constexpr milliseconds kLimit{60'000};
using testing::HasSubstr;
using value::Value;

class Declared : public GuardsBed {
 protected:
  void declare(const std::string& secret) { plane_.apply(secret, tiphys_.namespace_()); }
  /// Deletes it with all its objects, and waits for its end.
  void finalize_and_delete(const std::string& name) {
    const auto path = tiphys_.path(name);
    const auto answer = plane_.merge_patch(
        path, Value::object(
                  {{"metadata",
                    Value::object({{"finalizers",
                                    Value::array({"resources-finalizer.argocd.argoproj.io"})}})}}));
    ASSERT_EQ(answer.status, 200) << answer.text;
    ASSERT_EQ(plane_.remove(path).status, 200);
    plane_.wait_until_gone(path, kLimit);
  }
  void add(const std::string& name, const std::string& destination,
           const std::string& options = "Prune=true", const std::string& project = "default") {
    plane_.apply(far_app(name, git_.url("gitops"), "plain", destination, options, project),
                 tiphys_.namespace_());
  }
  /// Project `team`, whose syncs into the target are written as its account `deployer`.
  void make_deployer(const std::string& rules) {
    grant_deployer(rules);
    plane_.apply(R"(apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm}
data: {application.sync.impersonation.enabled: "true"}
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: team}
spec:
  sourceRepos: ["*"]
  destinations: [{server: "*", namespace: "*"}]
  clusterResourceWhitelist: [{group: "*", kind: "*"}]
  destinationServiceAccounts:
  - {server: "https://kubernetes.default.svc", namespace: ")" +
                     target_ + R"(", defaultServiceAccount: deployer}
)",
                 tiphys_.namespace_());
  }
};

TEST_F(Declared, ASecretThatNamesNamespacesIsServedInThoseAlone) {
  const auto first = git_.repo("gitops").commit({{"plain/a.yaml", config_map_yaml("a")}}, "a");
  const FarAccount account(plane_, FarAccount::Rights::own_namespace);
  declare(account.secret("limited", plane_.server(), "  namespaces: " + account.home() + "\n"));
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  const auto inside = unique_name("inside");
  add(inside, "server: '" + plane_.server() + "', namespace: " + account.home());
  const auto outside = unique_name("outside");
  add(outside, "name: limited, namespace: " + target_);
  tiphys_.wait_for(inside, "Synced", "Healthy", first);
  tiphys_.wait_for_condition(
      outside, "InvalidSpecError",
      "namespace '" + target_ + "' is not managed by the cluster Secret limited");
  EXPECT_TRUE(exists("/api/v1/namespaces/" + account.home() + "/configmaps/a"));
  ASSERT_TRUE(controller.terminate(kLimit).has_value());
  plane_.sync_audit(audit);
  const auto events = audit.select({.user = account.user()});
  EXPECT_GT(events.size(), 10U);
  for (const auto& event : events) EXPECT_NE(event.status, 403) << event.verb << " " << event.uri;
}

TEST_F(Declared, ASecretForTheLocalClusterMayLogInByItself) {
  const auto first = git_.repo("gitops").commit({{"plain/a.yaml", config_map_yaml("a")}}, "a");
  const FarAccount account(plane_, FarAccount::Rights::own_namespace);
  declare(account.secret("home", "https://kubernetes.default.svc",
                         "  namespaces: " + account.home() + "\n"));
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  const auto name = unique_name("inside");
  add(name, "name: home, namespace: " + account.home());
  tiphys_.wait_for(name, "Synced", "Healthy", first);
  plane_.sync_audit(audit);
  const auto written = audit.select({.name_space = account.home(), .writes_only = true});
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(written.front().user, account.user());
}

TEST_F(Declared, WhatCannotBeUsedIsNamed) {
  git_.repo("gitops").commit({{"plain/a.yaml", config_map_yaml("a")}}, "a");
  const std::string cloud = R"(apiVersion: v1
kind: Secret
metadata: {name: cloud, labels: {argocd.argoproj.io/secret-type: cluster}}
stringData:
  name: cloud
  server: https://cloud.example
  config: '{"execProviderConfig":{"command":"aws"}}'
)";
  declare(cloud);
  const FarAccount account(plane_, FarAccount::Rights::own_namespace);
  // Nobody listens there.
  declare(account.secret("gone", "https://127.0.0.1:1"));
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  const auto unusable = unique_name("unusable");
  add(unusable, "name: cloud, namespace: " + target_);
  const auto dead = unique_name("dead");
  add(dead, "name: gone, namespace: " + target_);
  tiphys_.wait_for_condition(unusable, "InvalidSpecError",
                             "not supported: config.execProviderConfig");
  tiphys_.wait_for_condition(dead, "ComparisonError",
                             "failed to get cluster info for \"https://127.0.0.1:1\"");
  for (const auto& write : writes(audit))
    EXPECT_THAT(write, HasSubstr("/namespaces/" + tiphys_.namespace_() + "/"));
  EXPECT_FALSE(exists("/api/v1/namespaces/" + target_));

  // As in Argo CD: of a cluster that nobody knows any more nothing is deleted.
  const auto lost = unique_name("lost");
  add(lost, "server: 'https://lost.example', namespace: " + target_);
  finalize_and_delete(lost);

  const TempDir folder;
  const auto config = folder.path() / "kubeconfig";
  plane_.write_kubeconfig(config, tiphys_.namespace_(), "tiphys");
  declare(account.secret("here", plane_.server()));
  const std::string program = TIPHYS_BINARY_DIR "/tiphys";
  const auto check = run({.argv = {program, "check", "--kubeconfig", config.string(), "--namespace",
                                   tiphys_.namespace_()}},
                         {}, kLimit * 2);
  EXPECT_EQ(check.exit_code, 1);
  EXPECT_THAT(check.out, HasSubstr("FAIL  cluster cloud (https://cloud.example): "));
  EXPECT_THAT(check.out, HasSubstr("FAIL  cluster gone (https://127.0.0.1:1): "));
  EXPECT_THAT(check.out, HasSubstr("ok    cluster here (" + plane_.server() + "): v1."));
}

TEST_F(Declared, SyncsAreWrittenAsTheAccountThatTheProjectNames) {
  auto& repo = git_.repo("gitops");
  const auto first = repo.commit(
      {{"plain/a.yaml", config_map_yaml("a")}, {"plain/b.yaml", config_map_yaml("b")}}, "a");
  make_target();
  make_deployer(
      "[{apiGroups: [''], resources: [configmaps], verbs: [create, get, patch, delete]}]");
  auto audit = plane_.audit();
  auto controller = tiphys_.start({.flags = {"--git-poll-interval", "1s"}});
  const auto fits = unique_name("fits");
  add(fits, "name: in-cluster, namespace: " + target_, "Prune=true", "team");
  const auto nobody = unique_name("nobody");
  add(nobody, "name: in-cluster, namespace: kube-public", "Prune=true", "team");
  tiphys_.wait_for(fits, "Synced", "Healthy", first);
  const auto refused = plane_.wait_for(
      tiphys_.path(nobody), "refused",
      [](const Value& object) {
        return object.at({"status", "operationState", "phase"}).text() == "Error";
      },
      kLimit);
  EXPECT_EQ(refused.at({"status", "operationState", "message"}).text(),
            "no matching service account found for destination server "
            "https://kubernetes.default.svc and namespace kube-public");
  const auto second = repo.remove({"plain/b.yaml"});
  tiphys_.wait_for(fits, "Synced", "Healthy", second);
  finalize_and_delete(fits);
  EXPECT_FALSE(exists(config_map("a")));
  plane_.sync_audit(audit);
  std::size_t written = 0;
  for (const auto& event : audit.select({.user = user()})) {
    const bool deployed =
        (event.name_space == target_ && (event.is_write() || event.verb == "dryrun")) ||
        event.resource == "selfsubjectaccessreviews";
    written += event.name_space == target_ && event.is_write() ? 1U : 0U;
    // Reads and what is our own are never another's.
    EXPECT_EQ(event.impersonated, deployed ? "system:serviceaccount:" + target_ + ":deployer" : "")
        << event.verb << " " << event.uri;
  }
  EXPECT_EQ(written, 4U);
  EXPECT_FALSE(exists("/api/v1/namespaces/kube-public/configmaps/a"));
}

TEST_F(Declared, PermissionsThatTheAccountLacksAreNamedBeforeAnythingIsTouched) {
  auto& repo = git_.repo("gitops");
  repo.commit(
      {{"plain/a.yaml", config_map_yaml("a")},
       {"plain/b.yaml", config_map_yaml("b")},
       {"plain/s.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n"},
       {"plain/j.yaml",
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {suspend: true, template: "
        "{spec: {restartPolicy: Never, containers: [{name: c, image: example.org/c}]}}}\n"}});
  make_target();
  make_deployer(
      "[{apiGroups: [''], resources: [configmaps], verbs: [create, get, patch]}, "
      "{apiGroups: [''], resources: [services], verbs: [create]}]");
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  const auto name = unique_name("lacking");
  plane_.apply("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " + name +
                   "}\nspec:\n  project: team\n  source: {repoURL: '" + git_.url("gitops") +
                   "', path: plain, targetRevision: main}\n  destination: {name: in-cluster, "
                   "namespace: " +
                   target_ + "}\n",
               tiphys_.namespace_());
  tiphys_.wait_for(name, "OutOfSync", {});
  const auto ask = [&](const std::string& phase) {
    const std::string before(
        tiphys_.get(name).at({"status", "operationState", "startedAt"}).text());
    plane_.merge_patch(
        tiphys_.path(name),
        Value::object({{"operation", Value::object({{"sync", Value::object({})}})}}));
    return plane_.wait_for(
        tiphys_.path(name), phase,
        [&](const Value& object) {
          const auto& state = object.at({"status", "operationState"});
          return state["startedAt"].text() != before && state["phase"].text() == phase;
        },
        kLimit);
  };
  const std::string account = "system:serviceaccount:" + target_ + ":deployer";
  const auto refused = ask("Failed");
  EXPECT_EQ(refused.at({"status", "operationState", "message"}).text(),
            "nothing was written as " + account +
                ": missing permission: create jobs.batch (Job) in namespace " + target_ +
                ", patch jobs.batch (Job) in namespace " + target_ +
                ", missing permission: patch services (Service) in namespace " + target_);
  std::set<std::string> named;
  for (const auto& row :
       refused.at({"status", "operationState", "syncResult", "resources"}).items())
    named.insert(std::string(row["kind"].text()) + " " + std::string(row["status"].text()));
  EXPECT_THAT(named, testing::UnorderedElementsAre("Job SyncFailed", "Service SyncFailed"));
  plane_.sync_audit(audit);
  for (const auto& event : audit.select({.name_space = target_, .user = user()}))
    EXPECT_FALSE(event.is_write() || event.verb == "dryrun") << event.verb << " " << event.uri;

  // What was given counts at once, and what is known isn't asked again.
  grant_deployer(
      "[{apiGroups: ['', batch], resources: [configmaps, services, jobs], verbs: [create, get, "
      "patch]}]");
  ask("Succeeded");
  plane_.sync_audit(audit);
  const auto questions = [&] {
    plane_.sync_audit(audit);
    return audit.count({.resource = "selfsubjectaccessreviews", .user = user()});
  };
  const auto asked = questions();
  EXPECT_GT(asked, 0U);
  const auto changed = repo.commit({{"plain/a.yaml", config_map_yaml("a", "{key: other}")}});
  tiphys_.refresh(name);
  tiphys_.wait_for(name, "OutOfSync", {}, changed);
  ask("Succeeded");
  EXPECT_EQ(questions(), asked);
}

}  // namespace
}  // namespace tiphys::test
