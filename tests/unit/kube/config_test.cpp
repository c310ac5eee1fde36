#include "tiphys/kube/config.hpp"

#include "tiphys/base/encoding.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tiphys::kube {
namespace {

using base::Code;

/// A folder of its own, removed at the end.
class ConfigTest : public ::testing::Test {
 protected:
  ConfigTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tiphys-kube-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << text;
  }
  std::string folder_;
};

std::string config_with(const std::string& cluster, const std::string& user) {
  return "apiVersion: v1\nkind: Config\ncurrent-context: dev\n"
         "contexts:\n- name: other\n  context: {cluster: none, user: none}\n"
         "- name: dev\n  context: {cluster: c1, user: u1, namespace: argocd}\n"
         "clusters:\n- name: c1\n  cluster: {server: 'https://10.0.0.1:6443/base/', " +
         cluster +
         "}\n"
         "users:\n- name: u1\n  user: {" +
         user + "}\n";
}

TEST_F(ConfigTest, ReadsInlineData) {
  const auto config =
      parse_kubeconfig(config_with("certificate-authority-data: " + base::base64_encode("CA") +
                                       ", tls-server-name: api",
                                   "client-certificate-data: " + base::base64_encode("CERT") +
                                       ", client-key-data: " + base::base64_encode("KEY")),
                       folder_);
  ASSERT_TRUE(config.ok()) << config.error().text();
  EXPECT_EQ(config->server.origin(), "https://10.0.0.1:6443");
  EXPECT_EQ(config->server.target, "/base");
  EXPECT_EQ(config->tls.ca_pem, "CA");
  EXPECT_EQ(config->tls.server_name, "api");
  EXPECT_EQ(config->tls.client_cert_pem, "CERT");
  EXPECT_EQ(config->tls.client_key_pem, "KEY");
  EXPECT_FALSE(config->tls.insecure);
  EXPECT_EQ(config->default_namespace, "argocd");
}

TEST_F(ConfigTest, ReadsFilesBesideTheKubeconfig) {
  write("ca.crt", "CA");
  write("token", "from-file\n");
  write("config", config_with("certificate-authority: ca.crt", "token: given, tokenFile: token"));
  auto config = load_kubeconfig(folder_ + "/config");
  ASSERT_TRUE(config.ok()) << config.error().text();
  EXPECT_EQ(config->tls.ca_pem, "CA");
  EXPECT_EQ(*config->token.token(base::ManualClock()), "from-file");
  EXPECT_EQ(config->origin, "context dev of " + folder_ + "/config");
}

struct Refused {
  const char* cluster;
  const char* user;
  Code code;
  const char* text;
};

TEST_F(ConfigTest, NamesWhatItRefuses) {
  const Refused rows[] = {
      {"a: b", "exec: {command: aws}", Code::Unimplemented, "user \"u1\": exec is not supported"},
      {"a: b", "auth-provider: {name: gcp}", Code::Unimplemented,
       "user \"u1\": auth-provider is not"},
      {"a: b", "as: admin", Code::Unimplemented, "user \"u1\": as is not supported"},
      {"proxy-url: 'http://p'", "token: x", Code::Unimplemented, "cluster \"c1\": proxy-url"},
      {"certificate-authority-data: '%%'", "token: x", Code::Invalid,
       "certificate-authority-data: not base64"},
      {"certificate-authority: missing.crt", "token: x", Code::NotFound, "missing.crt"},
      {"insecure-skip-tls-verify: maybe", "token: x", Code::Invalid, "insecure-skip-tls-verify"},
      {"a: b", "client-certificate-data: QQ==", Code::Invalid, "client-key: is missing"},
      {"a: b", "client-key-data: QQ==", Code::Invalid, "client-certificate: is missing"},
  };
  for (const auto& row : rows) {
    const auto config = parse_kubeconfig(config_with(row.cluster, row.user), folder_);
    ASSERT_FALSE(config.ok()) << row.text;
    EXPECT_EQ(config.error().code(), row.code) << config.error().text();
    EXPECT_NE(config.error().text().find(row.text), std::string::npos) << config.error().text();
  }
}

TEST_F(ConfigTest, SaysWhichEntryIsMissing) {
  const std::string text = config_with("a: b", "token: x");
  EXPECT_NE(parse_kubeconfig(text, folder_, "nope").error().text().find("context \"nope\""),
            std::string::npos);
  EXPECT_NE(parse_kubeconfig(text, folder_, "other").error().text().find("cluster \"none\""),
            std::string::npos);
  EXPECT_EQ(parse_kubeconfig("a: [", folder_).error().code(), Code::Invalid);
  EXPECT_EQ(parse_kubeconfig("just text", folder_).error().code(), Code::Invalid);
  EXPECT_EQ(parse_kubeconfig("kind: Config", folder_).error().code(), Code::Invalid);
  EXPECT_EQ(load_kubeconfig(folder_ + "/none").error().code(), Code::NotFound);
}

TEST_F(ConfigTest, IsFoundInACluster) {
  write("ca.crt", "CA");
  write("token", "abc");
  write("namespace", "argocd\n");
  auto config = in_cluster_config("fd00::1", "443", folder_);
  ASSERT_TRUE(config.ok()) << config.error().text();
  EXPECT_EQ(config->server.origin(), "https://[fd00::1]");
  EXPECT_EQ(config->server.target, "");
  EXPECT_EQ(config->default_namespace, "argocd");
  EXPECT_EQ(*config->token.token(base::ManualClock()), "abc");
  EXPECT_EQ(in_cluster_config("", "", folder_).error().code(), Code::NotFound);
}

TEST_F(ConfigTest, ReadsATokenFileAgainAfterAMinuteOrARefusal) {
  write("token", "one");
  base::ManualClock clock;
  auto source = TokenSource::file(folder_ + "/token");
  EXPECT_EQ(*source.token(clock), "one");
  write("token", "two");
  clock.advance(std::chrono::seconds(59));
  EXPECT_EQ(*source.token(clock), "one");
  clock.advance(std::chrono::seconds(2));
  EXPECT_EQ(*source.token(clock), "two");
  write("token", "three");
  EXPECT_TRUE(source.invalidate());
  EXPECT_EQ(*source.token(clock), "three");
  std::filesystem::remove(folder_ + "/token");
  source.invalidate();
  EXPECT_EQ(*source.token(clock), "three");
}

TEST_F(ConfigTest, SaysThatATokenFileIsMissing) {
  auto source = TokenSource::file(folder_ + "/none");
  const auto token = source.token(base::ManualClock());
  ASSERT_FALSE(token.ok());
  EXPECT_EQ(token.error().code(), Code::Unauthorized);
  EXPECT_NE(token.error().text().find(folder_ + "/none"), std::string::npos);
  EXPECT_FALSE(TokenSource("fixed").invalidate());
}

}  // namespace
}  // namespace tiphys::kube
