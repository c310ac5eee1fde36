#include "helm/dependencies.hpp"

#include "helm/text.hpp"
#include "helm/values.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/text/semver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Status;
using value::GoType;
using value::Map;
using value::Value;

namespace {

void slog_warn(const Warner& warner, const std::string& text) {
  if (warner.sink) warner.sink(text);
}

bool meets(const Dependency& wanted, const Chart& chart) {
  return chart.name() == wanted.name && is_compatible(wanted.version, chart.metadata.version);
}

std::shared_ptr<Chart> shallow_copy(const std::shared_ptr<Chart>& chart) {
  auto copy = std::make_shared<Chart>(*chart);
  copy->origin = chart;
  return copy;
}

/// The dependency's chart, copied under its alias. 4.2 copies the level below as well, so that two
/// aliases have children of their own; 3.21 shares those, and their parent stays the original.
std::shared_ptr<Chart> aliased(const Chart& parent, const Dependency& wanted, Profile profile) {
  for (const auto& child : parent.dependencies) {
    if (!meets(wanted, *child)) continue;
    auto copy = shallow_copy(child);
    if (profile != Profile::v3_21) {
      copy->metadata = child->metadata.clone();
      copy->dependencies.clear();
      for (const auto& grandchild : child->dependencies) copy->adopt(shallow_copy(grandchild));
    }
    if (!wanted.alias.empty()) copy->metadata.name = wanted.alias;
    return copy;
  }
  return nullptr;
}

using Declared = std::vector<std::shared_ptr<Dependency>>;

void apply_tags(const Declared& dependencies, const Value& values, const Warner& warner) {
  const Value* tags = table_at(values, "tags");
  if (tags == nullptr) return;
  for (const auto& shared : dependencies) {
    Dependency& dependency = *shared;
    bool any_true = false;
    bool any_false = false;
    for (const std::string& tag : dependency.tags) {
      const Value* flag = tags->map().find(tag);
      if (flag == nullptr) continue;
      if (flag->is_bool())
        (flag->boolean() ? any_true : any_false) = true;
      else if (warner.profile == Profile::v3_21)
        warner.print("dependencies.go", 95,
                     fmt::format("Warning: Tag '{}' for chart {} returned non-bool value", tag,
                                 dependency.name));
      else
        slog_warn(warner, fmt::format("level=WARN msg=\"returned non-bool value\" tag={} chart={}",
                                      slog_text(tag), slog_text(dependency.name)));
    }
    dependency.enabled = any_true || !any_false;
  }
}

void apply_conditions(const Declared& dependencies, const Value& values, const std::string& path,
                      const Warner& warner) {
  for (const auto& shared : dependencies) {
    Dependency& dependency = *shared;
    for (std::string_view condition : split(trim_space(dependency.condition), ',')) {
      if (condition.empty()) continue;
      const Value* found = path_value(values, path + std::string(condition));
      if (found == nullptr) continue;
      if (found->is_bool()) {
        dependency.enabled = found->boolean();
        break;
      }
      if (warner.profile == Profile::v3_21)
        warner.print(
            "dependencies.go", 64,
            fmt::format("Warning: Condition path '{}' for chart {} returned non-bool value",
                        condition, dependency.name));
      else
        slog_warn(warner, fmt::format("level=WARN msg=\"returned non-bool value\" path={} chart={}",
                                      slog_text(condition), slog_text(dependency.name)));
    }
  }
}

/// Undeclared charts first, then the declared ones in Chart.yaml's order, under their aliases.
void select(Chart& chart, Profile profile) {
  std::vector<std::shared_ptr<Chart>> selected;
  for (const auto& child : chart.dependencies) {
    const bool declared = std::ranges::any_of(
        chart.metadata.dependencies, [&](const auto& wanted) { return meets(*wanted, *child); });
    if (!declared) selected.push_back(child);
  }
  for (const auto& shared : chart.metadata.dependencies) {
    Dependency& wanted = *shared;
    if (auto child = aliased(chart, wanted, profile)) selected.push_back(std::move(child));
    if (!wanted.alias.empty()) wanted.name = wanted.alias;
    wanted.enabled = true;
  }
  chart.dependencies.clear();
  for (auto& child : selected) chart.adopt(std::move(child));
}

Status process_enabled(Chart& chart, const Value& values, const std::string& path,
                       const Warner& warner) {
  if (!chart.metadata.has_dependencies) return {};
  select(chart, warner.profile);
  TRY_ASSIGN(const Value coalesced, coalesce_values(chart, values, Nulls::remove, warner));
  Declared& declared = chart.metadata.dependencies;
  apply_tags(declared, coalesced, warner);
  apply_conditions(declared, coalesced, path, warner);
  std::set<std::string> disabled;
  for (const auto& dependency : declared)
    if (!dependency->enabled) disabled.insert(dependency->name);
  std::erase_if(chart.dependencies,
                [&](const auto& child) { return disabled.contains(child->name()); });
  std::erase_if(declared, [&](const auto& item) { return disabled.contains(item->name); });
  for (const auto& child : chart.dependencies)
    TRY(process_enabled(*child, coalesced, path + child->name() + ".", warner));
  // Go's append to nil leaves nil when nothing is enabled.
  chart.metadata.has_dependencies = !declared.empty();
  return {};
}

Value path_to_map(std::string_view path, Value data) {
  if (path == ".") return data;
  std::vector<std::string_view> parts = split(path, '.');
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    Map map;
    map.set(*part, std::move(data));
    data = Value(std::move(map));
  }
  return data;
}

