// The function lookup of charts: who may look where, as whom, and that by default nobody looks.
#include "integration/guards_bed.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tiphys::test {
namespace {

using testing::IsEmpty;
using testing::Not;

/// One ConfigMap, named like the release, that shows what an expression gives.
std::map<std::string, std::string> chart(const std::string& folder, const std::string& expression) {
  return {{folder + "/Chart.yaml", "apiVersion: v2\nname: " + folder + "\nversion: 1.0.0\n"},
          {folder + "/templates/a.yaml",
           "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata:\n"
           "  found: {{ " +
               expression + " | quote }}\n"}};
}

class Lookups : public GuardsBed {
 protected:
  Lookups() { make_target(); }
  void TearDown() override {
    for (const auto& ns : more_namespaces_) plane_.remove("/api/v1/namespaces/" + ns);
    GuardsBed::TearDown();
  }

  void secret(const std::string& ns, const std::string& name, const std::string& text,
              const std::string& labels = "{}") const {
    plane_.apply(fmt::format("apiVersion: v1\nkind: Secret\nmetadata: {{name: {}, labels: {}}}\n"
                             "stringData: {{text: {}}}\n",
                             name, labels, text),
                 ns);
  }
  /// A project that permits the target, and Namespaces of its name.
  void project(const std::string& name, const std::string& annotations,
               const std::string& more = "") {
    plane_.apply(fmt::format(R"(apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: {0}, annotations: {1}}}
spec:
  sourceRepos: ["*"]
  destinations: [{{server: "*", namespace: {2}}}, {{server: "*", namespace: {3}}}]
  clusterResourceWhitelist: [{{group: "", kind: Namespace, name: {2}}}]
{4})",
                             name, annotations, target_, tiphys_.namespace_(), more),
                 tiphys_.namespace_());
  }
  void application(const std::string& name, const std::string& path, const std::string& project,
                   const std::string& options) {
    plane_.apply(fmt::format(R"(apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {}}}
spec:
  project: {}
  source: {{repoURL: "{}", targetRevision: main, path: {}}}
  destination: {{server: "https://kubernetes.default.svc", namespace: {}}}
  syncPolicy: {{automated: {{selfHeal: true}}, syncOptions: {}}}
)",
                             name, project, git_.url("gitops"), path, target_, options),
                 tiphys_.namespace_());
  }
  void wait_found(const std::string& name, const std::string& text) const {
    plane_.wait_for(config_map(name), name + " shows " + text, [&](const value::Value& object) {
      return object.at({"data", "found"}).text() == text;
    });
  }
  /// Reads of Secrets of the target namespace, as anybody.
  std::vector<AuditEvent> secret_reads(AuditLog& audit) const {
    plane_.sync_audit(audit);
    std::vector<AuditEvent> out;
    for (const auto& event :
         audit.select({.resource = "secrets", .name_space = target_, .user = user()}))
      if (!event.is_write()) out.push_back(event);
    return out;
  }

  std::string name_ = unique_name("look");
  std::vector<std::string> more_namespaces_;
};

const std::string kAllowed = "{tiphys.io/allow-lookup: \"true\"}";
const std::string kOption = "[HelmLookup=true]";

std::string look_at(const std::string& ns, const std::string& name) {
  return "((lookup \"v1\" \"Secret\" \"" + ns + "\" \"" + name +
         "\").data).text | default \"nothing\"";
}

TEST_F(Lookups, NobodyAsksByDefault) {
  secret(target_, "given", "first");
  git_.repo("gitops").commit(chart("look", look_at(target_, "given")), "a chart that looks up");
  project(name_, kAllowed);
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  application(name_, "look", name_, "[]");
  application(name_ + "-off", "look", name_, "[HelmLookup=false]");
  wait_found(name_, "nothing");
  wait_found(name_ + "-off", "nothing");
  tiphys_.wait_for(name_, "Synced", "Healthy");
  EXPECT_THAT(secret_reads(audit), IsEmpty());
}

TEST_F(Lookups, WhoIsAllowedSeesTheClusterAndItsChanges) {
  secret(target_, "given", "first");
  git_.repo("gitops").commit(
      chart("look", look_at(target_, "given") +
                        " | printf \"%s %d %s %s\" ((lookup \"v1\" \"Namespace\" "
                        "\"\" \"" +
                        target_ + "\").metadata.name) (len (lookup \"v1\" \"Secret\" \"" + target_ +
                        "\" \"\").items) (lookup \"v1\" \"Secret\" \"" + target_ +
                        "\" \"missing\" | toJson)"),
      "a chart that looks up");
  project(name_, kAllowed);
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  application(name_, "look", name_, kOption);
  wait_found(name_, target_ + " 1 {} Zmlyc3Q=");
  tiphys_.wait_for(name_, "Synced", "Healthy");
  const auto reads = secret_reads(audit);
  EXPECT_THAT(reads, Not(IsEmpty()));
  for (const auto& read : reads) EXPECT_TRUE(read.verb == "get" || read.verb == "list");
  secret(target_, "given", "second");
  tiphys_.refresh(name_);
  wait_found(name_, target_ + " 1 {} c2Vjb25k");
  tiphys_.wait_for(name_, "Synced", "Healthy");
  EXPECT_TRUE(controller.running());
}

