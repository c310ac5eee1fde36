#include "tiphys/api/project.hpp"

#include "tiphys/value/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

namespace tiphys::api {
namespace {

using value::Value;

bool answer(const Value& vector, const Project& project) {
  const std::string_view ask = vector["ask"].text();
  if (ask == "source") return permitted_source(project, vector["repo"].text());
  if (ask == "destination") {
    const Value& to = vector["to"];
    return permitted_destination(project, {.server = std::string(to["server"].text()),
                                           .name = std::string(to["name"].text()),
                                           .namespace_ = std::string(to["namespace"].text())});
  }
  return permitted_kind(
      project, {std::string(vector["group"].text()), std::string(vector["kind"].text())},
      vector["name"].text(),
      vector["namespaced"].boolean_or(false) ? Scope::namespaced : Scope::cluster);
}

// Recorded by tests/oracle/argocd from Argo CD 3.6.1.
TEST(ProjectVectors, EveryRuleAnswersAsArgoCdDoes) {
  std::ifstream file(TIPHYS_SOURCE_DIR "/tests/vectors/projects/vectors.jsonl");
  ASSERT_TRUE(file.is_open());
  std::map<std::string, int> counts;
  for (std::string line; std::getline(file, line);) {
    const auto vector = value::parse_json(line);
    ASSERT_TRUE(vector.ok()) << vector.error().text();
    auto project =
        parse_project(k8s::Object::trusted(Value::object({{"spec", (*vector)["spec"]}})));
    ASSERT_TRUE(project.ok()) << project.error().text();
    if ((*vector)["noNamespaced"].boolean_or(false))
      project->namespace_resource_whitelist.emplace();
    EXPECT_EQ(answer(*vector, *project), (*vector)["permitted"].boolean_or(false)) << line;
    ++counts[std::string((*vector)["ask"].text())];
  }
  EXPECT_GE(counts["source"], 200);
  EXPECT_GE(counts["destination"], 80);
  EXPECT_GE(counts["kind"], 90);
}

Destination destination_of(const Value& to, std::string_view namespace_) {
  return {.server = std::string(to["server"].text()),
          .name = std::string(to["name"].text()),
          .namespace_ = std::string(namespace_)};
}

bool permitted(const Value& in, const Project& project) {
  const std::string_view ask = in["ask"].text();
  if (ask == "source") return permitted_source(project, in["repo"].text());
  if (ask == "destination")
    return permitted_destination(project, destination_of(in["to"], in["to"]["namespace"].text()));
  const std::string_view namespace_ = in["namespace"].text();
  return permitted_object(project,
                          {std::string(in["group"].text()), std::string(in["kind"].text()),
                           std::string(namespace_), std::string(in["name"].text())},
                          namespace_.empty() ? Scope::cluster : Scope::namespaced,
                          destination_of(in["to"], ""));
}

// Recorded by tests/oracle/argocd from Argo CD 3.6.1.
TEST(ProjectVectors, WholeQuestionsAreAnsweredAsArgoCdDoes) {
  std::ifstream file(TIPHYS_SOURCE_DIR "/tests/vectors/argocd/project.jsonl");
  ASSERT_TRUE(file.is_open());
  int asked = 0;
  for (std::string line; std::getline(file, line);) {
    const auto vector = value::parse_json(line);
    ASSERT_TRUE(vector.ok()) << vector.error().text();
    const Value& in = (*vector)["in"];
    // Applications outside the control namespace aren't looked at.
    if (in["ask"].text() == "application-namespace") continue;
    // Two clusters without a name are the same there.
    const Value& own = in["projectClusters"];
    if (!own.is_null() && in["to"]["name"].text().empty()) continue;
    auto project = parse_project(k8s::Object::trusted(Value::object({{"spec", in["spec"]}})));
    ASSERT_TRUE(project.ok()) << project.error().text();
    for (const Value& server : own.items())
      project->own_clusters.push_back(
          {.server = std::string(server.text()), .name = "", .namespace_ = ""});
    EXPECT_EQ(permitted(in, *project), (*vector)["want"]["permitted"].boolean_or(false)) << line;
    ++asked;
  }
  EXPECT_GE(asked, 190);
}

TEST(Project, OnlyItsOwnClustersArePermittedWhereItSaysSo) {
  auto project = *parse_project(k8s::Object::trusted(
      *value::parse_json(R"({"spec":{"destinations":[{"server":"*","namespace":"*"}],)"
                         R"("permitOnlyProjectScopedClusters":true}})")));
  const Destination unnamed{.server = "https://a", .name = "", .namespace_ = "shop"};
  EXPECT_FALSE(permitted_destination(project, unnamed));
  project.own_clusters.push_back({.server = "https://b", .name = "", .namespace_ = ""});
  EXPECT_FALSE(permitted_destination(project, unnamed));
  project.own_clusters.push_back({.server = "https://a", .name = "", .namespace_ = ""});
  EXPECT_TRUE(permitted_destination(project, unnamed));
}

TEST(Project, AnEmptyNamespaceWhitelistPermitsNothingAnAbsentOneAll) {
  auto spec = value::parse_json(R"({"spec":{"namespaceResourceWhitelist":[]}})");
  const auto none = parse_project(k8s::Object::trusted(*spec));
  ASSERT_TRUE(none.ok());
  const k8s::GroupKind kind{.group = "", .kind = "ConfigMap"};
  EXPECT_FALSE(permitted_kind(*none, kind, "a", Scope::namespaced));
  EXPECT_TRUE(permitted_kind(Project(), kind, "a", Scope::namespaced));
}

TEST(Project, AWrongTypeIsNamedWithItsPath) {
  auto spec = value::parse_json(R"({"spec":{"destinations":[{"server":"a"},{"server":7}]}})");
  const auto project = parse_project(k8s::Object::trusted(*spec));
  ASSERT_FALSE(project.ok());
  EXPECT_EQ(project.error().message(),
            "spec.destinations[1].server: expected a string, not a number");
}

TEST(Project, TheDefaultOnePermitsAll) {
  const auto project = parse_project(default_project("argocd"));
  ASSERT_TRUE(project.ok());
  Application app;
  app.spec.source = Source{.repo_url = "https://git.example/a", .path = "x"};
  app.spec.destination = {
      .server = "https://kubernetes.default.svc", .name = "", .namespace_ = "shop"};
  EXPECT_THAT(project_problems(*project, app, app.spec.destination), testing::IsEmpty());
  EXPECT_TRUE(
      permitted_kind(*project, {"rbac.authorization.k8s.io", "ClusterRole"}, "r", Scope::cluster));
}

TEST(Project, ProblemsAreWordedAsArgoCdDoes) {
  Project project;
  project.key.name = "tight";
  Application app;
  app.spec.source = Source{.repo_url = "https://git.example/a", .path = "x"};
  app.spec.destination = {
      .server = "https://kubernetes.default.svc", .name = "", .namespace_ = "shop"};
  EXPECT_THAT(project_problems(project, app, app.spec.destination),
              testing::ElementsAre(
                  "application repo https://git.example/a is not permitted in project 'tight'",
                  "application destination server 'https://kubernetes.default.svc' and namespace "
                  "'shop' do not match any of the allowed destinations in project 'tight'"));
}

TEST(Project, TheClusterOfTheDestinationIsAskedAboutByBothItsNames) {
  Project project;
  project.key.name = "tight";
  project.source_repos = {"*"};
  project.destinations = {{.server = "", .name = "prod", .namespace_ = "shop"}};
  Application app;
  app.spec.destination = {.server = "https://a", .name = "", .namespace_ = "shop"};
  EXPECT_THAT(
      project_problems(project, app, {.server = "https://a", .name = "prod", .namespace_ = "shop"}),
      testing::IsEmpty());
  EXPECT_EQ(
      project_problems(project, app, {.server = "https://a", .name = "other", .namespace_ = "shop"})
          .size(),
      1U);
  // No cluster was found: that is said elsewhere.
  EXPECT_THAT(project_problems(project, app, {}), testing::IsEmpty());
}

struct AccountCase {
  std::vector<DestinationServiceAccount> accounts;
  std::string namespace_;
  std::string expected;  ///< "" none, else the account or the error
};

TEST(Project, SyncsAreWrittenAsTheFirstAccountThatFits) {
  const std::string bad = "default service account contains invalid chars '";
  const std::vector<AccountCase> cases = {
      {{}, "shop", ""},
      {{{"https://a", "shop", "deployer"}}, "shop", "system:serviceaccount:shop:deployer"},
      {{{"https://b", "shop", "deployer"}}, "shop", ""},
      {{{"https://a", "other", "deployer"}}, "shop", ""},
      {{{"*", "sh*", "x"}, {"*", "*", "y"}}, "shop", "system:serviceaccount:shop:x"},
      {{{"https://b*", "*", "x"}, {"*", "*", "y"}}, "shop", "system:serviceaccount:shop:y"},
      {{{"*", "*", "ops:deployer"}}, "shop", "system:serviceaccount:ops:deployer"},
      {{{"*", "*", "deployer"}}, "", "system:serviceaccount:argocd:deployer"},
      {{{"*", "*", ""}}, "shop", bad + "'"},
      {{{"*", "*", "  "}}, "shop", bad + "  '"},
      {{{"*", "*", "a*"}}, "shop", bad + "a*'"},
      {{{"*", "*", "a/b"}}, "shop", bad + "a/b'"},
      {{{"*", "*", "a\\b"}}, "shop", bad + "a\\b'"},
      {{{"*", "no", "a*"}, {"*", "*", "fine"}}, "shop", "system:serviceaccount:shop:fine"},
  };
  for (const auto& [accounts, namespace_, expected] : cases) {
    Project project;
    project.destination_service_accounts = accounts;
    Application app;
    app.key = {"argocd", "web"};
    const auto found = service_account_of(
        project, app, {.server = "https://a", .name = "a", .namespace_ = namespace_});
    EXPECT_EQ(found.ok() ? found->value_or("") : found.error().text(), expected);
  }
}

TEST(Project, ANamespacedObjectNeedsItsNamespacePermitted) {
  Project project;
  project.destinations = {{.server = "*", .name = "", .namespace_ = "shop"}};
  const Destination local{
      .server = "https://kubernetes.default.svc", .name = "in-cluster", .namespace_ = "shop"};
  k8s::ObjectKey key{.group = "", .kind = "ConfigMap", .namespace_ = "shop", .name = "a"};
  EXPECT_TRUE(permitted_object(project, key, Scope::namespaced, local));
  key.namespace_ = "kube-system";
  EXPECT_FALSE(permitted_object(project, key, Scope::namespaced, local));
}

}  // namespace
}  // namespace tiphys::api
