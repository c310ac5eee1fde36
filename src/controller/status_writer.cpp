#include "look.hpp"
#include "resources.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/base/encoding.hpp"
#include "tiphys/base/failpoint.hpp"

#include <algorithm>

namespace tiphys::controller {

namespace {

constexpr std::chrono::seconds kPatchTimeout{30};

/// Decision 18: of what is refused, nothing is written but the Application itself.
bool is_refused(const Observation& seen) {
  constexpr std::string_view kRefused = "not supported: ";
  return seen.spec_error || std::ranges::any_of(seen.conditions, [&](const auto& condition) {
           const std::string_view message = condition.message;
           const auto at = message.starts_with(kLoadFailed) ? kLoadFailed.size() : 0;
           return message.substr(at).starts_with(kRefused);
         });
}

}  // namespace

base::Status Reconciler::patch_application(Look& look, const value::Value& body) {
  kube::CallOptions options(base::Deadline::after(parts_.clock, kPatchTimeout));
  options.field_manager = "tiphys";
  TRY_ASSIGN(const auto patched,
             parts_.client.merge_patch(application_resource(), look.key.namespace_, look.key.name,
                                       body, options));
  parts_.registry.wrote(look.key, patched.uid(), patched.resource_version());
  // A second write in the same look starts from what the first one left.
  look.app.resource_version = patched.resource_version();
  look.app.status = api::read_status(patched.status());
  look.app.status_json = patched.status();
  return {};
}

base::Status Reconciler::write_status(Look& look) {
  auto& seen = look.seen;
  const bool answers = look.refresh != api::Refresh::none && look.refresh_answered;
  seen.answered_refresh = seen.answered_refresh || answers;
  const api::Status before = look.app.status;
  const api::Status after = build_status(look.app, seen,
                                         {.control_namespace = parts_.control_namespace,
                                          .now = parts_.clock.wall(),
                                          .resource_health = look.settings.resource_health});
  parts_.metrics.observe(look.key, look.app, after);
  if (!look.may_write) {
    parts_.metrics.shadow(look.key, to_string(after.sync.status), to_string(before.sync.status));
    return {};
  }
  const value::Value change = api::status_patch(look.app.status_json, after);
  value::Value body;
  if (!change.is_null()) body.set_at({"status"}, change);
  if (look.clear_operation) body.set_at({"operation"}, value::Value());
  if (answers) {
    body.set_at({"metadata", "annotations", api::kRefreshAnnotation}, value::Value());
  }
  if (look.own != look.own_before) {
    TRY_ASSIGN(const auto text, api::print_own_state(look.own));
    body.set_at({"metadata", "annotations", api::kTiphysStateAnnotation},
                text.empty() ? value::Value() : value::Value(text));
  }
  if (body.is_null()) return {};
  // With the resourceVersion that was looked at: what changed in between is looked at first.
  body.set_at({"metadata", "resourceVersion"}, value::Value(look.app.resource_version));
  base::failpoint("controller.before-status");
  TRY(patch_application(look, body));
  base::failpoint("controller.after-status");
  look.own_before = look.own;
  if (answers) look.refresh = api::Refresh::none;
  seen.history.reset();
  report(look, before, after);
  return {};
}

void Reconciler::report(Look& look, const api::Status& before, const api::Status& after) {
  for (const auto& change : changes_between(before, after)) {
    look.log.info(change, {{"revision", after.sync.revision}});
    emit_event(look, "Normal", "ResourceUpdated", change);
  }
  for (const auto& condition : look.seen.conditions) {
    look.log.info("condition " + condition.type, {{"message", condition.message}});
  }
}

void Reconciler::emit_event(const Look& look, std::string_view type, std::string_view reason,
                            const std::string& message) {
  if (!look.may_write || is_refused(look.seen)) return;
  const api::Time now = parts_.clock.wall();
  const std::string stamp = base::format_rfc3339(now);
  const std::string id = base::sha256_hex(look.key.text() + std::string(reason) + message + stamp +
                                          look.app.resource_version);
  constexpr std::size_t kMaxMessage = 1024;  // the API's limit for an event's message
  auto event = value::Value::object(
      {{"apiVersion", "v1"},
       {"kind", "Event"},
       {"metadata", value::Value::object({{"name", look.key.name + "." + id.substr(0, 16)},
                                          {"namespace", look.key.namespace_}})},
       {"involvedObject", value::Value::object({{"apiVersion", api::kApiVersion},
                                                {"kind", api::kApplicationKind},
                                                {"name", look.key.name},
                                                {"namespace", look.key.namespace_},
                                                {"uid", look.app.uid},
                                                {"resourceVersion", look.app.resource_version}})},
       {"type", type},
       {"reason", reason},
       {"message", message.substr(0, kMaxMessage)},
       {"source", value::Value::object({{"component", "argocd-application-controller"}})},
       {"firstTimestamp", stamp},
       {"lastTimestamp", stamp},
       {"count", 1}});
  parts_.events.record(k8s::Object::trusted(std::move(event)));
}

}  // namespace tiphys::controller
