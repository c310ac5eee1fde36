// Beside a running Argo CD: compared, nothing written, until its controller is deleted or we are
// told to take over; and single applications handed over and back.
#include "integration/guards_bed.hpp"

#include <gmock/gmock.h>

namespace tiphys::test {
namespace {

using testing::IsEmpty;
using value::Value;

constexpr milliseconds kLimit{60'000};

class Shadow : public GuardsBed {
 protected:
  std::string workloads(const std::string& resource) const {
    return "/apis/apps/v1/namespaces/" + tiphys_.namespace_() + "/" + resource;
  }
  /// What an Argo CD installation calls its application controller.
  void install_argo_cd(const std::string& kind, int replicas) const {
    plane_.apply("apiVersion: apps/v1\nkind: " + kind +
                     "\nmetadata:\n  name: argocd-application-controller\n  labels: "
                     "{app.kubernetes.io/name: "
                     "argocd-application-controller}\nspec:\n  replicas: " +
                     std::to_string(replicas) +
                     (kind == "StatefulSet" ? "\n  serviceName: none" : "") +
                     "\n  selector: {matchLabels: {app: argo}}\n  template:\n    metadata: "
                     "{labels: {app: argo}}\n    spec: {containers: [{name: c, image: x}]}\n",
                 tiphys_.namespace_());
  }
  std::string equal_series(const std::string& app) const {
    return "tiphys_shadow_equal{name=\"" + app + "\",namespace=\"" + tiphys_.namespace_() + "\"}";
  }
  /// Argo CD's verdict, as it would have written it.
  void argo_cd_says(const std::string& app, const std::string& verdict) const {
    const auto answer = plane_.merge_patch(
        tiphys_.path(app),
        Value::object(
            {{"status", Value::object({{"sync", Value::object({{"status", verdict}})}})}}));
    ASSERT_EQ(answer.status, 200) << answer.text;
  }
  void await_equal(const std::string& app, double equal) {
    require_within(kLimit, equal_series(app),
                   [&] { return tiphys_.metric(equal_series(app)) == equal; });
  }
};

TEST_F(Shadow, ComparesAndWritesNothingUntilArgoCdsControllerIsDeleted) {
  const auto commit = git_.repo("gitops").commit(sample_chart("chart"), "chart");
  const auto name = unique_name("app");
  const auto dying = unique_name("dying");
  install_argo_cd("Deployment", 1);
  tiphys_.apply(app(name, "chart"));
  auto cascading = app(dying, "chart");
  cascading.finalizer = true;
  tiphys_.apply(cascading);
  plane_.remove(tiphys_.path(dying));
  argo_cd_says(name, "OutOfSync");
  annotate(tiphys_.path(name), "argocd.argoproj.io/refresh", "hard");
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  await_equal(name, 1);
  argo_cd_says(name, "Synced");
  await_equal(name, 0);
  // Scaled to nothing it is still installed.
  plane_.merge_patch(workloads("deployments/argocd-application-controller"),
                     Value::object({{"spec", Value::object({{"replicas", 0}})}}));
  plane_.merge_patch(
      tiphys_.path(name),
      Value::object({{"operation", Value::object({{"sync", Value::object({{"prune", true}})}})}}));
  argo_cd_says(name, "OutOfSync");
  await_equal(name, 1);
  EXPECT_THAT(writes(audit), IsEmpty());
  EXPECT_FALSE(exists("/apis/argoproj.io/v1alpha1/namespaces/" + tiphys_.namespace_() +
                      "/appprojects/default"));
  EXPECT_TRUE(exists(tiphys_.path(dying)));

  plane_.remove(workloads("deployments/argocd-application-controller"));
  tiphys_.wait_for(name, "Synced", "Healthy", commit);
  plane_.wait_until_gone(tiphys_.path(dying), kLimit);
}

TEST_F(Shadow, TakesOverWhereItIsTold) {
  const auto commit = git_.repo("gitops").commit({{"plain/a.yaml", config_map_yaml("a")}}, "a");
  const auto name = unique_name("app");
  install_argo_cd("StatefulSet", 0);
  tiphys_.apply(app(name, "plain"));
  auto controller = tiphys_.start({.flags = {"--take-over"}});
  tiphys_.wait_for(name, "Synced", "Healthy", commit);
  EXPECT_TRUE(exists(config_map("a")));
}

TEST_F(Shadow, ActsOnSingleApplicationsThatAreHandedOverAndLeavesSkippedOnes) {
  const auto first = git_.repo("gitops").commit(
      {{"one/a.yaml", config_map_yaml("one")}, {"two/a.yaml", config_map_yaml("two")}}, "first");
  const auto over = unique_name("over");
  const auto skipped = unique_name("skipped");
  const auto broken = unique_name("broken");
  install_argo_cd("StatefulSet", 0);
  tiphys_.apply(app(over, "one"));
  auto two = app(skipped, "two");
  two.finalizer = true;
  tiphys_.apply(two);
  tiphys_.apply(app(broken, "two"));
  for (const auto& name : {over, skipped, broken}) {
    annotate(tiphys_.path(name), "argocd.argoproj.io/skip-reconcile", "true");
  }
  annotate(tiphys_.path(over), "tiphys.io/reconcile", "true");
  // What is wrong with an application that isn't ours is not ours to say.
  plane_.merge_patch(tiphys_.path(broken),
                     Value::object({{"spec", Value::object({{"project", "no such"}})}}));
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  tiphys_.wait_for(over, "Synced", "Healthy", first);

  // Argo CD is gone: a skipped application is still left alone, its deletion and operation too.
  plane_.remove(workloads("statefulsets/argocd-application-controller"));
  plane_.merge_patch(
      tiphys_.path(skipped),
      Value::object({{"operation", Value::object({{"sync", Value::object({{"prune", true}})}})}}));
  plane_.remove(tiphys_.path(skipped));
  const auto second =
      git_.repo("gitops").commit({{"one/a.yaml", config_map_yaml("one", "{key: new}")}}, "second");
  tiphys_.refresh(over);
  tiphys_.wait_for(over, "Synced", "Healthy", second);
  EXPECT_THAT(lines_with(writes(audit), "/applications/" + skipped), IsEmpty());
  EXPECT_THAT(lines_with(writes(audit), "/applications/" + broken), IsEmpty());
  EXPECT_FALSE(exists(config_map("two")));
  ASSERT_TRUE(exists(tiphys_.path(skipped)));

  // Cut back: from here on nothing happens to it, whatever git says.
  annotate(tiphys_.path(over), "tiphys.io/reconcile", Value());
  annotate(tiphys_.path(skipped), "argocd.argoproj.io/skip-reconcile", Value());
  plane_.wait_until_gone(tiphys_.path(skipped), kLimit);
  audit.mark();
  git_.repo("gitops").commit({{"one/a.yaml", config_map_yaml("one", "{key: newer}")}}, "third");
  tiphys_.refresh(over);
  const auto witness = unique_name("witness");
  tiphys_.apply(app(witness, "two"));
  tiphys_.wait_for(witness, "Synced", "Healthy");
  EXPECT_THAT(lines_with(writes(audit), "/applications/" + over), IsEmpty());
  EXPECT_EQ(plane_.get(config_map("one")).body.at({"data", "key"}).text(), "new");
}

}  // namespace
}  // namespace tiphys::test
