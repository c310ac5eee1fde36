#include "kube/page.hpp"

#include "tiphys/value/json.hpp"

namespace tiphys::kube {

using base::Code;
using base::Error;

namespace {

constexpr std::string_view kMetadataOnly = ";g=meta.k8s.io;v=v1,application/json";

void add_parameter(std::string& target, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  target += target.contains('?') ? '&' : '?';
  target += name;
  target += '=';
  target += net::percent_encode(value);
}

ApiCall collection_call(const ResourceInfo& resource, std::string_view namespace_,
                        const ListOptions& what, std::string_view verb,
                        std::string_view metadata_kind) {
  ApiCall call;
  call.verb = verb;
  call.resource = resource.text();
  call.target = resource.path(namespace_);
  call.what = std::string(verb) + " " + resource.text();
  if (resource.namespaced && !namespace_.empty()) call.what += " in " + std::string(namespace_);
  if (what.detail == Detail::metadata) {
    call.accept = "application/json;as=" + std::string(metadata_kind);
    call.accept += kMetadataOnly;
  }
  add_parameter(call.target, "labelSelector", what.label_selector);
  add_parameter(call.target, "fieldSelector", what.field_selector);
  return call;
}

}  // namespace

ApiCall list_call(const ResourceInfo& resource, std::string_view namespace_,
                  const ListOptions& what, std::string_view continue_token) {
  ApiCall call = collection_call(resource, namespace_, what, "list", "PartialObjectMetadataList");
  add_parameter(call.target, "limit", std::to_string(what.page));
  add_parameter(call.target, "continue", continue_token);
  return call;
}

ApiCall watch_call(const ResourceInfo& resource, std::string_view namespace_,
                   const ListOptions& what, std::string_view resource_version, int seconds) {
  ApiCall call = collection_call(resource, namespace_, what, "watch", "PartialObjectMetadata");
  add_parameter(call.target, "watch", "true");
  add_parameter(call.target, "allowWatchBookmarks", "true");
  add_parameter(call.target, "resourceVersion", resource_version);
  add_parameter(call.target, "timeoutSeconds", std::to_string(seconds));
  return call;
}

void put_type(value::Value& object, const ResourceInfo& resource) {
  if (!object.is_map()) return;
  object.map().set("apiVersion", resource.api_version());
  object.map().set("kind", resource.kind);
}

base::Result<Page> read_page(std::string_view body, const ResourceInfo& resource) {
  auto parsed = value::parse_json(body);
  if (!parsed.ok()) {
    return Error(Code::Unavailable, "the server's answer is not JSON: " + parsed.error().text());
  }
  const value::Value& tree = *parsed;
  if (!tree.is_map() || !tree["kind"].text().ends_with("List"))
    return Error(Code::Unavailable, "the server's answer is not a list");
  Page page;
  page.resource_version = tree.at({"metadata", "resourceVersion"}).text();
  page.continue_token = tree.at({"metadata", "continue"}).text();
  page.items.reserve(tree["items"].items().size());
  for (const auto& item : tree["items"].items()) {
    value::Value object = item;
    put_type(object, resource);
    page.items.push_back(k8s::Object::trusted(std::move(object)));
  }
  return page;
}

}  // namespace tiphys::kube
