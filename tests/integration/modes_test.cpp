// Objects taken over from other tools, applications that share a repository, and Secrets that stay
// secret.
#include "integration/guards_bed.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/value/json.hpp"

#include <gmock/gmock.h>

namespace tiphys::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using value::Value;

class Modes : public GuardsBed {};

TEST_F(Modes, AdoptedObjectsLoseAFieldThatGitDropped) {
  make_target();
  const auto name = unique_name("app");
  // As Argo CD's client-side apply leaves it: its manager, its tracking, operation Update.
  auto argo = value::parse_json(R"({"apiVersion": "v1", "kind": "ConfigMap",
      "metadata": {"name": "of-argo", "labels": {"dropped": "label"}},
      "data": {"key": "text", "dropped": "field"}})");
  ASSERT_TRUE(argo.ok());
  argo->set_at({"metadata", "annotations", "argocd.argoproj.io/tracking-id"},
               name + ":/ConfigMap:" + target_ + "/of-argo");
  const auto created = plane_.create(
      "/api/v1/namespaces/" + target_ + "/configmaps?fieldManager=argocd-controller", *argo);
  ASSERT_EQ(created.status, 201) << created.text;
  plane_.kubectl_ok({"apply", "-n", target_, "-f", "-"},
                    config_map_yaml("of-kubectl", "{key: text, dropped: field}"));
  // Nobody's: a key that no git ever had is somebody's own and stays.
  const auto own = plane_.merge_patch(
      config_map("of-kubectl"), Value::object({{"data", Value::object({{"by-hand", "edit"}})}}));
  ASSERT_EQ(own.status, 200);
  const auto commit =
      git_.repo("gitops").commit({{"plain/argo.yaml", config_map_yaml("of-argo")},
                                  {"plain/kubectl.yaml", config_map_yaml("of-kubectl")}},
                                 "without the fields");
  auto controller = tiphys_.start();
  tiphys_.apply(app(name, "plain"));
  tiphys_.wait_for(name, "Synced", "Healthy", commit);
  const auto argo_data = plane_.get(config_map("of-argo")).body;
  EXPECT_EQ(argo_data["data"].size(), 1U)
      << "dropped: " << argo_data.at({"data", "dropped"}).text();
  EXPECT_EQ(argo_data.at({"metadata", "labels"}).size(), 0U);
  const auto kubectl_data = plane_.get(config_map("of-kubectl")).body["data"];
  EXPECT_EQ(kubectl_data["key"].text(), "text");
  EXPECT_EQ(kubectl_data["dropped"].text(), "");
  EXPECT_EQ(kubectl_data["by-hand"].text(), "edit");
}

TEST_F(Modes, ACommitIsFetchedOnceAndRenderedForWhomItTouches) {
  auto& repo = git_.repo("gitops");
  repo.commit(sample_chart("one"), "one");
  const auto first = repo.commit(sample_chart("two"), "two");
  const auto one = unique_name("one");
  const auto two = unique_name("two");
  const auto two_target = unique_name("target");
  auto controller = tiphys_.start();
  tiphys_.apply(app(one, "one"));
  auto other = app(two, "two");
  other.destination = two_target;
  tiphys_.apply(other);
  tiphys_.wait_for(one, "Synced", "Healthy", first);
  tiphys_.wait_for(two, "Synced", "Healthy", first);
  const auto renders = tiphys_.metric("tiphys_render_total");
  const auto fetches = git_.requests("fetch", "gitops").size();
  auto audit = plane_.audit();
  auto values = sample_chart("one").at("one/values.yaml");
  values.replace(values.find("tag: \"\""), 7, "tag: \"1.1.0\"");
  const auto second = repo.commit({{"one/values.yaml", values}}, "bump one");
  tiphys_.refresh(one);
  tiphys_.wait_for(one, "Synced", "Healthy", second);
  const auto object = tiphys_.wait_for(two, "Synced", "Healthy", second);
  EXPECT_EQ(git_.requests("fetch", "gitops").size(), fetches + 1);
  EXPECT_EQ(tiphys_.metric("tiphys_render_total"), renders + 1);
  const auto written = writes(audit);
  EXPECT_EQ(lines_with(written, "/applications/" + two).size(), 1U);
  EXPECT_THAT(lines_with(written, "/namespaces/" + two_target), IsEmpty());
  EXPECT_EQ(object.at({"status", "history"}).size(), 1U);
  EXPECT_EQ(lines_with(written, "patch /apis/apps/").size(), 1U) << testing::PrintToString(written);
  plane_.remove("/api/v1/namespaces/" + two_target);
}

TEST_F(Modes, NoSecretIsShownAnywhere) {
  const std::string in_object = "canary-object-7391";
  const std::string in_number = "730418265519";
  const std::string in_password = "canary-password-2746";
  auto& repo = git_.repo("gitops");
  const auto secret = [](const std::string& name, const std::string& members) {
    return "apiVersion: v1\nkind: Secret\nmetadata: {name: " + name + "}\n" + members + "\n";
  };
  repo.commit({{"good/s.yaml", secret("good", "stringData: {password: " + in_object + "}")},
               {"typed/s.yaml", secret("typed", "stringData: {pin: " + in_number + "}")},
               {"data/s.yaml", secret("data", "data: {pin: " + in_object + "}")},
               {"broken/s.yaml", secret("broken", "data: {pin: [" + in_object)}},
              "secrets");
  git_.require("robot", in_password);
  plane_.apply(
      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: gitops\n  labels: "
      "{argocd.argoproj.io/secret-type: repository}\nstringData:\n  url: " +
          git_.url("gitops") + "\n  username: robot\n  password: " + in_password + "\n",
      tiphys_.namespace_());
  const auto good = unique_name("good");
  const auto typed = unique_name("typed");
  const auto data = unique_name("data");
  const auto broken = unique_name("broken");
  auto controller = tiphys_.start();
  for (const auto& [name, path] : {std::pair(good, "good"), std::pair(typed, "typed"),
                                   std::pair(data, "data"), std::pair(broken, "broken")}) {
    tiphys_.apply(app(name, path));
  }
  // The API server quotes what it refuses; whether that is tried again doesn't matter here.
  const auto failed = [&](const std::string& name) {
    plane_.wait_for(
        tiphys_.path(name), name + " failed",
        [](const Value& object) {
          return object.at({"status", "operationState", "message"})
                     .text()
                     .find("failed to apply") != std::string_view::npos;
        },
        milliseconds(60'000));
  };
  tiphys_.wait_for_condition(broken, "ComparisonError", "s.yaml");
  failed(typed);
  failed(data);
  tiphys_.wait_for(good, "Synced", "Healthy");
  git_.require("robot", "changed-meanwhile");
  tiphys_.refresh(good);
  tiphys_.wait_for_condition(good, "ComparisonError", "");
  const std::string applications =
      "/apis/argoproj.io/v1alpha1/namespaces/" + tiphys_.namespace_() + "/applications";
  const std::map<std::string, std::string> shown = {
      {"log", controller.log_text()},
      {"metrics", tiphys_.metrics()},
      {"applications", plane_.get(applications).text},
      {"events", plane_.get("/api/v1/namespaces/" + tiphys_.namespace_() + "/events").text}};
  for (const auto& [where, text] : shown) {
    EXPECT_FALSE(text.empty()) << where;
    for (const auto& canary : {in_object, in_number, in_password}) {
      EXPECT_THAT(text, Not(HasSubstr(canary))) << where;
      EXPECT_THAT(text, Not(HasSubstr(base::base64_encode(canary)))) << where;
    }
  }
}

}  // namespace
}  // namespace tiphys::test
