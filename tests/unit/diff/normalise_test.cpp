#include "unit/diff/objects.hpp"

namespace tiphys::diff {
namespace {

TEST(Normalise, WhatTheServerWritesIsDropped) {
  EXPECT_EQ(
      json(normalise(object(R"(
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: b
  uid: u
  resourceVersion: "3"
  generation: 2
  creationTimestamp: null
  managedFields: [{manager: x}]
data: {a: "1"}
status: {x: 1}
)"))),
      R"({"apiVersion":"v1","data":{"a":"1"},"kind":"ConfigMap","metadata":{"name":"a","namespace":"b"}})");
}

TEST(Normalise, SecretTextBecomesData) {
  EXPECT_EQ(json(normalise(object(
                "{kind: Secret, apiVersion: v1, data: {a: b2xk, b: Yg==}, stringData: {a: new}}"))),
            R"({"apiVersion":"v1","data":{"a":"bmV3","b":"Yg=="},"kind":"Secret"})");
}

TEST(Normalise, EmptyAndNullAreAbsent) {
  EXPECT_EQ(json(normalise(
                object("{kind: A, spec: {a: null, b: {}, c: [], d: {e: {}}, f: [{}], g: ''}}"))),
            R"({"kind":"A","spec":{"f":[{}],"g":""}})");
}

TEST(Normalise, QuantitiesAreCanonical) {
  EXPECT_EQ(
      json(normalise(
          object("{kind: Pod, spec: {containers: [{resources: {limits: {cpu: 0.5, memory: 1024Mi}, "
                 "requests: {cpu: 1, pods: x}}}]}}"))),
      R"({"kind":"Pod","spec":{"containers":[{"resources":{"limits":{"cpu":"500m","memory":"1Gi"},)"
      R"("requests":{"cpu":"1","pods":"x"}}}]}})");
}

TEST(Normalise, RulesOfAnAggregatedRoleAreTheServers) {
  EXPECT_EQ(
      json(normalise(object(
          "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, aggregationRule: "
          "{clusterRoleSelectors: [{matchLabels: {a: b}}]}, rules: [{verbs: [get]}]}"))["rules"]),
      "null");
}

TEST(Normalise, TheArgumentStaysAsItWas) {
  const auto secret = object("{kind: Secret, apiVersion: v1, stringData: {a: x}}");
  const std::string before = json(secret.tree());
  normalise(secret);
  EXPECT_EQ(json(secret.tree()), before);
}

}  // namespace
}  // namespace tiphys::diff