TEST_F(Lookups, APasswordIsMadeOnceAndFoundFromThenOn) {
  git_.repo("gitops").commit(
      chart("look",
            "((lookup \"v1\" \"ConfigMap\" .Release.Namespace .Release.Name).data).found | "
            "default (randAlphaNum 30)"),
      "a chart that keeps its password");
  project(name_, kAllowed);
  {
    auto controller = tiphys_.start();
    application(name_, "look", name_, kOption);
    tiphys_.wait_for(name_, "Synced", "Healthy");
  }
  const std::string password(plane_.get(config_map(name_)).body.at({"data", "found"}).text());
  EXPECT_EQ(password.size(), 30U);
  // Another process remembers nothing.
  auto controller = tiphys_.start();
  tiphys_.refresh(name_);
  plane_.wait_for(tiphys_.path(name_), "the refresh is answered", [](const value::Value& object) {
    return object.at({"metadata", "annotations", "argocd.argoproj.io/refresh"}).is_null();
  });
  tiphys_.wait_for(name_, "Synced", "Healthy");
  EXPECT_EQ(plane_.get(config_map(name_)).body.at({"data", "found"}).text(), password);
}

TEST_F(Lookups, WhatIsNotAllowedIsAnErrorThatNamesItAndNothingIsWritten) {
  const std::string other = unique_name("other");
  more_namespaces_.push_back(other);
  plane_.kubectl_ok({"create", "namespace", other});
  secret(target_, "given", "first");
  secret(target_, "labelled", "hidden", "{argocd.argoproj.io/secret-type: repository}");
  auto files = chart("given", look_at(target_, "given"));
  files.merge(chart("foreign", look_at(other, "given")));
  files.merge(chart("control", look_at(tiphys_.namespace_(), "given")));
  files.merge(chart("labelled", look_at(target_, "labelled")));
  files.merge(chart("listed", "len (lookup \"v1\" \"Secret\" \"" + target_ + "\" \"\").items"));
  files.merge(chart("everywhere", "len (lookup \"v1\" \"Secret\" \"\" \"\").items"));
  files.merge(chart("node", "lookup \"v1\" \"Node\" \"\" \"\" | toJson"));
  files.merge(chart("unknown", "lookup \"v1\" \"Nothing\" \"" + target_ + "\" \"x\" | toJson"));
  git_.repo("gitops").commit(files, "charts that look where they may not");
  project(name_, kAllowed);
  project(name_ + "-plain", "{}");
  auto controller = tiphys_.start();
  struct Case {
    std::string path;
    std::string project;
    std::string words;
  };
  for (const auto& [path, project, words] : std::vector<Case>{
           {"given", name_ + "-plain",
            "lookup v1 Secret " + target_ + "/given: project " + name_ +
                "-plain doesn't allow it: it has no annotation tiphys.io/allow-lookup"},
           {"foreign", name_,
            fmt::format("lookup v1 Secret {0}/given: project {1} has no destination for "
                        "namespace {0}",
                        other, name_)},
           {"control", name_, tiphys_.namespace_() + " is the control namespace"},
           {"labelled", name_, "it has the label argocd.argoproj.io/secret-type"},
           {"listed", name_, "it has the label argocd.argoproj.io/secret-type"},
           {"everywhere", name_, "lookup v1 Secret in all namespaces: a namespace must be named"},
           {"node", name_, "doesn't permit the cluster-scoped kind Node"},
           {"unknown", name_, "the server serves no Nothing in v1"}}) {
    const std::string app = name_ + "-" + path;
    application(app, path, project, kOption);
    tiphys_.wait_for_condition(app, "ComparisonError", words);
    EXPECT_FALSE(exists(config_map(app))) << app;
  }
  // The annotation is a switch: both ways, at once.
  project(name_ + "-plain", kAllowed);
  wait_found(name_ + "-given", "Zmlyc3Q=");
  annotate("/apis/argoproj.io/v1alpha1/namespaces/" + tiphys_.namespace_() + "/appprojects/" +
               name_ + "-plain",
           "tiphys.io/allow-lookup", "false");
  tiphys_.wait_for_condition(name_ + "-given", "ComparisonError", "doesn't allow it");
  EXPECT_TRUE(exists(config_map(name_ + "-given")));
  EXPECT_TRUE(controller.running());
}

TEST_F(Lookups, AreMadeAsWhoeverSyncs) {
  secret(target_, "given", "first");
  git_.repo("gitops").commit(chart("look", look_at(target_, "given")), "a chart that looks up");
  const std::string account = "system:serviceaccount:" + target_ + ":deployer";
  project(name_, kAllowed,
          "  destinationServiceAccounts: [{server: \"*\", namespace: \"*\", "
          "defaultServiceAccount: deployer}]\n");
  grant_deployer(R"([{apiGroups: [""], resources: [configmaps], verbs: ["*"]}])");
  tiphys_.expect_forbidden();
  auto controller = tiphys_.start({.flags = {"--sync-impersonation", "true"}});
  application(name_, "look", name_, kOption);
  tiphys_.wait_for_condition(name_, "ComparisonError",
                             "User \"" + account + "\" cannot get resource \"secrets\"");
  EXPECT_FALSE(exists(config_map(name_)));
  grant_deployer(R"([{apiGroups: [""], resources: [configmaps, secrets], verbs: ["*"]}])");
  auto audit = plane_.audit();
  tiphys_.refresh(name_);
  wait_found(name_, "Zmlyc3Q=");
  for (const auto& read : secret_reads(audit)) EXPECT_EQ(read.impersonated, account) << read.uri;
}

}  // namespace
}  // namespace tiphys::test
