// `tiphys check` and `tiphys version`, and the CRDs that we ship.
#include "integration/crd_sample.hpp"
#include "integration/guards_bed.hpp"
#include "support/fault_proxy.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace tiphys::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using value::Value;

class Check : public GuardsBed {
 protected:
  Output tiphys(std::vector<std::string> args) const {
    args.insert(args.begin(), TIPHYS_BINARY_DIR "/tiphys");
    return run({.argv = std::move(args)}, {}, milliseconds(120'000));
  }
  Output check(std::vector<std::string> flags = {}) const {
    const auto config = folder_.path() / "kubeconfig";
    plane_.write_kubeconfig(config, tiphys_.namespace_(), "tiphys");
    std::vector<std::string> args = {"check", "--kubeconfig", config.string(), "--namespace",
                                     tiphys_.namespace_()};
    args.insert(args.end(), flags.begin(), flags.end());
    return tiphys(std::move(args));
  }
  TempDir folder_;
};

TEST_F(Check, TellsAGoodInstallationWithoutAWrite) {
  git_.repo("gitops").commit({{"plain/a.yaml", config_map_yaml("a")}}, "a");
  tiphys_.apply(app(unique_name("app"), "plain"));
  plane_.apply(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm}\ndata: "
      "{application.resourceTrackingMethod: annotation+label}\n",
      tiphys_.namespace_());
  auto audit = plane_.audit();
  const auto good = check({"--app-resync", "77s"});
  EXPECT_EQ(good.exit_code, 0) << good.out << good.err;
  EXPECT_THAT(good.out, HasSubstr("ok    API server: " + plane_.server()));
  EXPECT_THAT(good.out, HasSubstr("ok    version: v1."));
  const auto system = plane_.get("/api/v1/namespaces/kube-system").body;
  EXPECT_THAT(good.out,
              HasSubstr("ok    cluster: " + std::string(system.at({"metadata", "uid"}).text()) +
                        " (UID of kube-system)"));
  EXPECT_THAT(good.out, HasSubstr("ok    CRD Application: argoproj.io/v1alpha1"));
  EXPECT_THAT(good.out, HasSubstr("ok    repository " + git_.url("gitops") + ": "));
  EXPECT_THAT(good.out, HasSubstr("annotation+label (argocd-cm)"));
  EXPECT_THAT(good.out, HasSubstr("setting app-resync: 77s (flag)"));
  EXPECT_THAT(good.out, HasSubstr("setting render-memory: 256Mi (default)"));
  EXPECT_THAT(good.out, HasSubstr("  workers: "));
  EXPECT_THAT(good.out, Not(HasSubstr("FAIL")));
  for (const auto& write : writes(audit)) EXPECT_THAT(write, HasSubstr("selfsubjectaccessreviews"));

  git_.stop();
  const auto bad = check();
  EXPECT_EQ(bad.exit_code, 1) << bad.out;
  EXPECT_THAT(bad.out, HasSubstr("FAIL  repository " + git_.url("gitops")));
}

TEST_F(Check, FailsWithoutCrdsOrRightsOrServer) {
  tiphys_.expect_forbidden();
  const std::string rbac = "/apis/rbac.authorization.k8s.io/v1/";
  for (const auto& binding :
       {rbac + "namespaces/" + tiphys_.namespace_() + "/rolebindings/tiphys",
        rbac + "clusterrolebindings/tiphys-cluster-" + tiphys_.namespace_()}) {
    EXPECT_EQ(plane_.remove(binding).status, 200) << binding;
  }
  const auto unbound = check();
  EXPECT_EQ(unbound.exit_code, 1);
  EXPECT_THAT(unbound.out, HasSubstr("FAIL  permission: "));
  EXPECT_THAT(unbound.out, HasSubstr("missing: patch applications.argoproj.io in namespace " +
                                     tiphys_.namespace_()));
  EXPECT_THAT(unbound.out, HasSubstr("FAIL  cluster: "));
  // The next test's installation brings them back.
  plane_.kubectl_ok({"delete", "crd", "applications.argoproj.io", "appprojects.argoproj.io"});
  const auto without = check();
  EXPECT_EQ(without.exit_code, 1);
  EXPECT_THAT(without.out, HasSubstr("FAIL  CRD Application: "));
  EXPECT_THAT(without.out, HasSubstr("FAIL  CRD AppProject: "));
}

TEST_F(Check, EndsSoonWhereNothingAnswers) {
  auto& repo = git_.repo("gitops");
  repo.commit({{"plain/a.yaml", config_map_yaml("a")}}, "a");
  const auto silent = FaultProxy::tcp(git_.port());
  silent->half_open();
  // Three repositories that never answer are waited for side by side, and each has its line.
  std::vector<std::string> urls;
  for (const auto* name : {"one", "two", "three"}) {
    auto made = app(unique_name(name), "plain");
    made.repo_url = silent->url() + "/" + name + ".git";
    urls.push_back(made.repo_url);
    tiphys_.apply(made);
  }
  auto begun = std::chrono::steady_clock::now();
  const auto mute = check();
  EXPECT_EQ(mute.exit_code, 1) << mute.out;
  for (const auto& url : urls) EXPECT_THAT(mute.out, HasSubstr("FAIL  repository " + url + ": "));
  EXPECT_THAT(mute.out, HasSubstr("ok    watches: listed"));
  // One after the other they would take 30 s.
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(28)) << mute.out;

