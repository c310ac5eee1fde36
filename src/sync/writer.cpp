#include "writer.hpp"

#include "redaction.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/base/failpoint.hpp"
#include "tiphys/diff/client_side.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>

namespace tiphys::sync {

namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr int kPatchAttempts = 5;  // kubectl's maxPatchRetry
constexpr std::chrono::milliseconds kLookWhetherGone{250};

Error made_anew() { return {Code::Conflict, "it was made anew in the meantime"}; }

/// Kinds that are never deleted to be made anew: everything in them would go too.
bool must_stay(const k8s::ObjectKey& key) {
  return (key.group.empty() && key.kind == "Namespace") ||
         (key.group == "apiextensions.k8s.io" && key.kind == "CustomResourceDefinition");
}

/// Blocks for a moment on a condition that never comes.
void pause(std::chrono::milliseconds delay) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, delay, [] { return false; });
}

}  // namespace

/// What the API server can't apply at all, but takes from a client: entries with one key in a list
/// (decision 8), and fields that it doesn't know, where nobody asks for their validation.
bool Write::needs_client_side(const Error& error) const {
  const std::string text = error.text();
  return text.contains("duplicate entries for key") ||
         (!mode.validate && text.contains("field not declared in schema"));
}

bool is_made_anew(const Error& error) {
  return error.code() == Code::Invalid && error.text().find("metadata.uid") != std::string::npos;
}

/// Nothing is at stake in a dry run: it isn't a write that a crash test counts.
void Write::point(const char* name) const {
  if (!how.dry_run) base::failpoint(name);
}

kube::CallOptions Write::call() const {
  kube::CallOptions options(base::Deadline::after(clock, call_timeout));
  options.field_manager = api::kFieldManager;
  options.dry_run = how.dry_run;
  options.identity = how.identity;
  if (!mode.validate) {
    options.field_validation = "Ignore";
  } else if (mode.client_side || mode.replace) {
    options.field_validation = "Strict";  // an apply on the server is always strict
  }
  return options;
}

Result<k8s::Object> Write::current() const {
  auto live = client.get(resource, task.key.namespace_, task.key.name, call());
  if (live.ok() && task.live && live->uid() != task.live->uid) return made_anew();
  return live;
}

base::Status Write::migrate() const {
  TRY_ASSIGN(const auto live, current());
  const auto fields =
      migrated_managed_fields(live, {std::string(api::kFieldManager), mode.migrated_manager});
  if (!fields) return {};
  // The resourceVersion makes the patch fail if anything came between, as csaupgrade does.
  const auto patch = value::Value::array(
      {value::Value::object(
           {{"op", "replace"}, {"path", "/metadata/managedFields"}, {"value", *fields}}),
       value::Value::object({{"op", "replace"},
                             {"path", "/metadata/resourceVersion"},
                             {"value", live.resource_version()}})});
  point("sync.before-migrate");
  TRY(client.json_patch(resource, task.key.namespace_, task.key.name, patch, call()));
  point("sync.after-migrate");
  return {};
}

Result<WriteResult> Write::apply() const {
  k8s::Object body = task.target->deep_copy();
  if (task.live) {
    if (needs_migration && mode.migrate && !how.dry_run) TRY(migrate());
    // With the uid of what was looked at, an object made anew in the meantime refuses the write.
    body.tree().set_at({"metadata", "uid"}, value::Value(task.live->uid));
  }
  return send_apply(body);
}

Result<WriteResult> Write::send_apply(const k8s::Object& body) const {
  point("sync.before-apply");
  auto applied = client.apply(resource, body, call());
  point("sync.after-apply");
  if (!applied.ok()) return std::move(applied).error();
  return WriteResult{
      .object = *std::move(applied), .verb = "serverside-applied", .server_side = true};
}

Result<WriteResult> Write::apply_client_side() const {
  if (!task.live) return create();
  for (int attempt = 1;; ++attempt) {
    TRY_ASSIGN(auto live, current());
    TRY_ASSIGN(const auto patch, diff::client_side_patch(*task.target, live));
    if (patch.is_null()) return WriteResult{.object = live, .verb = "unchanged", .before = live};
    point("sync.before-apply");
    auto patched = client.merge_patch(resource, task.key.namespace_, task.key.name, patch, call());
    point("sync.after-apply");
    if (patched.ok())
      return WriteResult{.object = *std::move(patched), .verb = "configured", .before = live};
    if (patched.error().code() != Code::Conflict || attempt == kPatchAttempts)
      return std::move(patched).error();
  }
}

