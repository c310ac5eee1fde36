#include "tiphys/diff/ignore.hpp"

#include "unit/diff/objects.hpp"

#include <gmock/gmock.h>

namespace tiphys::diff {
namespace {

using testing::HasSubstr;

std::vector<IgnoreRule> rules(const std::string& yaml) {
  const auto parsed = parse_ignore_rules(*value::parse_yaml(yaml), "spec.ignoreDifferences");
  EXPECT_TRUE(parsed.ok()) << parsed.error().text();
  return *parsed;
}

Diff compared(const std::string& yaml, const k8s::Object& desired, const k8s::Object& live,
              const Owned* owned) {
  const auto pair = without_ignored(ignored_of(rules(yaml), desired), desired, live);
  EXPECT_TRUE(pair.ok());
  return compare(pair->desired, pair->live, owned);
}

k8s::Object respected(const std::string& yaml, const k8s::Object& desired, const k8s::Object& live,
                      const Owned* owned) {
  const auto out = respecting(ignored_of(rules(yaml), desired), desired, live, owned);
  EXPECT_TRUE(out.ok());
  return *out;
}

constexpr const char* kReplicas =
    "[{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}]";

k8s::Object deployment(const std::string& spec) {
  return object(
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, "
      "spec: {" +
      spec + "}}");
}

TEST(Ignore, RefusesWhatIsNotARule) {
  const auto error = [](const std::string& yaml) {
    const auto parsed = parse_ignore_rules(*value::parse_yaml(yaml), "spec.ignoreDifferences");
    return parsed.ok() ? "" : parsed.error().text();
  };
  EXPECT_THAT(error("{}"), HasSubstr("spec.ignoreDifferences: expected a list"));
  EXPECT_THAT(error("[x]"), HasSubstr("spec.ignoreDifferences[0]: expected a map"));
  EXPECT_THAT(error("[{kind: A, jsonPointers: /x}]"),
              HasSubstr("spec.ignoreDifferences[0].jsonPointers: expected a list"));
  EXPECT_THAT(error("[{kind: A, managedFieldsManagers: [1]}]"),
              HasSubstr("spec.ignoreDifferences[0].managedFieldsManagers: expected strings"));
  EXPECT_THAT(error("[{kind: A}, {kind: [A]}]"),
              HasSubstr("spec.ignoreDifferences[1].kind: expected a string"));
  EXPECT_THAT(error("[{kind: '[a'}]"), HasSubstr("spec.ignoreDifferences[0].kind"));
}

TEST(Ignore, AnIgnoredFieldIsNoDifference) {
  const auto live = deployment("replicas: 5, paused: true");
  EXPECT_FALSE(
      compared(kReplicas, deployment("replicas: 2, paused: true"), live, nullptr).modified);
  EXPECT_TRUE(
      compared(kReplicas, deployment("replicas: 2, paused: false"), live, nullptr).modified);
}

TEST(Ignore, AnIgnoredFieldThatLeftGitIsNoDifference) {
  const Owned ours = owned("{f:spec: {f:replicas: {}}}", true);
  const auto live = deployment("replicas: 5");
  const auto desired = deployment("paused: null");
  EXPECT_TRUE(compared("[]", desired, live, &ours).certain);
  EXPECT_FALSE(compared(kReplicas, desired, live, &ours).modified);
}

TEST(Ignore, TheAnnotationOfTheObjectIsARuleToo) {
  auto desired = deployment("replicas: 2");
  desired.set_annotation("argocd.argoproj.io/ignore-differences",
                         "jsonPointers:\n- /spec/replicas\n");
  EXPECT_EQ(ignored_of({}, desired).json_pointers, std::vector<std::string>{"/spec/replicas"});
  desired.set_annotation("argocd.argoproj.io/ignore-differences", "jsonPointers: 5");
  EXPECT_TRUE(ignored_of({}, desired).empty());
}

TEST(Ignore, ExpressionsNeedAJq) {
  const auto desired = deployment("replicas: 2");
  const Ignored ignored = ignored_of(
      rules("[{group: apps, kind: Deployment, jqPathExpressions: [.spec.replicas]}]"), desired);
  const auto refused = without_ignored(ignored, desired, desired);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), base::Code::Unimplemented);
  std::vector<std::string> asked;
  const auto pair = without_ignored(
      ignored, desired, desired,
      [&](const std::string& expression, const value::Value& tree) -> base::Result<value::Value> {
        asked.push_back(expression);
        auto copy = tree.deep_copy();
        copy.map()["spec"].map().erase("replicas");
        return copy;
      });
  ASSERT_TRUE(pair.ok());
  EXPECT_EQ(asked, (std::vector<std::string>{".spec.replicas", ".spec.replicas"}));
  EXPECT_EQ(json(pair->live.spec()), "{}");
}