Value import_entry(std::string_view child, std::string_view parent) {
  Map entry;
  entry.set("child", Value(child));
  entry.set("parent", Value(parent));
  return Value(std::move(entry)).as(GoType::string_map);
}

std::string printed(const Value& value) {
  std::string out;
  gotmpl::append_v(out, value);
  return out;
}

/// One entry of import-values into b; what is there already stays.
void import_one(const Dependency& dependency, const Value& entry, const Value& values, Value& b,
                value::List& out, const Warner& warner) {
  std::string child;
  std::string parent = ".";
  if (entry.is_map() && entry.go_type() == GoType::natural) {
    child = printed(entry["child"]);
    parent = printed(entry["parent"]);
  } else if (entry.is_string()) {
    child = "exports." + std::string(entry.string());
  } else {
    return;
  }
  out.push_back(import_entry(child, parent));
  const Value* table = table_at(values, dependency.name + "." + child);
  if (table == nullptr) {
    const std::string missing = child.substr(child.rfind('.') + 1);
    if (warner.profile == Profile::v3_21)
      warner.print("dependencies.go", entry.is_map() ? 270 : 287,
                   fmt::format("Warning: ImportValues missing table{}: {} is not a table",
                               entry.is_map() ? " from chart " + dependency.name : "",
                               gotmpl::quote(missing)));
    else if (entry.is_map())
      slog_warn(warner, fmt::format("level=WARN msg=\"ImportValues missing table from chart\" "
                                    "chart={} error={}",
                                    slog_text(dependency.name),
                                    gotmpl::quote(gotmpl::quote(missing) + " is not a table")));
    else
      slog_warn(warner, fmt::format("level=WARN msg=\"ImportValues missing table\" "
                                    "error={}",
                                    gotmpl::quote(gotmpl::quote(missing) + " is not a table")));
    return;
  }
  // Helm takes a new map for an empty one, so that what merging writes into it is not seen.
  Value data = path_to_map(parent, table->map().empty() ? Value(Map()) : *table);
  merge_tables(b, data, "", Nulls::keep, warner);
}

Status process_imports(Chart& chart, const Warner& warner) {
  for (const auto& child : chart.dependencies) TRY(process_imports(*child, warner));
  if (!chart.metadata.has_dependencies) return {};
  TRY_ASSIGN(const Value values, coalesce_values(chart, Value(Map()), Nulls::keep, warner));
  Value b{Map()};
  for (const auto& shared : chart.metadata.dependencies) {
    Dependency& dependency = *shared;
    value::List out;
    for (const Value& entry : dependency.import_values)
      import_one(dependency, entry, values, b, out, warner);
    dependency.import_values = std::move(out);
  }
  // Other charts may read the old values: they are replaced, never written into.
  chart.values = b.map().empty() ? values : values.deep_copy();
  merge_tables(chart.values, b, "", Nulls::keep, warner);
  return {};
}

}  // namespace

bool is_compatible(std::string_view range, std::string_view version) {
  const auto parsed = text::parse_version(version);
  if (!parsed.ok()) return false;
  const auto constraints = text::Constraints::parse(range);
  return constraints.ok() && constraints->check(*parsed);
}

Status check_dependencies(const Chart& chart, Profile profile) {
  std::string missing;
  for (const auto& shared : chart.metadata.dependencies) {
    const Dependency& wanted = *shared;
    const bool found = std::ranges::any_of(
        chart.dependencies, [&](const auto& child) { return child->name() == wanted.name; });
    if (found) continue;
    if (!missing.empty()) missing += ", ";
    missing += wanted.name;
  }
  if (missing.empty()) return {};
  const bool v3 = profile == Profile::v3_21;
  return Error(
      Code::Invalid,
      fmt::format("{0} error occurred while checking for chart dependencies. You may need "
                  "to run {1}helm dependency build{1} to fetch missing dependencies: found "
                  "in Chart.yaml, but missing in charts/ directory: {2}",
                  v3 ? "An" : "an", v3 ? '`' : '\'', missing));
}

Status process_dependencies(Chart& chart, const Value& user_values, const Warner& warner) {
  TRY(process_enabled(chart, user_values, "", warner));
  return process_imports(chart, warner);
}

}  // namespace tiphys::helm
