#pragma once

#include "tiphys/plan/comparison.hpp"
#include "tiphys/value/yaml.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tiphys::plan {

inline k8s::Object object(const std::string& yaml) {
  auto tree = value::parse_yaml(yaml);
  EXPECT_TRUE(tree.ok()) << tree.error().text() << "\n" << yaml;
  return k8s::Object::trusted(*tree);
}

/// One object a document.
inline std::vector<k8s::Object> objects(const std::string& yaml) {
  std::vector<k8s::Object> out;
  auto trees = value::parse_yaml_stream(yaml);
  EXPECT_TRUE(trees.ok()) << trees.error().text();
  for (value::Value& tree : *trees) out.push_back(k8s::Object::trusted(std::move(tree)));
  return out;
}

inline ScopeOf scopes() {
  return [](const k8s::GroupKind& kind) -> std::optional<api::Scope> {
    if (kind.kind == "Namespace" || kind.kind == "ClusterRole" ||
        kind.kind == "CustomResourceDefinition")
      return api::Scope::cluster;
    if (kind.kind == "Unknown") return std::nullopt;
    return api::Scope::namespaced;
  };
}

inline TargetContext target_context() {
  return {.app = "web",
          .destination_namespace = "shop",
          .tracking = {},
          .scope_of = scopes(),
          .excluded = {}};
}

inline CompareInputs compare_inputs() {
  CompareInputs inputs;
  inputs.app = "web";
  inputs.app_key = {.namespace_ = "argocd", .name = "web"};
  inputs.destination = {
      .server = "https://kubernetes.default.svc", .name = "in-cluster", .namespace_ = "shop"};
  inputs.scope_of = scopes();
  return inputs;
}

/// Live objects that carry the mark of application "web", a uid and a resourceVersion.
inline std::vector<Live> live_of_web(const std::string& yaml) {
  std::vector<Live> out;
  for (k8s::Object& item : objects(yaml)) {
    api::set_tracking(item, "web", "shop", {});
    item.tree().set_at({"metadata", "uid"}, "uid-" + std::string(item.name()));
    item.tree().set_at({"metadata", "resourceVersion"}, "7");
    Live live;
    live.object = std::move(item);
    out.push_back(std::move(live));
  }
  return out;
}

}  // namespace tiphys::plan
