#include "controller/project_clusters.hpp"

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

namespace tiphys::controller {
namespace {

k8s::Object secret(const std::string& type, const std::string& data) {
  const auto tree =
      value::parse_json(R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","labels":)"
                        R"({"argocd.argoproj.io/secret-type":")" +
                        type + R"("}},"data":)" + data + "}");
  EXPECT_TRUE(tree.ok()) << tree.error().text();
  return k8s::Object::trusted(*tree);
}

// name: prod, server: https://a, project: team
const std::string kData = R"({"name":"cHJvZA==","server":"aHR0cHM6Ly9h","project":"dGVhbQ=="})";

TEST(ProjectClusters, ASecretNamesItsProject) {
  const auto cluster = cluster_of_project(secret("cluster", kData), "team");
  ASSERT_TRUE(cluster.has_value());
  EXPECT_EQ(cluster->name, "prod");
  EXPECT_EQ(cluster->server, "https://a");
}

TEST(ProjectClusters, OtherSecretsAndProjectsHaveNone) {
  EXPECT_FALSE(cluster_of_project(secret("repository", kData), "team").has_value());
  EXPECT_FALSE(cluster_of_project(secret("cluster", kData), "other").has_value());
  EXPECT_FALSE(
      cluster_of_project(secret("cluster", R"({"server":"aHR0cHM6Ly9h"})"), "team").has_value());
  EXPECT_FALSE(
      cluster_of_project(secret("cluster", R"({"project":"not base64"})"), "team").has_value());
}

}  // namespace
}  // namespace tiphys::controller