TEST(Respect, WritesLiveValuesAtIgnoredFields) {
  const auto out =
      respected(kReplicas, deployment("replicas: 2, paused: true"),
                deployment("replicas: 5, paused: false, revisionHistoryLimit: 10"), nullptr);
  EXPECT_EQ(json(out.spec()), R"({"paused":true,"replicas":5})");
}

TEST(Respect, LeavesOutWhatLiveHasNot) {
  EXPECT_EQ(json(respected(kReplicas, deployment("replicas: 2, paused: true"),
                           deployment("paused: true"), nullptr)
                     .spec()),
            R"({"paused":true})");
}

TEST(Respect, AddsWhatOnlyLiveHasWhereItIsOurs) {
  const auto desired = deployment("paused: true");
  const auto live = deployment("replicas: 5, paused: true");
  const Owned ours = owned("{f:spec: {f:replicas: {}}}");
  const Owned others = owned("{f:spec: {f:paused: {}}}");
  EXPECT_EQ(json(respected(kReplicas, desired, live, &ours).spec()),
            R"({"paused":true,"replicas":5})");
  // A scaler's: an apply without it leaves it alone.
  EXPECT_EQ(json(respected(kReplicas, desired, live, &others).spec()), R"({"paused":true})");
}

constexpr const char* kImage =
    "[{group: apps, kind: Deployment, jsonPointers: [/spec/template/spec/containers/0/image]}]";

TEST(Respect, MatchesEntriesByKeyNotByPlace) {
  const auto desired =
      deployment("template: {spec: {containers: [{name: web, image: 'web:1', tty: true}]}}");
  const auto live = deployment(
      "template: {spec: {containers: [{name: web, image: 'web:7'}, {name: injected, image: x}]}}");
  EXPECT_EQ(json(respected(kImage, desired, live, nullptr).spec()),
            R"({"template":{"spec":{"containers":[{"image":"web:7","name":"web","tty":true}]}}})");
}

TEST(Respect, KeepsGitsListWhereEntriesCantBeToldApart) {
  const std::string rule = "[{kind: Gadget, group: e.io, jsonPointers: [/spec/args/0]}]";
  const auto gadget = [](const std::string& args) {
    return object("{apiVersion: e.io/v1, kind: Gadget, metadata: {name: g}, spec: {args: " + args +
                  "}}");
  };
  EXPECT_EQ(json(respected(rule, gadget("[a, b]"), gadget("[z, b]"), nullptr).spec()),
            R"({"args":["z","b"]})");
  EXPECT_EQ(json(respected(rule, gadget("[a, b, c]"), gadget("[z, b]"), nullptr).spec()),
            R"({"args":["a","b","c"]})");
}

TEST(Respect, TakesWhatATrustedManagerWrote) {
  const auto desired = deployment("replicas: 2, paused: true");
  auto live = object(R"(
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  managedFields:
  - {manager: hpa, operation: Update, subresource: scale, apiVersion: apps/v1, fieldsType: FieldsV1, fieldsV1: {f:spec: {f:replicas: {}}}}
spec: {replicas: 5, paused: false}
status: {replicas: 5}
)");
  const std::string rule = "[{group: '*', kind: '*', managedFieldsManagers: [hpa]}]";
  EXPECT_EQ(compared(rule, desired, live, nullptr).paths, std::vector<std::string>{"/spec/paused"});
  const auto out = respected(rule, desired, live, nullptr);
  EXPECT_EQ(json(out.spec()), R"({"paused":true,"replicas":5})");
  EXPECT_TRUE(out.status().is_null());
  EXPECT_TRUE(out.metadata()["managedFields"].is_null());
}

}  // namespace
}  // namespace tiphys::diff
