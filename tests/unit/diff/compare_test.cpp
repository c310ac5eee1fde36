#include "unit/diff/objects.hpp"

#include <gmock/gmock.h>

namespace tiphys::diff {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kDesired = R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
        ports: [{containerPort: 80}]
        env: [{name: A, value: "1"}]
        resources: {limits: {cpu: 0.5}}
)";
constexpr const char* kLive = R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, uid: u, annotations: {deployment.kubernetes.io/revision: "1"}}
spec:
  replicas: 2
  progressDeadlineSeconds: 600
  template:
    spec:
      restartPolicy: Always
      containers:
      - name: sidecar
        image: injected
      - name: app
        image: nginx:1
        imagePullPolicy: Always
        ports: [{containerPort: 80, protocol: TCP}]
        env: [{name: B, value: x}, {name: A, value: "1"}]
        resources: {limits: {cpu: 500m}}
status: {replicas: 2}
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Compare, DefaultsAndOthersFieldsAreNoDrift) {
  const Diff diff = compare(object(kDesired), object(kLive), nullptr);
  EXPECT_THAT(diff.paths, IsEmpty());
  EXPECT_FALSE(diff.modified);
}

TEST(Compare, AChangedLeafIsNamed) {
  const Diff diff =
      compare(object(replaced(kDesired, "nginx:1", "nginx:2")), object(kLive), nullptr);
  EXPECT_TRUE(diff.modified);
  EXPECT_FALSE(diff.certain);
  EXPECT_THAT(diff.paths, ElementsAre("/spec/template/spec/containers/name=app/image"));
}

TEST(Compare, AMissingEntryOfAKeyedListIsNamed) {
  const Diff diff =
      compare(object(replaced(kDesired, "{name: A, value: \"1\"}", "{name: C, value: \"1\"}")),
              object(kLive), nullptr);
  EXPECT_THAT(diff.paths, ElementsAre("/spec/template/spec/containers/name=app/env/name=C"));
}

TEST(Compare, PortsOfTwoProtocolsAreNotMixedUp) {
  const auto service = [](const char* ports) {
    return object(
        std::string("{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: ") + ports +
        "}}");
  };
  const auto live = service(
      "[{port: 53, protocol: UDP, name: u, nodePort: 30001}, {port: 53, protocol: TCP, name: t}]");
  EXPECT_THAT(
      compare(service("[{port: 53, name: t}, {port: 53, protocol: UDP, name: u}]"), live, nullptr)
          .paths,
      IsEmpty());
  EXPECT_THAT(compare(service("[{port: 53, name: u}]"), live, nullptr).paths,
              ElementsAre("/spec/ports/port=53/name"));
}

TEST(Compare, OtherListsAreComparedEntryByEntry) {
  const auto rule = [](const char* spec) {
    return object(std::string("{apiVersion: a/v1, kind: A, metadata: {name: r}, spec: ") + spec +
                  "}");
  };
  EXPECT_THAT(
      compare(rule("{l: [{a: 1}, {a: 2}]}"), rule("{l: [{a: 1, d: x}, {a: 2, d: x}]}"), nullptr)
          .paths,
      IsEmpty());
  EXPECT_THAT(compare(rule("{l: [{a: 1}]}"), rule("{l: [{a: 1}, {a: 2}]}"), nullptr).paths,
              ElementsAre("/spec/l"));
  EXPECT_THAT(compare(rule("{l: [{a: 2}, {a: 1}]}"), rule("{l: [{a: 1}, {a: 2}]}"), nullptr).paths,
              ElementsAre("/spec/l/0/a", "/spec/l/1/a"));
  // The owned set says that the list is one with keys: the order and others' entries don't matter.
  const Owned keyed =
      owned(R"({"f:spec": {"f:l": {'k:{"id":1}': {".": {}, "f:id": {}, "f:a": {}}}}})");
  EXPECT_THAT(
      compare(rule("{l: [{id: 1, a: 1}]}"), rule("{l: [{id: 2, a: 2}, {id: 1, a: 1}]}"), &keyed)
          .paths,
      IsEmpty());
}

