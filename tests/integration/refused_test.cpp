// "Not implemented means refused": what isn't acted on is named by a condition, and nothing is
// written.
#include "integration/crd_sample.hpp"
#include "integration/guards_bed.hpp"

#include "tiphys/api/support.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

namespace tiphys::test {
namespace {

using testing::IsEmpty;
using value::Value;

struct Expectation {
  std::string app;
  std::string type;
  std::string words;
};

class Refused : public GuardsBed {
 protected:
  std::string collection(const std::string& resource) const {
    return "/apis/argoproj.io/v1alpha1/namespaces/" + tiphys_.namespace_() + "/" + resource;
  }
  Value base_app() const {
    return Value::object(
        {{"project", "default"},
         {"source",
          Value::object(
              {{"repoURL", git_.url("gitops")}, {"path", "plain"}, {"targetRevision", "main"}})},
         {"destination",
          Value::object({{"server", "https://kubernetes.default.svc"}, {"namespace", target_}})},
         {"syncPolicy",
          Value::object({{"automated", Value::object({{"prune", true}, {"selfHeal", true}})},
                         {"syncOptions", Value::array({"CreateNamespace=true"})}})}});
  }
  void create(const std::string& resource, const std::string& kind, const std::string& name,
              Value object) {
    object.set_at({"apiVersion"}, "argoproj.io/v1alpha1");
    object.set_at({"kind"}, kind);
    object.set_at({"metadata", "name"}, name);
    const auto answer = plane_.create(collection(resource), object);
    ASSERT_EQ(answer.status, 201) << name << ": " << answer.text;
  }
  /// An Application that `words` of an InvalidSpecError (or another type) are expected of.
  void add(Value object, const std::string& words, const std::string& type = "InvalidSpecError") {
    const auto name = unique_name("r" + std::to_string(expected_.size()));
    create("applications", "Application", name, std::move(object));
    expected_.push_back({name, type, words});
  }
  Value wrapped() const { return Value::object({{"spec", base_app()}}); }
  void add_source(const std::string& key, const std::string& text, const std::string& words,
                  const std::string& type = "InvalidSpecError") {
    Value object = wrapped();
    object.set_at({"spec", "source", key}, text);
    add(std::move(object), words, type);
  }
  void permissive_project(const std::string& name, Value spec) {
    spec.map().set("sourceRepos", Value::array({"*"}));
    spec.map().set("destinations",
                   Value::array({Value::object({{"server", "*"}, {"namespace", "*"}})}));
    create("appprojects", "AppProject", name, Value::object({{"spec", spec}}));
  }
  /// All conditions are there, and nothing but them was written: no Event either.
  void check(AuditLog& audit) {
    for (const auto& [app, type, words] : expected_) tiphys_.wait_for_condition(app, type, words);
    std::map<std::string, int> patches;
    for (const auto& write : writes(audit)) {
      const std::string prefix = "patch " + collection("applications/");
      EXPECT_TRUE(write.starts_with(prefix)) << write;
      ++patches[write.substr(0, write.find('?'))];
    }
    for (const auto& [path, count] : patches) EXPECT_LE(count, 2) << path;
    EXPECT_FALSE(exists("/api/v1/namespaces/" + target_));
  }
  /// Reasons of the Events about an application.
  std::vector<std::string> events_of(const std::string& app) const {
    std::vector<std::string> reasons;
    const auto list = plane_.get("/api/v1/namespaces/" + tiphys_.namespace_() + "/events").body;
    for (const auto& event : list["items"].items()) {
      if (event.at({"involvedObject", "name"}).text() == app)
        reasons.emplace_back(event["reason"].text());
    }
    return reasons;
  }
  static std::string field_of(std::string_view subject) {
    return std::string(subject.ends_with(".*") ? subject.substr(0, subject.size() - 2) : subject);
  }

