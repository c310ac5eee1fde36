#include "tiphys/k8s/object.hpp"

namespace tiphys::k8s {

namespace {

base::Error missing(std::string_view what) {
  return {base::Code::Invalid, "object has no " + std::string(what)};
}

std::optional<std::string_view> text_at(const value::Value& map, std::string_view key) {
  const value::Value& found = map[key];
  if (!found.is_string()) return std::nullopt;
  return found.string();
}

}  // namespace

base::Result<Object> Object::from(value::Value tree) {
  if (!tree.is_map()) return base::Error(base::Code::Invalid, "object is not a map");
  Object object = trusted(std::move(tree));
  if (object.api_version().empty()) return missing("apiVersion");
  if (object.kind().empty()) return missing("kind");
  if (object.name().empty() && object.generate_name().empty()) return missing("metadata.name");
  return object;
}

Object Object::trusted(value::Value tree) {
  Object object;
  object.tree_ = std::move(tree);
  return object;
}

GroupVersionKind Object::gvk() const { return GroupVersionKind::of(api_version(), kind()); }

ObjectKey Object::key() const {
  const std::string_view api = api_version();
  const std::size_t slash = api.find('/');
  return {std::string(slash == std::string_view::npos ? "" : api.substr(0, slash)),
          std::string(kind()), std::string(namespace_()), std::string(name())};
}

std::optional<std::string_view> Object::label(std::string_view key) const {
  return text_at(metadata()["labels"], key);
}

std::optional<std::string_view> Object::annotation(std::string_view key) const {
  return text_at(metadata()["annotations"], key);
}

std::vector<OwnerReference> Object::owners() const {
  std::vector<OwnerReference> owners;
  for (const value::Value& owner : metadata()["ownerReferences"].items())
    owners.push_back({std::string(owner["apiVersion"].text()), std::string(owner["kind"].text()),
                      std::string(owner["name"].text()), std::string(owner["uid"].text()),
                      owner["controller"].boolean_or(false)});
  return owners;
}

std::vector<std::string> Object::finalizers() const {
  std::vector<std::string> names;
  for (const value::Value& name : metadata()["finalizers"].items())
    if (name.is_string()) names.emplace_back(name.string());
  return names;
}

void Object::set_namespace(std::string_view ns) { tree_.set_at({"metadata", "namespace"}, ns); }

void Object::set_label(std::string_view key, std::string_view value) {
  tree_.set_at({"metadata", "labels", key}, value);
}

void Object::set_annotation(std::string_view key, std::string_view value) {
  tree_.set_at({"metadata", "annotations", key}, value);
}

void Object::remove_annotation(std::string_view key) {
  if (!metadata()["annotations"].is_map()) return;
  value::Map& annotations = tree_.map()["metadata"].map()["annotations"].map();
  annotations.erase(key);
  if (annotations.empty()) tree_.map()["metadata"].map().erase("annotations");
}

}  // namespace tiphys::k8s