TEST(Compare, AFieldOfOursThatDesiredDroppedIsADifference) {
  const Owned ours = owned(
      R"({"f:metadata": {"f:labels": {"f:old": {}}}, "f:spec": {"f:replicas": {}, "f:paused": {}}})");
  const auto live = object(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {old: x, other: y}}
spec: {replicas: 2, paused: true}
)");
  const auto desired =
      object("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2}}");
  const Diff diff = compare(desired, live, &ours);
  EXPECT_THAT(diff.paths, ElementsAre("/metadata/labels/old", "/spec/paused"));
  EXPECT_FALSE(diff.certain);
  EXPECT_THAT(compare(desired, live, nullptr).paths, IsEmpty());
}

TEST(Compare, WhatClientSideApplyOwnedAndGitDroppedIsCertain) {
  const Owned ours = owned(R"({"f:spec": {"f:paused": {}}})", true);
  const auto live = object("{kind: Deployment, metadata: {name: web}, spec: {paused: true}}");
  const auto desired = object("{kind: Deployment, metadata: {name: web}}");
  EXPECT_TRUE(compare(desired, live, &ours).certain);
  const auto same = object("{kind: Deployment, metadata: {name: web}, spec: {paused: true}}");
  EXPECT_FALSE(compare(same, live, &ours).modified);
}

TEST(Compare, AnOwnedEmptyMapThatDesiredStillHasIsNoDifference) {
  const Owned ours = owned(
      R"({"f:spec": {"f:volumes": {'k:{"name":"v"}': {".": {}, "f:name": {}, "f:emptyDir": {}}}}})");
  const auto pod = object(
      "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {volumes: [{name: v, emptyDir: "
      "{}}]}}");
  EXPECT_THAT(compare(pod, pod, &ours).paths, IsEmpty());
}

TEST(Compare, AnOwnedSetMemberAndListEntryThatAreGoneAreNamed) {
  const Owned ours = owned(
      R"({"f:metadata": {"f:finalizers": {'v:"a/b"': {}}}, "f:spec": {"f:containers": {'k:{"name":"x"}': {".": {}, "f:name": {}}}}})");
  const auto live = object(
      "{kind: Pod, apiVersion: v1, metadata: {name: p, finalizers: [a/b, c/d]}, spec: {containers: "
      "[{name: x}, {name: y}]}}");
  const auto desired =
      object("{kind: Pod, apiVersion: v1, metadata: {name: p}, spec: {containers: [{name: y}]}}");
  EXPECT_THAT(compare(desired, live, &ours).paths,
              ElementsAre("/metadata/finalizers/\"a~1b\"", "/spec/containers/{\"name\":\"x\"}"));
}

TEST(Compare, LastAppliedIsNobodysDesire) {
  const Owned ours = owned(
      R"({"f:metadata": {"f:annotations": {"f:kubectl.kubernetes.io/last-applied-configuration": {}}}})",
      true);
  const auto live = object(
      "{kind: A, metadata: {name: a, annotations: "
      "{kubectl.kubernetes.io/last-applied-configuration: '{}', k: v}}}");
  EXPECT_THAT(
      compare(object("{kind: A, metadata: {name: a, annotations: {k: v}}}"), live, &ours).paths,
      IsEmpty());
}

TEST(OwnedFields, AreOursByApplyAndByUpdateAndTheMigratedManagers) {
  const auto live = object(R"(
kind: A
metadata:
  name: a
  managedFields:
  - {manager: argocd-controller, operation: Apply, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {"f:spec": {"f:a": {}}}}
  - {manager: kubectl-client-side-apply, operation: Update, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {"f:spec": {"f:b": {}}}}
  - {manager: kubectl-client-side-apply, operation: Apply, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {"f:spec": {"f:c": {}}}}
  - {manager: argocd-controller, operation: Update, subresource: status, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {"f:status": {"f:d": {}}}}
  - {manager: kubectl-edit, operation: Update, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {"f:spec": {"f:e": {}}}}
)");
  const Owned all = owned_fields(live);
  EXPECT_EQ(json(all.fields.to_fields_v1()), R"({"f:spec":{"f:a":{},"f:b":{}}})");
  EXPECT_TRUE(all.by_update);
  const Owned other = owned_fields(live, "kubectl-edit");
  EXPECT_EQ(json(other.fields.to_fields_v1()), R"({"f:spec":{"f:a":{},"f:e":{}}})");
  EXPECT_FALSE(owned_fields(object("{kind: A, metadata: {name: a}}")).by_update);
}

}  // namespace
}  // namespace tiphys::diff
