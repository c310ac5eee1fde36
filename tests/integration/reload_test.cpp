// What is changed in the control namespace applies without a restart.
#include "integration/guards_bed.hpp"

#include <gmock/gmock.h>

namespace tiphys::test {
namespace {

using value::Value;

class Reload : public GuardsBed {
 protected:
  void config_map(const std::string& name, Value data) const {
    plane_.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\n",
                 tiphys_.namespace_());
    const auto answer =
        plane_.merge_patch("/api/v1/namespaces/" + tiphys_.namespace_() + "/configmaps/" + name,
                           Value::object({{"data", std::move(data)}}));
    ASSERT_EQ(answer.status, 200) << answer.text;
  }
};

TEST_F(Reload, ThePollInterval) {
  auto& repo = git_.repo("gitops");
  const auto first = repo.commit({{"plain/a.yaml", config_map_yaml("a")}}, "a");
  const auto name = unique_name("app");
  tiphys_.apply(app(name, "plain"));
  auto controller = tiphys_.start({.flags = {}});
  tiphys_.wait_for(name, "Synced", "Healthy", first);
  const auto second = repo.commit({{"plain/b.yaml", config_map_yaml("b")}}, "b");
  // Without this the next poll comes after 120 s or more.
  config_map("argocd-cm", Value::object({{"timeout.reconciliation", "1s"},
                                         {"timeout.reconciliation.jitter", "0s"}}));
  tiphys_.wait_for(name, "Synced", "Healthy", second);
}

TEST_F(Reload, TheCertificatesOfGitServers) {
  const TempDir folder;
  const auto pair = plane_.issue_certificate("git", folder.path());
  GitServer git(pair.certificate, pair.key);
  const auto commit = git.repo("gitops").commit({{"plain/a.yaml", config_map_yaml("a")}}, "a");
  const auto name = unique_name("app");
  auto made = app(name, "plain");
  made.repo_url = git.url("gitops");
  tiphys_.apply(made);
  auto controller = tiphys_.start({.flags = {}});
  tiphys_.wait_for_condition(name, "ComparisonError", "certificate not accepted");
  config_map("argocd-tls-certs-cm",
             Value::object({{"127.0.0.1", read_file(plane_.ca_certificate())}}));
  tiphys_.wait_for(name, "Synced", "Healthy", commit);
}

}  // namespace
}  // namespace tiphys::test