Result<WriteResult> Write::create() const {
  k8s::Object body = task.target->deep_copy();
  if (mode.client_side && !mode.replace) {
    TRY_ASSIGN(body, diff::with_last_applied(*task.target));
  }
  point("sync.before-apply");
  auto created = client.create(resource, body, call());
  point("sync.after-apply");
  if (!created.ok()) return std::move(created).error();
  return WriteResult{.object = *std::move(created), .verb = "created"};
}

Result<WriteResult> Write::replace() const {
  if (!task.live) return create();
  if (mode.force && !must_stay(task.key)) return recreate();
  TRY_ASSIGN(const auto live, current());
  k8s::Object body = task.target->deep_copy();
  body.tree().set_at({"metadata", "uid"}, value::Value(live.uid()));
  body.tree().set_at({"metadata", "resourceVersion"}, value::Value(live.resource_version()));
  point("sync.before-apply");
  auto replaced = client.replace(resource, body, call());
  point("sync.after-apply");
  if (!replaced.ok()) return std::move(replaced).error();
  return WriteResult{.object = *std::move(replaced),
                     .verb = must_stay(task.key) ? "updated" : "replaced",
                     .before = live};
}

Result<WriteResult> Write::recreate() const {
  // The new object is tried first: what would be refused must not cost the old one its life. The
  // server checks everything else before it finds the name taken.
  auto options = call();
  options.dry_run = true;
  auto tried = client.create(resource, *task.target, options);
  if (!tried.ok() && tried.error().code() != Code::AlreadyExists) return std::move(tried).error();
  if (how.dry_run) return WriteResult{.object = *task.target, .verb = "replaced"};

  kube::DeleteOptions gone;
  gone.propagation = to_string(how.options.propagation);
  gone.uid = task.live->uid;
  point("sync.before-prune");
  auto deleted = client.remove(resource, task.key.namespace_, task.key.name, gone, call());
  point("sync.after-prune");
  if (!deleted.ok() && deleted.error().code() != Code::NotFound) return std::move(deleted).error();
  const auto deadline = base::Deadline::after(clock, delete_timeout);
  while (true) {
    auto left = client.get(resource, task.key.namespace_, task.key.name, call());
    if (!left.ok() && left.error().code() == Code::NotFound) break;
    if (!left.ok()) return std::move(left).error();
    if (left->uid() != task.live->uid) return made_anew();
    if (deadline.left(clock) <= kLookWhetherGone)
      return Error(Code::Timeout, "it was deleted to be made anew and isn't gone yet");
    pause(kLookWhetherGone);
  }
  // As it would have been made in the first place: whose fields these are decides what is drift.
  const bool on_server = !mode.replace && !mode.client_side;
  auto created = on_server ? send_apply(*task.target) : create();
  if (on_server && !created.ok() && needs_client_side(created.error())) {
    Write other = *this;
    other.mode.client_side = true;
    created = other.create();
  }
  if (created.ok()) created->verb = "replaced";
  return created;
}

Result<WriteResult> Write::run() const {
  const auto once = [&]() -> Result<WriteResult> {
    if (mode.replace) return replace();
    if (!mode.client_side) {
      auto applied = apply();
      if (applied.ok() || !needs_client_side(applied.error())) return applied;
      Write other = *this;
      other.mode.client_side = true;
      const std::string why = applied.error().text();
      auto written = other.apply_client_side();
      if (written.ok()) {
        written->warning = "applied client-side, since " + why;
        written->server_side = false;
      }
      return written;
    }
    return apply_client_side();
  };
  auto written = once();
  if (written.ok()) return written;
  // The API server's word for "this is another object by now": look again, nothing is wrong with
  // ours.
  if (task.live && is_made_anew(written.error())) return made_anew();
  const bool immutable = written.error().code() == Code::Invalid;
  if (mode.force && task.live && immutable && !must_stay(task.key)) {
    auto again = recreate();
    if (again.ok() || !is_made_anew(again.error())) written = std::move(again);
  }
  if (!written.ok()) return without_secret_values(std::move(written).error(), *task.target);
  return written;
}

}  // namespace tiphys::sync
