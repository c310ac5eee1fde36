#include "helm/coalesce.hpp"

#include "helm/text.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <fmt/format.h>

#include <set>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using value::Map;
using value::Value;

namespace {

std::string joined(std::string_view a, std::string_view b) {
  return a.empty() ? std::string(b) : fmt::format("{}.{}", a, b);
}

std::string shown(const Value& value) {
  std::string out;
  gotmpl::append_v(out, value);
  return out;
}

void clean_nulls(Value& table) {
  Map& map = table.map();
  std::vector<std::string> drop;
  for (auto& [key, member] : map) {
    if (member.is_null())
      drop.push_back(key);
    else if (member.is_map())
      clean_nulls(member);
  }
  for (const std::string& key : drop) map.erase(key);
}

/// One walk over a chart and its subcharts.
class Coalescer {
 public:
  Coalescer(Nulls nulls, const Warner& warner) : nulls_(nulls), warner_(warner) {}

  Status run(const Chart& chart, Value& dest, const std::string& prefix) {
    defaults(chart, dest, prefix);
    for (const auto& child : chart.dependencies) {
      Value* found = dest.map().find(child->name());
      if (found == nullptr) {
        dest.map().set(child->name(), Value(Map()));
        found = dest.map().find(child->name());
      } else if (!found->is_map()) {
        std::string text = fmt::format("type mismatch on {}: ", child->name());
        const Value bad = *found;
        gotmpl::append_sprintf(text, "%t", std::span(&bad, 1));
        return Error(Code::Invalid, std::move(text));
      }
      Value table = *found;
      const std::string inner = joined(prefix, chart.name());
      globals(table, dest, inner);
      TRY(run(*child, table, inner));
    }
    return {};
  }

 private:
  /// The chart's own defaults into dest.
  void defaults(const Chart& chart, Value& dest, const std::string& prefix) {
    const std::string name = joined(prefix, chart.name());
    Value own = chart.values.deep_copy();
    if (!own.is_map()) return;
    Map& into = dest.map();
    const bool drop_nulls = nulls_ == Nulls::remove && warner_.profile != Profile::v3_21;
    for (auto& [key, fallback] : own.map()) {
      Value* given = into.find(key);
      if (given == nullptr) {
        if (drop_nulls && fallback.is_null()) continue;
        if (drop_nulls && fallback.is_map()) clean_nulls(fallback);
        into.set(key, fallback);
      } else if (given->is_null() && nulls_ == Nulls::remove) {
        into.erase(key);
      } else if (given->is_map()) {
        table_default(chart, key, *given, fallback, name);
      }
    }
  }

  void table_default(const Chart& chart, const std::string& key, Value& given, Value& fallback,
                     const std::string& name) {
    if (!fallback.is_map()) {
      if (!fallback.is_null())
        warner_.warn(237, fmt::format("warning: skipped value for {}.{}: Not a table.", name, key));
      return;
    }
    Nulls nulls = nulls_;
    for (const auto& child : chart.dependencies)
      if (child->name() == key) nulls = Nulls::keep;
    if (nulls == Nulls::remove && warner_.profile != Profile::v3_21) clean_nulls(fallback);
    merge_tables(given, fallback, joined(name, key), nulls, warner_);
  }

  /// The parent's globals over the child's. A table is copied one level deep only, so what the
  /// child adds below that is seen by its parent and later siblings: Helm's charts rely on it.
  void globals(Value& child, Value& parent, const std::string& prefix) {
    Value own{Map()};
    if (const Value* found = child.map().find("global")) {
      if (!found->is_map()) {
        warner_.warn(138, "warning: skipping globals because destination global is not a table.");
        return;
      }
      own = *found;
    }
    Value given{Map()};
    if (const Value* found = parent.map().find("global")) {
      if (!found->is_map()) {
        warner_.warn(145, "warning: skipping globals because source global is not a table.");
        return;
      }
      given = *found;
    }
    for (auto& [key, member] : given.map()) one_global(own, key, member, prefix);
    child.map().set("global", own);
  }

  void one_global(Value& own, const std::string& key, const Value& member,
                  const std::string& prefix) {
    Value* old = own.map().find(key);
    if (member.is_map()) {
      Value copy{Map(member.map())};
      if (old != nullptr && !old->is_map()) {
        warner_.warn(139, fmt::format("Conflict: cannot merge map onto non-map for {}. Skipping.",
                                      gotmpl::quote(key)));
        return;
      }
      if (old != nullptr) merge_tables(copy, *old, joined(prefix, key), Nulls::keep, warner_);
      own.map().set(key, std::move(copy));
    } else if (old != nullptr && old->is_map()) {
      warner_.warn(153, fmt::format("key {} is table. Skipping", key));
    } else {
      own.map().set(key, member);
    }
  }

  Nulls nulls_;
  const Warner& warner_;
};

}  // namespace

void Warner::print(std::string_view file, int line, const std::string& text) const {
  if (!sink) return;
  if (profile == Profile::v3_21)
    sink(fmt::format("{}:{}: {}", file, line, text));
  else
    sink(fmt::format("level=INFO msg={}", slog_text(text)));
}

void print_warnings(const Chart& chart, const Warner& warner) {
  for (const ChartFiles::Warning& item : chart.content->warnings)
    warner.print("load.go", item.line, item.text);
  for (const auto& child : chart.dependencies) print_warnings(*child, warner);
}

void merge_tables(Value& dst, Value& src, std::string_view prefix, Nulls nulls,
                  const Warner& warner) {
  if (!src.is_map()) return;
  if (!dst.is_map()) {
    dst = src;
    return;
  }
  std::set<std::string, std::less<>> given;
  for (const auto& [key, member] : src.map())
    if (!member.is_null()) given.insert(key);
  for (const auto& [key, member] : dst.map())
    if (member.is_null()) src.map().set(key, Value());
  for (auto& [key, member] : src.map()) {
    const std::string full = joined(prefix, key);
    Value* old = dst.map().find(key);
    if (old != nullptr && nulls == Nulls::remove && old->is_null() && given.contains(key)) {
      dst.map().erase(key);
    } else if (old == nullptr) {
      dst.map().set(key, member);
    } else if (member.is_map()) {
      if (old->is_map())
        merge_tables(*old, member, full, nulls, warner);
      else
        warner.warn(316, fmt::format("warning: cannot overwrite table with non table for {} ({})",
                                     full, shown(member)));
    } else if (old->is_map() && !member.is_null()) {
      warner.warn(319, fmt::format("warning: destination for {} is a table. Ignoring non-table "
                                   "value ({})",
                                   full, shown(member)));
    }
  }
}

Result<Value> coalesce_values(const Chart& chart, const Value& values, Nulls nulls,
                              const Warner& warner) {
  Value dest = values.is_map() ? values.deep_copy() : Value(Map());
  TRY(Coalescer(nulls, warner).run(chart, dest, ""));
  return dest;
}

}  // namespace tiphys::helm
