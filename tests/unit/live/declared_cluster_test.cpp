#include "tiphys/live/declared_cluster.hpp"

#include "tiphys/base/encoding.hpp"

#include <gmock/gmock.h>

#include <map>

namespace tiphys::live {
namespace {

using testing::HasSubstr;
using testing::Not;
using value::Value;
using Data = std::map<std::string, std::string>;

k8s::Object secret(const std::string& name, const Data& data, const std::string& type = "cluster") {
  Value object =
      Value::object({{"apiVersion", "v1"}, {"kind", "Secret"}, {"data", Value::object({})}});
  object.set_at({"metadata", "name"}, name);
  object.set_at({"metadata", "labels"}, Value::object({{"argocd.argoproj.io/secret-type", type}}));
  for (const auto& [key, text] : data) object.set_at({"data", key}, base::base64_encode(text));
  return k8s::Object::trusted(object);
}

TEST(ClusterSecret, EveryKeyIsRead) {
  const auto read =
      read_cluster_secret(secret("far", {{"name", "far"},
                                         {"server", "https://far:6443/base/"},
                                         {"namespaces", " a, b,,c "},
                                         {"clusterResources", "true"},
                                         {"project", "team"},
                                         {"shard", "3"},
                                         {"config", R"({"bearerToken":"t","disableCompression":true,
                                    "proxyUrl":"http://proxy:3128",
                                    "tlsClientConfig":{"serverName":"n","caData":"Y2E=",
                                      "certData":"Y2VydA==","keyData":"a2V5"}})"}}));
  ASSERT_TRUE(read.ok()) << read.error().text();
  EXPECT_EQ(read->secret, "far");
  EXPECT_EQ(read->name, "far");
  EXPECT_EQ(read->server, "https://far:6443/base");
  EXPECT_THAT(read->namespaces, testing::ElementsAre("a", "b", "c"));
  EXPECT_TRUE(read->cluster_resources);
  EXPECT_EQ(read->project, "team");
  EXPECT_EQ(read->bearer_token, "t");
  EXPECT_EQ(
      read->tls,
      (net::TlsOptions{
          .ca_pem = "ca", .client_cert_pem = "cert", .client_key_pem = "key", .server_name = "n"}));
  ASSERT_TRUE(read->proxy.has_value());
  EXPECT_EQ(read->proxy->url.host, "proxy");
  const auto config = config_of(*read);
  ASSERT_TRUE(config.ok()) << config.error().text();
  EXPECT_EQ(config->server.target, "/base");
  EXPECT_EQ(config->tls, read->tls);
  EXPECT_EQ(config->proxy, read->proxy);
}

struct BadCase {
  std::string config;
  std::string words;
};

TEST(ClusterSecret, WhatIsWrongIsNamedAndNoValueIsQuoted) {
  const std::vector<BadCase> cases = {
      {R"(["SECRET"])", "config: is not a JSON map"},
      {R"({"bearerToken":"SECRET)", "config: is not a JSON map"},
      {R"({"bearerToken":5})", "config.bearerToken: must be a string"},
      {R"({"username":"u","bearerToken":"SECRET"})",
       "config: username and bearerToken exclude one another"},
      {R"({"execProviderConfig":{"command":"aws"}})", "not supported: config.execProviderConfig"},
      {R"({"awsAuthConfig":{"clusterName":"c"}})", "not supported: config.awsAuthConfig"},
      {R"({"proxyUrl":"socks5://h:1"})", "config.proxyUrl"},
      {R"({"tlsClientConfig":"SECRET"})", "config.tlsClientConfig: must be a map"},
      {R"({"tlsClientConfig":{"insecure":"yes"}})",
       "config.tlsClientConfig.insecure: must be true or false"},
      {R"({"tlsClientConfig":{"caData":"SECRET!"}})",
       "config.tlsClientConfig.caData: is not base64"},
      {R"({"tlsClientConfig":{"certData":"YQ=="}})", "config.tlsClientConfig.keyData: is missing"},
      {R"({"tlsClientConfig":{"insecure":true,"caData":"YQ=="}})",
       "config.tlsClientConfig.insecure: caData can't be given with it"},
  };
  for (const auto& [config, words] : cases) {
    const auto read =
        read_cluster_secret(secret("far", {{"server", "https://far"}, {"config", config}}));
    ASSERT_FALSE(read.ok()) << config;
    EXPECT_THAT(read.error().text(), HasSubstr("cluster Secret far: "));
    EXPECT_THAT(read.error().text(), HasSubstr(words));
    EXPECT_THAT(read.error().text(), Not(HasSubstr("SECRET")));
  }
  EXPECT_THAT(read_cluster_secret(secret("far", {{"server", "ftp://x"}})).error().text(),
              HasSubstr("cluster Secret far: server"));
  EXPECT_THAT(read_cluster_secret(secret("far", {})).error().text(),
              HasSubstr("server: is missing"));
}

DeclaredClusters several() {
  return DeclaredClusters({
      secret("a", {{"name", "prod"}, {"server", "https://a"}, {"project", "team"}}),
      secret("b", {{"name", "twice"}, {"server", "https://b"}}),
      secret("c", {{"name", "twice"}, {"server", "https://c/"}}),
      secret("d1", {{"name", "d"}, {"server", "https://d"}}),
      secret("d2", {{"name", "dd"}, {"server", "https://d/"}, {"project", "team"}}),
      secret("e", {{"name", "e"}, {"server", "https://e"}, {"config", "junk"}}),
      secret("f", {{"name", "f"}, {"server", "https://f"}}, "repository"),
  });
}

struct FindCase {
  api::Destination to;
  InCluster in_cluster;
  std::string found;  ///< server and Secret, or the error
};

TEST(DeclaredClusters, DestinationsAreFoundInArgoCdsWords) {
  constexpr auto kOn = InCluster::enabled;
  constexpr auto kOff = InCluster::disabled;
  const std::string local = "https://kubernetes.default.svc";
  const std::vector<FindCase> cases = {
      {{.server = "https://a"}, kOn, "https://a a"},
      {{.server = "https://a//"}, kOn, "https://a a"},
      {{.name = "prod"}, kOff, "https://a a"},
      {{.server = local}, kOn, local + " "},
      {{.name = "in-cluster"}, kOn, local + " "},
      {{.server = local + "/"}, kOn, local + " "},
      {{.server = local},
       kOff,
       "error getting cluster by server \"" + local + "\": cluster \"" + local + "\" is disabled"},
      {{.name = "in-cluster"}, kOff, "there are no clusters with this name: in-cluster"},
      {{.name = "nobody"}, kOn, "there are no clusters with this name: nobody"},
      {{.name = "f"}, kOn, "there are no clusters with this name: f"},
      {{.name = "twice"}, kOn, "there are 2 clusters with the same name: [https://b https://c]"},
      {{.server = "https://x"},
       kOn,
       "error getting cluster by server \"https://x\": cluster \"https://x\" not found"},
      {{.server = "https://d"},
       kOn,
       "error getting cluster by server \"https://d\": cluster \"https://d\" is declared by 2 "
       "Secrets: d1, d2"},
      {{.name = "e"},
       kOn,
       "error getting cluster by URL: cluster Secret e: config: is not a JSON map"},
      {{.server = "https://a", .name = "prod"},
       kOn,
       "application destination can't have both name and server defined: prod https://a"},
      {{}, kOn, "Destination server missing from app spec"},
  };
  const auto clusters = several();
  for (const auto& [to, in_cluster, expected] : cases) {
    const auto found = clusters.find(to, in_cluster);
    EXPECT_EQ(found.ok() ? found->server + " " + found->secret : found.error().text(), expected);
  }
}

TEST(DeclaredClusters, ASecretMayNameTheLocalCluster) {
  const DeclaredClusters clusters(
      {secret("home", {{"name", "home"}, {"server", "https://kubernetes.default.svc"}})});
  for (const api::Destination& to :
       {api::Destination{.name = "home"}, api::Destination{.name = "in-cluster"},
        api::Destination{.server = "https://kubernetes.default.svc"}}) {
    const auto found = clusters.find(to, InCluster::enabled);
    ASSERT_TRUE(found.ok()) << found.error().text();
    EXPECT_TRUE(found->is_local());
    EXPECT_EQ(found->name, "home");
    EXPECT_FALSE(clusters.find(to, InCluster::disabled).ok());
  }
}

TEST(DeclaredClusters, AProjectHasThoseThatNameIt) {
  const auto owned = several().of_project("team");
  EXPECT_THAT(owned, testing::ElementsAre(api::Destination{.server = "https://a", .name = "prod"},
                                          api::Destination{.server = "https://d", .name = "dd"}));
  EXPECT_THAT(several().of_project("other"), testing::IsEmpty());
  EXPECT_THAT(several().of_project(""), testing::IsEmpty());
}

}  // namespace
}  // namespace tiphys::live