  std::vector<Expectation> expected_;
};

TEST_F(Refused, EveryRefusedFieldOfAnApplication) {
  git_.repo("gitops").commit({{"plain/a.yaml", config_map_yaml("a")}}, "first");
  permissive_project("default", Value::object({}));
  const CrdPaths paths("application");
  for (const auto& row : api::application_rows()) {
    if (row.verdict != api::Verdict::refused || row.subject.starts_with("operation.")) continue;
    Value object = wrapped();
    paths.set(object, field_of(row.subject));
    // The one member that the CRD asks for.
    if (row.subject.starts_with("spec.ignoreDifferences[]"))
      paths.set(object, "spec.ignoreDifferences[].kind");
    add(std::move(object), "not supported: " + field_of(row.subject));
  }
  for (const auto& row : api::sync_option_rows()) {
    if (row.verdict != api::Verdict::refused) continue;
    Value object = wrapped();
    object.set_at({"spec", "syncPolicy", "syncOptions"},
                  Value::array({"CreateNamespace=true", row.subject}));
    add(std::move(object), "syncOptions " + std::string(row.subject));
  }
  ASSERT_GT(expected_.size(), 10U);
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  check(audit);
}

TEST_F(Refused, EveryRefusedFieldOfAnOperation) {
  git_.repo("gitops").commit({{"plain/a.yaml", config_map_yaml("a")}}, "first");
  permissive_project("default", Value::object({}));
  const CrdPaths paths("application");
  for (const auto& row : api::application_rows()) {
    if (row.verdict != api::Verdict::refused || !row.subject.starts_with("operation.")) continue;
    Value object = wrapped();
    paths.set(object, field_of(row.subject));
    add(std::move(object), "not supported: " + field_of(row.subject));
  }
  ASSERT_GE(expected_.size(), 4U);
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  for (const auto& [app, type, words] : expected_) {
    const auto answered = plane_.wait_for(
        tiphys_.path(app), "answered",
        [](const Value& object) {
          return object["operation"].is_null() &&
                 object.at({"status", "operationState", "phase"}).text() == "Error";
        },
        milliseconds(60'000));
    EXPECT_TRUE(answered.at({"status", "operationState", "message"}).text().contains(words))
        << answered.at({"status", "operationState", "message"}).text();
  }
  // The applications themselves are fine: they are compared, and not synced by that operation.
  for (const auto& write : writes(audit)) {
    EXPECT_TRUE(write.starts_with("patch " + collection("applications/")) ||
                write.starts_with("create /api/v1/namespaces/" + tiphys_.namespace_() + "/events"))
        << write;
  }
  EXPECT_FALSE(exists("/api/v1/namespaces/" + target_));
}

TEST_F(Refused, ValuesThatAreNotActedOn) {
  git_.repo("gitops").commit({{"plain/a.yaml", config_map_yaml("a")}}, "first");
  permissive_project("default", Value::object({}));
  Value unknown = wrapped();
  unknown.set_at({"spec", "syncPolicy", "syncOptions"},
                 Value::array({"CreateNamespace=true", "Fly=true"}));
  add(std::move(unknown), "Fly=true");
  Value elsewhere = wrapped();
  elsewhere.set_at({"spec", "destination", "server"}, "https://10.1.2.3");
  add(std::move(elsewhere), "https://10.1.2.3");
  Value named = wrapped();
  named.set_at({"spec", "destination"},
               Value::object({{"name", "far-away"}, {"namespace", target_}}));
  add(std::move(named), "far-away");
  add_source("repoURL", "git@example.org:a/b.git", "spec.source.repoURL with ssh");
  add_source("repoURL", "ssh://git@example.org/a/b.git", "spec.source.repoURL with ssh");
  add_source("repoURL", "oci://example.org/a/b", "spec.source.repoURL with oci");
  Value orphan = wrapped();
  orphan.set_at({"spec", "project"}, "nowhere");
  add(std::move(orphan), "project nowhere which does not exist");

  const CrdPaths paths("appproject");
  for (const auto& row : api::project_rows()) {
    if (row.verdict != api::Verdict::refused) continue;
    const auto field = field_of(row.subject);
    Value project = Value::object({});
    try {
      paths.set(project, field);
    } catch (const SupportError&) {
      continue;  // newer than the CRD that Argo CD 3.6 ships
    }
    const auto name = unique_name("p" + std::to_string(expected_.size()));
    permissive_project(name, project["spec"]);
    Value object = wrapped();
    object.set_at({"spec", "project"}, name);
    std::string words = "not supported: ";
    words.append(field).append(" (project ").append(name).append(")");
    add(std::move(object), words);
  }
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  check(audit);
}

TEST_F(Refused, WhatTheRepositoryHolds) {
  const auto annotated = [](const std::string& annotations) {
    return config_map_yaml("a", "{key: text}", annotations);
  };
  auto& repo = git_.repo("gitops");
  auto hooked = sample_chart("hooked");
  hooked["hooked/templates/hook.yaml"] = annotated("{argocd.argoproj.io/hook: PreDelete}");
  repo.commit(hooked, "a chart with a hook");
  auto helm = sample_chart("helmhook");
  helm["helmhook/templates/hook.yaml"] = annotated("{helm.sh/hook: pre-delete}");
  repo.commit(helm, "a chart with a helm hook");
  repo.commit(
      {{"option/a.yaml", annotated("{argocd.argoproj.io/sync-options: Fly=true}")},
       {"replace/a.yaml", annotated("{argocd.argoproj.io/sync-options: Replace=maybe}")},
       {"compare/a.yaml",
        annotated("{argocd.argoproj.io/compare-options: IncludeMutationWebhook=true}")},
       {"generated/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: some-}\n"},
       {"kust/kustomization.yaml", "resources: [a.yaml]\n"},
       {"kust/a.yaml", config_map_yaml("a")},
       {"jsonnet/a.jsonnet", "{}\n"},
       {"lfs/a.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:" +
                          std::string(64, 'a') + "\nsize 12\n"}},
      "directories");
  repo.git({"update-index", "--add", "--cacheinfo", "160000," + repo.head() + ",sub/module"});
  repo.git({"commit", "--quiet", "-m", "a gitlink"});
  permissive_project("default", Value::object({}));
  const std::string type = "ComparisonError";
  add_source("path", "hooked", "argocd.argoproj.io/hook PreDelete (ConfigMap/a)", type);
  add_source("path", "helmhook", "helm.sh/hook pre-delete (ConfigMap/a)", type);
  add_source("path", "option", "sync-options Fly=true (ConfigMap/a)", type);
  add_source("path", "replace", "sync-options Replace=maybe (ConfigMap/a)", type);
  add_source("path", "compare", "IncludeMutationWebhook=true (ConfigMap/a)", type);
  add_source("path", "generated", "metadata.generateName (ConfigMap/some-)", type);
  add_source("path", "kust", "kustomize (kust/kustomization.yaml)", type);
  add_source("path", "jsonnet", "jsonnet", type);
  add_source("path", "lfs", "lfs/a.yaml", type);
  add_source("path", "sub", "sub/module", type);
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  check(audit);
  // Neither does it count as the last known good while the repository can't be reached.
  const auto option = std::ranges::find_if(
      expected_, [](const auto& one) { return one.words.contains("Fly=true"); });
  ASSERT_NE(option, expected_.end());
  git_.stop();
  tiphys_.refresh(option->app);
  tiphys_.wait_for_condition(option->app, type, "Failed to poll");
  EXPECT_EQ(tiphys_.get(option->app).at({"status", "sync", "status"}).text(), "Unknown");
  EXPECT_FALSE(exists("/api/v1/namespaces/" + target_));
}

TEST_F(Refused, AnOperationIsAnsweredAndNothingElse) {
  git_.repo("gitops").commit({{"plain/a.yaml", config_map_yaml("a")}}, "first");
  permissive_project("default", Value::object({}));
  const auto request = [](Value object) {
    object.set_at({"operation"}, Value::object({{"sync", Value::object({{"prune", true}})}}));
    return object;
  };
  Value sets = wrapped();
  sets.set_at({"spec", "source", "kustomize"}, Value::object({{"namePrefix", "a-"}}));
  add(request(std::move(sets)), "not supported: spec.source.kustomize");
  Value gone = wrapped();
  gone.set_at({"spec", "source", "path"}, "nowhere");
  add(request(std::move(gone)), "nowhere", "ComparisonError");
  Value nothing = wrapped();
  nothing.set_at({"spec", "source", "path"}, "nowhere");
  nothing.set_at({"operation"}, Value::object({{"retry", Value::object({{"limit", 1}})}}));
  add(std::move(nothing), "nowhere", "ComparisonError");
  const std::string names[] = {expected_[0].app, expected_[1].app, expected_[2].app};
  auto controller = tiphys_.start();
  for (const auto& name : names) {
    plane_.wait_for(
        tiphys_.path(name), "answered",
        [](const Value& app) {
          return app["operation"].is_null() &&
                 app.at({"status", "operationState", "phase"}).text() == "Error";
        },
        milliseconds(60'000));
  }
  const auto message = [&](const std::string& name) {
    return std::string(tiphys_.get(name).at({"status", "operationState", "message"}).text());
  };
  EXPECT_EQ(message(names[0]).find("InvalidSpecError: not supported: spec.source.kustomize"), 0U)
      << message(names[0]);
  EXPECT_EQ(message(names[1]).find("ComparisonError: "), 0U) << message(names[1]);
  EXPECT_EQ(message(names[2]), "Invalid operation request: no operation specified");
  ASSERT_TRUE(controller.terminate(milliseconds(30'000)).has_value());
  EXPECT_THAT(events_of(names[0]), IsEmpty());
  // Health became known to be Unknown; sync was and stays so.
  EXPECT_THAT(events_of(names[1]),
              testing::UnorderedElementsAre("OperationCompleted", "ResourceUpdated"));
  EXPECT_FALSE(exists("/api/v1/namespaces/" + target_));
}

}  // namespace
}  // namespace tiphys::test
