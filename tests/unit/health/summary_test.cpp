#include "tiphys/health/health.hpp"
#include "tiphys/value/yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tiphys::health {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

k8s::Object object(std::string_view yaml) {
  auto tree = value::parse_yaml(yaml);
  EXPECT_TRUE(tree.ok()) << tree.error().text();
  return k8s::Object::trusted(*tree);
}

TEST(Images, OfAWorkloadAreSortedAndDistinct) {
  EXPECT_THAT(images_of(object(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      initContainers: [{name: i, image: "busybox:1"}]
      containers: [{name: b, image: "nginx:2"}, {name: a, image: "busybox:1"}]
)")),
              ElementsAre("busybox:1", "nginx:2"));
  EXPECT_THAT(
      images_of(object(
          R"({apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{image: a}]}})")),
      ElementsAre("a"));
  EXPECT_THAT(images_of(object("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}")),
              IsEmpty());
}

TEST(ExternalUrls, OfAnIngress) {
  EXPECT_THAT(external_urls_of(object(R"(
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, annotations: {link.argocd.argoproj.io/dash: "https://dash.example"}}
spec:
  tls: [{hosts: [a.example]}]
  rules:
  - host: a.example
    http: {paths: [{path: /api/*}]}
  - http: {paths: [{path: /}]}
status: {loadBalancer: {ingress: [{ip: 203.0.113.9}]}}
)")),
              ElementsAre("http://203.0.113.9/", "https://a.example/api/", "https://dash.example"));
}

TEST(ExternalUrls, DefaultLinksCanBeSwitchedOff) {
  EXPECT_THAT(external_urls_of(object(R"(
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, annotations: {argocd.argoproj.io/ignore-default-links: "true"}}
spec: {rules: [{host: a.example, http: {paths: [{path: /}]}}]}
)")),
              IsEmpty());
}

}  // namespace
}  // namespace tiphys::health
