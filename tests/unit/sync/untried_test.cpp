#include "sync/untried.hpp"

#include "tiphys/value/yaml.hpp"

#include <gtest/gtest.h>

#include <map>

namespace tiphys::sync {
namespace {

using base::Code;
using base::Error;

plan::Task task(const std::string& yaml, plan::Action action = plan::Action::apply) {
  auto tree = value::parse_yaml(yaml);
  EXPECT_TRUE(tree.ok()) << yaml;
  plan::Task made{.action = action};
  made.target = k8s::Object::trusted(*tree);
  made.key = made.target->key();
  if (action == plan::Action::prune) made.target.reset();
  return made;
}

plan::Plan plan_of(std::vector<plan::Task> tasks) {
  plan::Plan plan;
  plan.groups.push_back({.tasks = std::move(tasks)});
  return plan;
}

const char* const kPod = "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}}";

bool stands(const std::string& refusal, const std::vector<plan::Task>& others,
            Code code = Code::Forbidden) {
  const auto pod = task(kPod);
  auto tasks = others;
  tasks.push_back(pod);
  return !explain_untried(Error(code, refusal), pod, plan_of(tasks));
}

TEST(Untried, ARefusalThatTheSyncItselfLifts) {
  const auto account =
      task("{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}");
  const std::string refusal =
      "pods \"web\" is forbidden: error looking up service account n/web: serviceaccount \"web\" "
      "not found";
  EXPECT_FALSE(stands(refusal, {account}));
  EXPECT_TRUE(stands(refusal, {}));
  // Its name alone is in every refusal.
  EXPECT_TRUE(stands("pods \"web\" is forbidden: it is too big", {account}));
}

TEST(Untried, QuotasPoliciesAndWebhooksOfTheSameSync) {
  const auto quota = task("{kind: ResourceQuota, apiVersion: v1, metadata: {name: q}}");
  EXPECT_FALSE(stands("pods \"web\" is forbidden: exceeded quota: q, requested: pods=1", {quota}));
  EXPECT_TRUE(stands("pods \"web\" is forbidden: exceeded quota: q-2, requested: pods=1", {quota}));
  const auto hook = task(
      "{kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks: [{name: "
      "check.example.org}]}");
  EXPECT_FALSE(stands("admission webhook \"check.example.org\" denied the request: no", {hook}));
  EXPECT_TRUE(stands("admission webhook \"other.example.org\" denied the request: no", {hook}));
  const auto range = task("{kind: LimitRange, apiVersion: v1, metadata: {name: l}}");
  EXPECT_FALSE(stands("pods \"web\" is forbidden: maximum cpu usage per Container is 1", {range}));
}

TEST(Untried, WhatIsPrunedFirst) {
  const auto old = task("{kind: Service, apiVersion: v1, metadata: {name: old, namespace: shop}}",
                        plan::Action::prune);
  EXPECT_FALSE(
      stands("spec.ports[0].nodePort: Invalid value: 30080: provided port is already "
             "allocated",
             {old}, Code::Invalid));
  EXPECT_FALSE(stands("admission webhook \"w\" denied the request: host a is in n/old.", {old}));
  EXPECT_TRUE(stands("admission webhook \"w\" denied the request: host a is in n/older", {old}));
}

TEST(Untried, WhatSaysNothingOfTheObject) {
  EXPECT_FALSE(stands("failed calling webhook \"w\": no endpoints", {}, Code::Unavailable));
  EXPECT_FALSE(stands("admission webhook w does not support dry run", {}, Code::Invalid));
  EXPECT_TRUE(stands("spec.containers: Required value", {}, Code::Invalid));
  EXPECT_TRUE(
      stands("failed to create typed patch object (n/web; v1, Kind=Pod): .x: field not "
             "declared in schema",
             {}, Code::Unavailable));
}

TEST(Untried, NamespaceAndDefinitionOfTheSameSync) {
  const auto pod = task(kPod);
  const auto space = task("{kind: Namespace, apiVersion: v1, metadata: {name: shop}}");
  auto there = space;
  there.live = plan::LiveRef{.uid = "u"};
  EXPECT_TRUE(Providers(plan_of({space, pod})).needed_by(pod));
  EXPECT_FALSE(Providers(plan_of({there, pod})).needed_by(pod));
  const auto thing = task("{kind: Thing, apiVersion: example.org/v1, metadata: {name: t}}");
  const auto definition = task(
      "{kind: CustomResourceDefinition, apiVersion: apiextensions.k8s.io/v1, metadata: {name: "
      "things.example.org}, spec: {group: example.org, names: {kind: Thing}}}");
  EXPECT_TRUE(Providers(plan_of({definition, thing})).needed_by(thing));
  EXPECT_FALSE(Providers(plan_of({thing})).needed_by(thing));
}

}  // namespace
}  // namespace tiphys::sync
