#include "tiphys/api/support.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/api/source.hpp"
#include "tiphys/api/sync_policy.hpp"
#include "tiphys/text/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace tiphys::api {

using value::Value;

namespace {

using FindRow = const SupportRow* (*)(std::string_view);
using Messages = std::set<std::string>;

void refuse(Messages& out, std::string_view what) {
  out.insert(fmt::format("not supported: {}", what));
}

/// What Argo CD's types would leave out: nothing is asked for.
bool is_unset(const Value& v) {
  if (v.is_list()) return v.size() == 0;
  if (v.is_map())
    return std::ranges::all_of(v.entries(), [](const auto& e) { return is_unset(e.second); });
  return v.is_null() || (v.is_bool() && !v.boolean()) || (v.is_string() && v.string().empty()) ||
         (v.is_int() && v.integer() == 0);
}

void walk(const Value& node, const std::string& path, FindRow find, Messages& out) {
  if (is_unset(node)) return;
  const SupportRow* row = path.empty() ? nullptr : find(path);
  if (!path.empty() && row == nullptr) return refuse(out, path);
  if (row != nullptr && row->verdict == Verdict::refused) {
    std::string_view field = row->subject;
    if (field.ends_with(".*")) field.remove_suffix(2);
    return refuse(out, field);
  }
  if (row != nullptr && row->subject.ends_with(".*")) return;  // it speaks for all below
  for (const auto& [key, member] : node.entries())
    walk(member, path.empty() ? key : fmt::format("{}.{}", path, key), find, out);
  for (const Value& item : node.items()) walk(item, path + "[]", find, out);
}

/// Our own SyncTimeout= and WaveTimeout=, with a duration as Go writes it.
bool is_timeout(std::string_view entry) {
  for (const std::string_view name : {"SyncTimeout=", "WaveTimeout="}) {
    if (!entry.starts_with(name)) continue;
    const auto duration = text::parse_duration(entry.substr(name.size()));
    return duration.ok() && duration->count() > 0;
  }
  return false;
}

void refuse_options(const SyncOptions& options, std::string_view field, Messages& out) {
  for (const std::string& entry : options.entries) {
    if (is_timeout(entry)) continue;
    const SupportRow* row = find_sync_option_row(entry);
    if (row == nullptr || row->verdict == Verdict::refused)
      refuse(out, fmt::format("{} {}", field, entry));
  }
}

std::vector<std::string> texts(const Value& list) {
  std::vector<std::string> out;
  for (const Value& item : list.items()) out.emplace_back(item.text());
  return out;
}

/// Entries of a comma separated annotation, blanks dropped (any entries: they are only split).
std::vector<std::string> entries_of(const k8s::Object& object, std::string_view annotation) {
  return parse_sync_options_annotation(object.annotation(annotation).value_or("")).entries;
}

void refuse_compare_options(const k8s::Object& object, Messages& out) {
  for (const std::string& entry : entries_of(object, kCompareOptionsAnnotation)) {
    const SupportRow* row =
        find_annotation_row(fmt::format("{}:{}", kCompareOptionsAnnotation, entry));
    if (row == nullptr || row->verdict == Verdict::refused)
      refuse(out, fmt::format("{} {}", kCompareOptionsAnnotation, entry));
  }
}

bool is_ssh(std::string_view url) {
  if (url.starts_with("ssh://") || url.starts_with("git+ssh://")) return true;
  const auto scheme = url.find("://");
  const auto at = url.find('@');
  return scheme == std::string_view::npos && at != std::string_view::npos &&
         url.find(':', at) != std::string_view::npos;
}

/// Fields that are acted on, but not with every value.
void refuse_values(const Value& spec, Messages& out) {
  const std::string_view url = spec["source"]["repoURL"].text();
  if (is_ssh(url)) refuse(out, "spec.source.repoURL with ssh");
  if (url.starts_with("oci://")) refuse(out, "spec.source.repoURL with oci");
}

constexpr std::array<std::string_view, 3> kHelmTests = {"test", "test-success", "test-failure"};

/// Hooks of a deletion are the only ones that aren't run.
void refuse_hooks(const k8s::Object& object, Messages& out) {
  for (const std::string& hook : entries_of(object, kHookAnnotation))
    if (hook == "PreDelete" || hook == "PostDelete")
      refuse(out, fmt::format("{} {}", kHookAnnotation, hook));
  for (const std::string& hook : entries_of(object, kHelmHookAnnotation))
    if (hook == "pre-delete" || hook == "post-delete")
      refuse(out, fmt::format("{} {}", kHelmHookAnnotation, hook));
}

/// The operation without what it carries without asking for anything: a copy of the application's
/// own source.
Value effective_operation(const Value& tree) {
  Value operation = tree["operation"].deep_copy();
  if (!operation.is_map()) return operation;
  const Value& source = operation.at({"sync", "source"});
  if (source.is_map() &&
      value::equal(canonical_source(source), canonical_source(tree.at({"spec", "source"}))))
    operation.map()["sync"].map().erase("source");
  return operation;
}

std::vector<std::string> sorted(const Messages& messages) {
  return {messages.begin(), messages.end()};
}

}  // namespace

std::vector<std::string> refused_fields(const k8s::Object& app) {
  Messages out;
  const Value& tree = app.tree();
  walk(tree["spec"], "spec", find_application_row, out);
  walk(effective_operation(tree), "operation", find_application_row, out);
  refuse_options(parse_sync_options(texts(tree.at({"spec", "syncPolicy", "syncOptions"}))),
                 "spec.syncPolicy.syncOptions", out);
  refuse_options(parse_sync_options(texts(tree.at({"operation", "sync", "syncOptions"}))),
                 "operation.sync.syncOptions", out);
  refuse_compare_options(app, out);
  refuse_values(app.spec(), out);
  return sorted(out);
}

std::vector<std::string> refused_project_fields(const k8s::Object& project) {
  Messages out;
  walk(project.spec(), "spec", find_project_row, out);
  return sorted(out);
}

bool is_helm_test(const k8s::Object& object) {
  if (object.annotation(kHookAnnotation)) return false;
  const std::vector<std::string> hooks = entries_of(object, kHelmHookAnnotation);
  return !hooks.empty() && std::ranges::all_of(hooks, [](std::string_view hook) {
    return std::ranges::find(kHelmTests, hook) != kHelmTests.end();
  });
}

std::vector<std::string> refused_in_object(const k8s::Object& object) {
  Messages out;
  refuse_hooks(object, out);
  if (is_helm_test(object)) return sorted(out);
  refuse_options(
      parse_sync_options_annotation(object.annotation(kSyncOptionsAnnotation).value_or("")),
      kSyncOptionsAnnotation, out);
  refuse_compare_options(object, out);
  std::vector<std::string> messages = sorted(out);
  for (std::string& message : messages) {
    const std::string_view name = object.name().empty() ? object.generate_name() : object.name();
    message += fmt::format(" ({}/{})", object.kind(), name);
  }
  return messages;
}

}  // namespace tiphys::api