  const auto proxy = FaultProxy::api_server(plane_);
  proxy->scope(FaultProxy::Requests::all);
  proxy->half_open();
  begun = std::chrono::steady_clock::now();
  const auto config = folder_.path() / "silent";
  plane_.write_kubeconfig(config, tiphys_.namespace_(), "tiphys", proxy->url());
  const auto dead = tiphys({"check", "--kubeconfig", config.string(), "--namespace", "default"});
  EXPECT_EQ(dead.exit_code, 1);
  EXPECT_THAT(dead.out, HasSubstr("FAIL  API server: "));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(25)) << dead.out;
}

TEST_F(Check, TellsItsVersionAndItsFlags) {
  const auto version = tiphys({"version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, HasSubstr("tiphys"));
  const auto help = tiphys({"controller", "--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("--git-poll-interval"));
  EXPECT_NE(tiphys({"controller", "--no-such-flag"}).exit_code, 0);
}

/// What of `sent` isn't in `got`, as paths.
void differences(const Value& sent, const Value& got, const std::string& path,
                 std::vector<std::string>& out) {
  if (sent.is_map() && got.is_map()) {
    for (const auto& [key, member] : sent.entries()) {
      differences(member, got[key], fmt::format("{}.{}", path, key), out);
    }
  } else if (sent.is_list() && got.is_list() && sent.size() == got.size()) {
    for (std::size_t i = 0; i < sent.size(); ++i) {
      differences(sent.items()[i], got.items()[i], path + "[]", out);
    }
  } else if (!value::equal(sent, got)) {
    out.push_back(path);
  }
}

TEST_F(Check, EveryPathOfArgoCdsCrdsSurvivesARoundTrip) {
  for (const auto& [file, kind, resource] :
       {std::tuple("application", "Application", "applications"),
        std::tuple("appproject", "AppProject", "appprojects")}) {
    Value sent = CrdPaths(file).sample("");
    sent.set_at({"apiVersion"}, "argoproj.io/v1alpha1");
    sent.set_at({"kind"}, kind);
    sent.set_at({"metadata"}, Value::object({{"name", "everything"}}));
    const std::string path =
        "/apis/argoproj.io/v1alpha1/namespaces/" + tiphys_.namespace_() + "/" + resource;
    const auto created = plane_.create(path, sent);
    ASSERT_EQ(created.status, 201) << created.text;
    const auto got = plane_.get(path + "/everything");
    std::vector<std::string> lost;
    differences(sent, got.body, "", lost);
    EXPECT_THAT(lost, testing::IsEmpty());
    EXPECT_GT(sent.entries().size(), 3U);
  }
}

}  // namespace
}  // namespace tiphys::test
