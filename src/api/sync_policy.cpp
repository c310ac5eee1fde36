#include "tiphys/api/sync_policy.hpp"

#include "api/field.hpp"

#include <algorithm>
#include <array>

namespace tiphys::api {

namespace {

struct OptionRow {
  std::string_view entry;
  void (*set)(SyncOptions&);
};

/// Every entry that Argo CD 3.6 knows, and HelmLookup and ServerDryRun, which are ours. An entry
/// that isn't here is unknown.
constexpr std::array kOptions = {
    OptionRow{"ApplyOutOfSyncOnly=false", [](SyncOptions&) {}},
    OptionRow{"ApplyOutOfSyncOnly=true", [](SyncOptions& o) { o.apply_out_of_sync_only = true; }},
    OptionRow{"ClientSideApplyMigration=false",
              [](SyncOptions& o) { o.client_side_apply_migration = false; }},
    OptionRow{"ClientSideApplyMigration=true", [](SyncOptions&) {}},
    OptionRow{"CreateNamespace=false", [](SyncOptions&) {}},
    OptionRow{"CreateNamespace=true", [](SyncOptions& o) { o.create_namespace = true; }},
    OptionRow{"Delete=confirm", [](SyncOptions& o) { o.remove = Removal::confirm; }},
    OptionRow{"Delete=false", [](SyncOptions& o) { o.remove = Removal::never; }},
    OptionRow{"Delete=true", [](SyncOptions& o) { o.remove = Removal::allow; }},
    OptionRow{"FailOnSharedResource=false", [](SyncOptions&) {}},
    OptionRow{"FailOnSharedResource=true",
              [](SyncOptions& o) { o.fail_on_shared_resource = true; }},
    OptionRow{"Force=false", [](SyncOptions&) {}},
    OptionRow{"Force=true", [](SyncOptions& o) { o.force = true; }},
    OptionRow{"HelmLookup=false", [](SyncOptions&) {}},
    OptionRow{"HelmLookup=true", [](SyncOptions& o) { o.helm_lookup = true; }},
    OptionRow{"Prune=confirm", [](SyncOptions& o) { o.prune = Removal::confirm; }},
    OptionRow{"Prune=false", [](SyncOptions& o) { o.prune = Removal::never; }},
    OptionRow{"Prune=true", [](SyncOptions& o) { o.prune = Removal::allow; }},
    OptionRow{"PruneLast=false", [](SyncOptions&) {}},
    OptionRow{"PruneLast=true", [](SyncOptions& o) { o.prune_last = true; }},
    OptionRow{"PrunePropagationPolicy=background",
              [](SyncOptions& o) { o.propagation = Propagation::background; }},
    OptionRow{"PrunePropagationPolicy=foreground",
              [](SyncOptions& o) { o.propagation = Propagation::foreground; }},
    OptionRow{"PrunePropagationPolicy=orphan",
              [](SyncOptions& o) { o.propagation = Propagation::orphan; }},
    OptionRow{"Replace=false", [](SyncOptions&) {}},
    OptionRow{"Replace=true", [](SyncOptions& o) { o.replace = true; }},
    OptionRow{"RespectIgnoreDifferences=false", [](SyncOptions&) {}},
    OptionRow{"RespectIgnoreDifferences=true",
              [](SyncOptions& o) { o.respect_ignore_differences = true; }},
    OptionRow{"ServerDryRun=false", [](SyncOptions& o) { o.server_dry_run = false; }},
    OptionRow{"ServerDryRun=true", [](SyncOptions&) {}},
    OptionRow{"ServerSideApply=false", [](SyncOptions& o) { o.server_side_apply = false; }},
    OptionRow{"ServerSideApply=true", [](SyncOptions& o) { o.server_side_apply = true; }},
    OptionRow{"SkipDryRunOnMissingResource=false", [](SyncOptions&) {}},
    OptionRow{"SkipDryRunOnMissingResource=true",
              [](SyncOptions& o) { o.skip_dry_run_on_missing_resource = true; }},
    OptionRow{"Validate=false", [](SyncOptions& o) { o.validate = false; }},
    OptionRow{"Validate=true", [](SyncOptions&) {}},
};

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

}  // namespace

std::string_view to_string(Propagation propagation) {
  switch (propagation) {
    case Propagation::foreground:
      return "Foreground";
    case Propagation::background:
      return "Background";
    case Propagation::orphan:
      return "Orphan";
  }
  return "Foreground";
}

bool SyncOptions::has(std::string_view entry) const {
  return std::ranges::find(entries, entry) != entries.end();
}

SyncOptions parse_sync_options(const std::vector<std::string>& entries) {
  SyncOptions out;
  for (const std::string& entry : entries) {
    out.entries.push_back(entry);
    const auto* row = std::ranges::find(kOptions, std::string_view(entry), &OptionRow::entry);
    if (row == kOptions.end())
      out.unknown.push_back(entry);
    else
      row->set(out);
  }
  return out;
}

SyncOptions parse_sync_options_annotation(std::string_view annotation) {
  std::vector<std::string> entries;
  while (!annotation.empty()) {
    const auto comma = annotation.find(',');
    const std::string_view entry = trim(annotation.substr(0, comma));
    if (!entry.empty()) entries.emplace_back(entry);
    annotation =
        comma == std::string_view::npos ? std::string_view() : annotation.substr(comma + 1);
  }
  return parse_sync_options(entries);
}

base::Result<Retry> parse_retry(const value::Value& retry, std::string_view field) {
  FieldReader reader(retry, std::string(field));
  Retry out{.limit = reader.integer("limit").value_or(0),
            .backoff = std::nullopt,
            .refresh = reader.boolean("refresh")};
  if (const value::Value& backoff = reader.map("backoff"); !backoff.is_null()) {
    FieldReader nested(backoff, reader.path_of("backoff"));
    out.backoff = Backoff{.duration = nested.text("duration"),
                          .factor = nested.integer("factor"),
                          .max_duration = nested.text("maxDuration")};
    reader.merge(nested.status());
  }
  TRY(reader.status());
  return out;
}

base::Result<SyncPolicy> parse_sync_policy(const value::Value& policy, std::string_view field) {
  FieldReader reader(policy, std::string(field));
  SyncPolicy out;
  if (const value::Value& automated = reader.map("automated"); !automated.is_null()) {
    FieldReader nested(automated, reader.path_of("automated"));
    out.automated = Automated{.prune = nested.boolean("prune"),
                              .self_heal = nested.boolean("selfHeal"),
                              .allow_empty = nested.boolean("allowEmpty"),
                              .enabled = nested.boolean("enabled", true)};
    reader.merge(nested.status());
  }
  out.options = parse_sync_options(reader.texts("syncOptions"));
  if (const value::Value& retry = reader.map("retry"); !retry.is_null()) {
    auto parsed = parse_retry(retry, reader.path_of("retry"));
    if (!parsed.ok()) return parsed.error();
    out.retry = *std::move(parsed);
  }
  if (const value::Value& meta = reader.map("managedNamespaceMetadata"); !meta.is_null()) {
    FieldReader nested(meta, reader.path_of("managedNamespaceMetadata"));
    out.managed_namespace_metadata = ManagedNamespaceMetadata{
        .labels = nested.text_map("labels"), .annotations = nested.text_map("annotations")};
    reader.merge(nested.status());
  }
  TRY(reader.status());
  return out;
}

}  // namespace tiphys::api
