#include "kube/client_impl.hpp"
#include "kube/page.hpp"

#include "tiphys/value/json.hpp"

namespace tiphys::kube {

using base::Code;
using base::Error;
using base::Result;

namespace {

std::string with_query(std::string path,
                       const std::vector<std::pair<std::string, std::string>>& query) {
  char separator = '?';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    path += separator;
    path += name + "=" + net::percent_encode(value);
    separator = '&';
  }
  return path;
}

std::string describe(std::string_view verb, const ResourceInfo& resource,
                     std::string_view namespace_, std::string_view name) {
  std::string text(verb);
  text += " " + resource.text() + " ";
  if (resource.namespaced && !namespace_.empty()) {
    text += namespace_;
    text += '/';
  }
  return text += name;
}

/// A call that writes: the verb for the observer is "dryrun" where nothing is kept.
ApiCall write_call(std::string_view method, std::string_view verb, const ResourceInfo& resource,
                   std::string_view namespace_, std::string_view name, const CallOptions& options) {
  ApiCall call;
  call.method = method;
  call.verb = options.dry_run ? "dryrun" : verb;
  call.resource = resource.text();
  call.what = describe(verb, resource, namespace_, name);
  call.content_type = "application/json";
  call.target = with_query(resource.path(namespace_, method == "POST" ? std::string_view() : name),
                           {{"fieldManager", options.field_manager},
                            {"fieldValidation", options.field_validation},
                            {"dryRun", options.dry_run ? "All" : ""}});
  return call;
}

Result<k8s::Object> object_of(Result<std::string> body, const ApiCall& call) {
  if (!body.ok()) return std::move(body).error();
  auto tree = value::parse_json(*body);
  if (!tree.ok() || !tree->is_map())
    return Error(Code::Unavailable, "the server's answer is not a JSON object")
        .with_context(call.what);
  return k8s::Object::trusted(*std::move(tree));
}

/// A namespaced object must say where it goes: the path would be another resource's.
base::Status check_place(const ResourceInfo& resource, std::string_view namespace_,
                         std::string_view name, const ApiCall& call) {
  if (resource.namespaced && namespace_.empty())
    return Error(Code::Invalid, "metadata.namespace is missing").with_context(call.what);
  if (name.empty() && call.method != "POST")
    return Error(Code::Invalid, "metadata.name is missing").with_context(call.what);
  return {};
}

}  // namespace

Result<k8s::Object> Client::get(const ResourceInfo& resource, std::string_view namespace_,
                                std::string_view name, const CallOptions& options) {
  ApiCall call;
  call.verb = "get";
  call.resource = resource.text();
  call.target = resource.path(namespace_, name);
  call.what = describe("get", resource, namespace_, name);
  TRY(check_place(resource, namespace_, name, call));
  return object_of(impl_->perform(call, options), call);
}

Result<ObjectList> Client::list(const ResourceInfo& resource, std::string_view namespace_,
                                const ListOptions& what, const CallOptions& options) {
  ObjectList all;
  std::string continue_token;
  bool restarted = false;
  while (true) {
    const ApiCall call = list_call(resource, namespace_, what, continue_token);
    auto body = impl_->perform(call, options);
    if (!body.ok() && body.error().code() == Code::Expired && !continue_token.empty() &&
        !restarted) {
      restarted = true;
      continue_token.clear();
      all.items.clear();
      continue;
    }
    if (!body.ok()) return std::move(body).error();
    auto page = read_page(*body, resource).context(call.what);
    if (!page.ok()) return std::move(page).error();
    std::ranges::move(page->items, std::back_inserter(all.items));
    all.resource_version = page->resource_version;
    continue_token = page->continue_token;
    if (continue_token.empty()) return all;
  }
}

Result<k8s::Object> Client::create(const ResourceInfo& resource, const k8s::Object& object,
                                   const CallOptions& options) {
  auto call = write_call("POST", "create", resource, object.namespace_(),
                         object.name().empty() ? object.generate_name() : object.name(), options);
  TRY(check_place(resource, object.namespace_(), object.name(), call));
  TRY_ASSIGN(call.body, value::write_json(object.tree(), value::EscapeHtml::no));
  return object_of(impl_->perform(call, options), call);
}

