#include "tiphys/plan/hooks.hpp"

#include "tiphys/api/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace tiphys::plan {

namespace {

constexpr std::string_view kHelmHookDeletePolicyAnnotation = "helm.sh/hook-delete-policy";
constexpr std::array<std::string_view, 4> kPhases = {"PreSync", "Sync", "PostSync", "SyncFail"};

struct Named {
  std::string_view name;
  Phase phase;
};
constexpr std::array kHelmTypes = {
    Named{"pre-install", Phase::pre_sync}, Named{"pre-upgrade", Phase::pre_sync},
    Named{"post-install", Phase::post_sync}, Named{"post-upgrade", Phase::post_sync}};

/// The comma separated entries of an annotation, without blanks.
std::vector<std::string_view> entries(const k8s::Object& object, std::string_view annotation) {
  std::vector<std::string_view> out;
  std::string_view rest = object.annotation(annotation).value_or("");
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const std::string_view entry = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    const auto first = entry.find_first_not_of(" \t\r\n\v\f");
    if (first == std::string_view::npos) continue;
    out.push_back(entry.substr(first, entry.find_last_not_of(" \t\r\n\v\f") - first + 1));
  }
  return out;
}

bool has_entry(const k8s::Object& object, std::string_view annotation, std::string_view entry) {
  const auto all = entries(object, annotation);
  return std::ranges::find(all, entry) != all.end();
}

/// The types that Argo CD's annotation, or else Helm's, gives an object.
struct Types {
  std::vector<Phase> phases;
  bool skip = false;
};

Types types_of(const k8s::Object& object) {
  Types out;
  for (const std::string_view entry : entries(object, api::kHookAnnotation)) {
    if (entry == "Skip") out.skip = true;
    if (const auto phase = parse_phase(entry)) out.phases.push_back(*phase);
  }
  if (!out.skip && out.phases.empty())
    for (const std::string_view entry : entries(object, api::kHelmHookAnnotation))
      for (const Named& type : kHelmTypes)
        if (type.name == entry) out.phases.push_back(type.phase);
  std::ranges::sort(out.phases);
  out.phases.erase(std::ranges::unique(out.phases).begin(), out.phases.end());
  return out;
}

std::optional<std::int64_t> number(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return out;
}

std::string generated_name(const k8s::Object& object, Phase phase, const HookContext& context) {
  // Argo CD shortens what has eight characters or more.
  const std::string revision =
      context.revision.size() >= 8 ? context.revision.substr(0, 7) : context.revision;
  return fmt::format(
      "{}{}", object.generate_name(),
      lower(fmt::format("{}-{}-{}", revision, to_string(phase), context.started_at)));
}

}  // namespace

std::string_view to_string(Phase phase) { return kPhases.at(static_cast<std::size_t>(phase)); }

std::optional<Phase> parse_phase(std::string_view text) {
  const auto found = std::ranges::find(kPhases, text);
  if (found == kPhases.end()) return std::nullopt;
  return static_cast<Phase>(found - kPhases.begin());
}

bool is_hook(const k8s::Object& object) {
  if (object.annotation(api::kHookAnnotation)) return !is_skipped(object);
  const auto helm = object.annotation(api::kHelmHookAnnotation);
  return helm && *helm != "crd-install";
}

bool is_skipped(const k8s::Object& object) {
  const Types types = types_of(object);
  return types.skip && types.phases.empty();
}

bool is_ignored_hook(const k8s::Object& object) {
  const Types types = types_of(object);
  return is_hook(object) && types.phases.empty() && !types.skip;
}

std::vector<Phase> phases_of(const k8s::Object& object) {
  if (is_skipped(object)) return {};
  if (is_hook(object)) return types_of(object).phases;
  return {Phase::sync};
}

bool is_delete_hook(const k8s::Object& object, DeleteHook when) {
  const bool before = when == DeleteHook::before_deletion;
  return has_entry(object, api::kHookAnnotation, before ? "PreDelete" : "PostDelete") ||
         has_entry(object, api::kHelmHookAnnotation, before ? "pre-delete" : "post-delete");
}

DeletePolicies delete_policies(const k8s::Object& object) {
  const auto says = [&](std::string_view argo, std::string_view helm) {
    return has_entry(object, api::kHookDeletePolicyAnnotation, argo) ||
           has_entry(object, kHelmHookDeletePolicyAnnotation, helm);
  };
  DeletePolicies out{.before_creation = says("BeforeHookCreation", "before-hook-creation"),
                     .succeeded = says("HookSucceeded", "hook-succeeded"),
                     .failed = says("HookFailed", "hook-failed")};
  if (out == DeletePolicies()) out.before_creation = true;
  return out;
}

std::int64_t wave_of(const k8s::Object& object) {
  for (const std::string_view name : {api::kSyncWaveAnnotation, api::kHelmHookWeightAnnotation})
    if (const auto wave = number(object.annotation(name).value_or(""))) return *wave;
  return 0;
}

std::string hook_run_mark(std::string_view run_id, Phase phase) {
  return fmt::format("{}.{}", run_id, to_string(phase));
}

std::vector<Hook> hooks_of(const std::vector<k8s::Object>& rendered, const HookContext& context) {
  std::vector<Hook> out;
  for (const k8s::Object& object : rendered) {
    for (const Phase phase : phases_of(object)) {
      Hook hook{.phase = phase, .object = object.deep_copy()};
      if (object.name().empty()) {
        hook.object.tree().set_at({"metadata", "name"}, generated_name(object, phase, context));
        hook.object.tree().map()["metadata"].map().erase("generateName");
        // The mark names the object, which has a name only now.
        api::set_tracking(hook.object, context.app, context.destination_namespace,
                          context.tracking);
      }
      hook.object.set_annotation(kHookRunAnnotation, hook_run_mark(context.run_id, phase));
      out.push_back(std::move(hook));
    }
  }
  return out;
}

}  // namespace tiphys::plan
