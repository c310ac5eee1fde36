#include "tiphys/source/repositories.hpp"

#include "tiphys/base/encoding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace tiphys::source {
namespace {

using base::Code;
using ::testing::HasSubstr;
using value::Value;

k8s::Object secret(const std::string& name, const std::string& type,
                   const std::map<std::string, std::string>& data) {
  Value tree = Value::object({{"apiVersion", "v1"}, {"kind", "Secret"}});
  tree.set_at({"metadata", "name"}, name);
  tree.set_at({"metadata", "namespace"}, "argocd");
  tree.set_at({"metadata", "labels", "argocd.argoproj.io/secret-type"}, type);
  for (const auto& [key, text] : data) tree.set_at({"data", key}, base::base64_encode(text));
  return k8s::Object::trusted(tree);
}

Repositories sample() {
  const std::vector<k8s::Object> secrets = {
      secret("one", "repository",
             {{"url", "https://h.org/team/one.git"}, {"username", "u1"}, {"password", "p1\n"}}),
      secret("two", "repository", {{"url", "https://h.org/team/two"}, {"insecure", "true"}}),
      secret("two-b", "repository",
             {{"url", "https://h.org/team/two"},
              {"project", "b"},
              {"username", "ub"},
              {"password", "pb"}}),
      secret("short", "repo-creds",
             {{"url", "https://h.org"}, {"username", "s"}, {"password", "ps"}}),
      secret("long", "repo-creds",
             {{"url", "https://h.org/team/"}, {"username", "l"}, {"password", "pl"}}),
      secret("key", "repository", {{"url", "https://h.org/ssh"}, {"sshPrivateKey", "TOPSECRET"}}),
      secret("cluster", "cluster", {{"url", "https://h.org/x"}})};
  return Repositories::from(secrets);
}

struct Row {
  const char* url;
  const char* project;
  const char* user;
  const char* scope;
};

TEST(Repositories, TheExactOneThenTheLongestPrefix) {
  const Row rows[] = {
      {"https://H.org/team/ONE", "a", "u1", "argocd/one"},
      {"https://h.org/team/two", "a", "l", "argocd/long"},
      {"https://h.org/team/two", "b", "ub", "argocd/two-b"},
      {"https://h.org/team/three", "a", "l", "argocd/long"},
      {"https://h.org/other", "a", "s", "argocd/short"},
      {"https://h.org.evil.net/team/x", "a", "", ""},
      {"https://h.org@evil.net/team/x", "a", "", ""},
      {"http://h.org/team/one", "a", "", ""},
  };
  for (const auto& row : rows) {
    const auto found = sample().find(row.url, row.project);
    ASSERT_TRUE(found.ok()) << row.url << found.error().text();
    EXPECT_EQ(found->credentials.username, row.user) << row.url;
    EXPECT_EQ(found->scope, row.scope) << row.url;
  }
  EXPECT_EQ(sample().find("https://h.org/team/one", "a")->credentials.password, "p1");
  EXPECT_TRUE(sample().find("https://h.org/team/two", "a")->access.insecure);
}

TEST(Repositories, RefusesByNameAndNeverShowsAValue) {
  const auto ssh = sample().find("https://h.org/ssh", "a");
  ASSERT_FALSE(ssh.ok());
  EXPECT_EQ(ssh.error().code(), Code::Unimplemented);
  EXPECT_EQ(ssh.error().text(), "not supported: sshPrivateKey in repository Secret argocd/key");
  EXPECT_THAT(sample().find("git@h.org:team/one.git", "a").error().text(), HasSubstr("ssh"));
  auto broken = secret("bad", "repository", {{"url", "https://h.org/bad"}});
  broken.tree().set_at({"data", "password"}, "%%% S3cr3t");
  const auto parsed = parse_repository_secret(broken);
  ASSERT_TRUE(parsed && parsed->refused);
  EXPECT_THAT(parsed->refused->text(), HasSubstr("key password isn't base64"));
  EXPECT_EQ(parsed->refused->text().find("S3cr3t"), std::string::npos);
}

TEST(Repositories, OtherSecretsArePassedOver) {
  EXPECT_FALSE(parse_repository_secret(secret("c", "cluster", {})));
  EXPECT_EQ(sample().all().size(), 6U);
}

TEST(Repositories, TrustTheCertificatesOfTheHostAlone) {
  Surroundings surroundings;
  surroundings.certificates["h.org"] = "PEM";
  const auto repositories = Repositories::from({}, surroundings);
  EXPECT_EQ(repositories.find("https://h.org:8443/a", "p")->access.ca_pem, "PEM");
  EXPECT_EQ(repositories.find("https://www.h.org/a", "p")->access.ca_pem, "");
}

TEST(Repositories, GoThroughTheProxyOfTheirSecretElseOfTheEnvironment) {
  const std::vector<k8s::Object> secrets = {
      secret("own", "repository", {{"url", "https://h.org/own"}, {"proxy", "http://own:1"}}),
      secret("none", "repository",
             {{"url", "https://h.org/none"}, {"proxy", "http://own:1"}, {"noProxy", "h.org"}}),
      secret("login", "repository", {{"url", "https://k.org/login"}, {"username", "u"}}),
      secret("creds", "repo-creds",
             {{"url", "https://k.org"}, {"proxy", "http://creds:2"}, {"username", "c"}}),
      secret("socks", "repository",
             {{"url", "https://h.org/socks"}, {"proxy", "socks5://u:TOPSECRET@own:1"}})};
  Surroundings surroundings;
  surroundings.proxies = {.http = "", .https = "http://env:3", .none = ""};
  const auto repositories = Repositories::from(secrets, surroundings);
  const auto way = [&](const std::string& url) {
    const auto found = repositories.find(url, "p");
    if (!found.ok()) return found.error().text();
    const auto& proxy = found->access.proxy;
    return proxy ? proxy->url.origin() : std::string("directly");
  };
  EXPECT_EQ(way("https://h.org/own"), "http://own:1");
  EXPECT_EQ(way("https://h.org/none"), "directly");
  EXPECT_EQ(way("https://h.org/other"), "http://env:3");
  EXPECT_EQ(way("http://h.org/other"), "directly");
  EXPECT_EQ(way("https://k.org/other"), "http://creds:2");
  EXPECT_EQ(way("https://k.org/login"), "http://env:3") << "it has a login of its own";
  EXPECT_EQ(way("https://h.org/socks"),
            "repository Secret argocd/socks: not supported: proxy with socks5");
}

}  // namespace
}  // namespace tiphys::source