Result<k8s::Object> Client::apply(const ResourceInfo& resource, const k8s::Object& object,
                                  const CallOptions& options) {
  auto call = write_call("PATCH", "apply", resource, object.namespace_(), object.name(), options);
  TRY(check_place(resource, object.namespace_(), object.name(), call));
  if (options.field_manager.empty())
    return Error(Code::Invalid, "an apply needs a field manager").with_context(call.what);
  call.target += options.force ? "&force=true" : "&force=false";
  call.content_type = "application/apply-patch+yaml";
  TRY_ASSIGN(call.body, value::write_json(object.tree(), value::EscapeHtml::no));
  return object_of(impl_->perform(call, options), call);
}

Result<k8s::Object> Client::merge_patch(const ResourceInfo& resource, std::string_view namespace_,
                                        std::string_view name, const value::Value& patch,
                                        const CallOptions& options) {
  auto call = write_call("PATCH", "patch", resource, namespace_, name, options);
  TRY(check_place(resource, namespace_, name, call));
  call.content_type = "application/merge-patch+json";
  TRY_ASSIGN(call.body, value::write_json(patch, value::EscapeHtml::no));
  return object_of(impl_->perform(call, options), call);
}

Result<k8s::Object> Client::json_patch(const ResourceInfo& resource, std::string_view namespace_,
                                       std::string_view name, const value::Value& operations,
                                       const CallOptions& options) {
  auto call = write_call("PATCH", "patch", resource, namespace_, name, options);
  TRY(check_place(resource, namespace_, name, call));
  call.content_type = "application/json-patch+json";
  TRY_ASSIGN(call.body, value::write_json(operations, value::EscapeHtml::no));
  return object_of(impl_->perform(call, options), call);
}

Result<k8s::Object> Client::replace(const ResourceInfo& resource, const k8s::Object& object,
                                    const CallOptions& options) {
  auto call = write_call("PUT", "update", resource, object.namespace_(), object.name(), options);
  TRY(check_place(resource, object.namespace_(), object.name(), call));
  TRY_ASSIGN(call.body, value::write_json(object.tree(), value::EscapeHtml::no));
  return object_of(impl_->perform(call, options), call);
}

base::Status Client::remove(const ResourceInfo& resource, std::string_view namespace_,
                            std::string_view name, const DeleteOptions& how,
                            const CallOptions& options) {
  CallOptions bare = options;
  bare.field_manager.clear();
  bare.field_validation.clear();
  auto call = write_call("DELETE", "delete", resource, namespace_, name, bare);
  TRY(check_place(resource, namespace_, name, call));
  auto body = value::Value::object({{"apiVersion", "v1"},
                                    {"kind", "DeleteOptions"},
                                    {"propagationPolicy", std::string_view(how.propagation)}});
  if (!how.uid.empty()) body.set_at({"preconditions", "uid"}, std::string_view(how.uid));
  if (!how.resource_version.empty())
    body.set_at({"preconditions", "resourceVersion"}, std::string_view(how.resource_version));
  // With a body the server doesn't read the query; it stays there for the audit log.
  if (options.dry_run) body.set_at({"dryRun"}, value::Value::array({"All"}));
  if (how.grace_seconds) body.set_at({"gracePeriodSeconds"}, *how.grace_seconds);
  TRY_ASSIGN(call.body, value::write_json(body, value::EscapeHtml::no));
  TRY(impl_->perform(call, options));
  return {};
}

Result<std::string> Client::get_raw(std::string_view target, const CallOptions& options,
                                    std::string_view accept) {
  ApiCall call;
  call.verb = "get";
  call.target = target;
  call.what = "get " + std::string(target);
  call.accept = accept;
  return impl_->perform(call, options);
}

}  // namespace tiphys::kube
