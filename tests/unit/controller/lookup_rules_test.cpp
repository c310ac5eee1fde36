#include "controller/lookup_rules.hpp"

#include "tiphys/value/yaml.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tiphys::controller {
namespace {

constexpr const char* kProject = R"(
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: team, annotations: {tiphys.io/allow-lookup: "true"}}
spec:
  destinations: [{server: "*", namespace: "team-*"}, {server: "*", namespace: argocd}]
  clusterResourceWhitelist: [{group: "", kind: Namespace, name: "team-*"}, {group: "*", kind: IngressClass}]
  namespaceResourceBlacklist: [{group: "", kind: ResourceQuota}]
)";

kube::ResourceInfo kind_of(const std::string& kind, bool namespaced) {
  kube::ResourceInfo out;
  out.version = "v1";
  out.kind = kind;
  out.namespaced = namespaced;
  return out;
}

class LookupRules : public testing::Test {
 protected:
  static api::Project project(const std::string& yaml) {
    return *api::parse_project(k8s::Object::trusted(*value::parse_yaml(yaml)));
  }
  std::string asked(const std::string& kind, const std::string& ns, const std::string& name) {
    return text(
        may_look_up({project_, destination_, control_, problem_}, kind_of(kind, true), ns, name));
  }
  std::string asked_cluster(const std::string& kind, const std::string& name) {
    return text(
        may_look_up({project_, destination_, control_, problem_}, kind_of(kind, false), "", name));
  }
  static std::string text(const base::Status& status) {
    if (status.ok()) return "ok";
    EXPECT_EQ(status.error().code(), base::Code::Forbidden);
    return status.error().text();
  }

  api::Project project_ = project(kProject);
  api::Destination destination_{
      .server = "https://kubernetes.default.svc", .name = "in-cluster", .namespace_ = "team-a"};
  std::string control_ = "argocd";
  std::string problem_;
};

TEST_F(LookupRules, TheProjectsDestinationsAreTheNamespaces) {
  EXPECT_EQ(asked("Secret", "team-a", "s"), "ok");
  EXPECT_EQ(asked("Secret", "team-b", ""), "ok");
  EXPECT_EQ(
      asked("Secret", "other", "s"),
      "project team has no destination for namespace other of https://kubernetes.default.svc");
  EXPECT_EQ(asked("Secret", "", "s"), "a namespace must be named");
  EXPECT_EQ(asked("Secret", "", ""), "a namespace must be named");
  EXPECT_EQ(asked("ResourceQuota", "team-a", "q"), "project team doesn't permit ResourceQuota");
}

TEST_F(LookupRules, NeverTheControlNamespace) {
  EXPECT_EQ(asked("ConfigMap", "argocd", "x"), "argocd is the control namespace");
  destination_.server = "https://far.example";
  EXPECT_EQ(asked("ConfigMap", "argocd", "x"), "argocd is the control namespace");
}

TEST_F(LookupRules, ClusterKindsMustBeWhitelisted) {
  EXPECT_EQ(asked_cluster("Namespace", "team-a"), "ok");
  EXPECT_EQ(asked_cluster("IngressClass", ""), "ok");
  EXPECT_EQ(asked_cluster("Namespace", "kube-system"),
            "project team doesn't permit the cluster-scoped kind Namespace");
  EXPECT_EQ(asked_cluster("Namespace", ""),
            "project team doesn't permit the cluster-scoped kind Namespace");
  EXPECT_EQ(asked_cluster("Node", "n"), "project team doesn't permit the cluster-scoped kind Node");
}

TEST_F(LookupRules, OnlyWhereTheProjectSaysTrue) {
  for (const std::string annotations :
       {"{}", "{tiphys.io/allow-lookup: \"false\"}", "{tiphys.io/allow-lookup: \"True\"}"}) {
    project_ = project("metadata: {name: team, annotations: " + annotations +
                       "}\nspec: {destinations: [{server: '*', namespace: '*'}]}");
    EXPECT_EQ(asked("Secret", "team-a", "s"),
              "project team doesn't allow it: it has no annotation tiphys.io/allow-lookup: "
              "\"true\"")
        << annotations;
  }
}

TEST_F(LookupRules, OnlyAsSomebody) {
  problem_ = "no matching service account found";
  EXPECT_EQ(asked("Secret", "team-a", "s"), problem_);
}

TEST(LookupMayShow, NoSecretThatDeclaresAConnection) {
  const auto shown = [](const std::string& yaml) {
    return may_show(k8s::Object::trusted(*value::parse_yaml(yaml)));
  };
  const std::string labels =
      "metadata: {namespace: ns, name: s, labels: {argocd.argoproj.io/secret-type: cluster}}";
  const auto refused = shown("apiVersion: v1\nkind: Secret\n" + labels);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().text(),
            "Secret ns/s declares a connection: it has the label argocd.argoproj.io/secret-type");
  EXPECT_TRUE(shown("apiVersion: v1\nkind: ConfigMap\n" + labels).ok());
  EXPECT_TRUE(shown("apiVersion: v1\nkind: Secret\nmetadata: {name: s}").ok());
}

}  // namespace
}  // namespace tiphys::controller
