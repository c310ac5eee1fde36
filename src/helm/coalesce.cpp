#include "helm/coalesce.hpp"

#include "helm/text.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using value::Map;
using value::Value;

namespace {

/// Where in the values; its text is made for warnings only.
struct Path {
  const Path* outer;
  std::string_view name;

  std::string text() const {
    const std::string before = outer == nullptr ? std::string() : outer->text();
    return before.empty() ? std::string(name) : fmt::format("{}.{}", before, name);
  }
};

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

/// How a merge takes what only the source has.
enum class Take : unsigned char {
  share,       ///< as it is; source and destination become entangled
  copy,        ///< a copy, the source stays as it was
  copy_given,  ///< a copy without nulls
};

Value taken(const Value& member, Take take) {
  if (take == Take::share) return member;
  Value copy = member.deep_copy();
  if (take == Take::copy_given && copy.is_map()) clean_nulls(copy);
  return copy;
}

/// One way to merge tables.
struct Merge {
  Nulls nulls;
  Take take;
  const Warner& warner;

  void run(Value& dst, const Value& src, const Path& path) const {
    if (dst.same_reference(src)) return;
    const std::vector<std::string> unset = nulls_of(dst, src);
    for (const auto& [key, member] : src.map()) {
      Value* old = dst.map().find(key);
      if (old == nullptr) {
        if (!member.is_null() || take != Take::copy_given) dst.map().set(key, taken(member, take));
      } else if (old->is_null()) {
        if (nulls == Nulls::remove && std::ranges::find(unset, key) != unset.end())
          dst.map().erase(key);
      } else {
        both(*old, member, {&path, key});
      }
    }
  }

 private:
  /// The keys that a null in dst takes away from src.
  std::vector<std::string> nulls_of(const Value& dst, const Value& src) const {
    std::vector<std::string> out;
    for (const auto& [key, member] : dst.map()) {
      if (!member.is_null()) continue;
      const Value* given = src.map().find(key);
      if (given != nullptr && !given->is_null()) out.push_back(key);
      if (take == Take::share) Value(src).map().set(key, Value());
    }
    return out;
  }

  void both(Value& old, const Value& member, const Path& path) const {
    if (member.is_map() && old.is_map()) {
      run(old, member, path);
    } else if (member.is_map()) {
      warner.warn(316, fmt::format("warning: cannot overwrite table with non table for {} ({})",
                                   path.text(), shown(taken(member, take))));
    } else if (old.is_map() && !member.is_null()) {
      warner.warn(319, fmt::format("warning: destination for {} is a table. Ignoring non-table "
                                   "value ({})",
                                   path.text(), shown(member)));
    }
  }
};

/// One walk over a chart and its subcharts.
class Coalescer {
 public:
  Coalescer(Nulls nulls, const Warner& warner) : nulls_(nulls), warner_(warner) {}

  Status run(const Chart& chart, Value& dest, const Path* outer) {
    const Path here{outer, chart.name()};
    defaults(chart, dest, here);
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
      globals(table, dest, here);
      TRY(run(*child, table, &here));
    }
    return {};
  }

 private:
  Take take() const {
    const bool drop = nulls_ == Nulls::remove && warner_.profile != Profile::v3_21;
    return drop ? Take::copy_given : Take::copy;
  }

  /// The chart's own defaults into dest.
  void defaults(const Chart& chart, Value& dest, const Path& here) {
    Map& into = dest.map();
    for (const auto& [key, fallback] : chart.values.entries()) {
      Value* given = into.find(key);
      if (given == nullptr) {
        if (!fallback.is_null() || take() != Take::copy_given)
          into.set(key, taken(fallback, take()));
      } else if (given->is_null() && nulls_ == Nulls::remove) {
        into.erase(key);
      } else if (given->is_map()) {
        table_default(chart, key, *given, fallback, here);
      }
    }
  }

  void table_default(const Chart& chart, const std::string& key, Value& given,
                     const Value& fallback, const Path& here) {
    const Path path{&here, key};
    if (!fallback.is_map()) {
      if (!fallback.is_null())
        warner_.warn(237, fmt::format("warning: skipped value for {}: Not a table.", path.text()));
      return;
    }
    const bool subchart = std::ranges::any_of(
        chart.dependencies, [&key](const auto& child) { return child->name() == key; });
    Merge{subchart ? Nulls::keep : nulls_, subchart ? Take::copy : take(), warner_}.run(
        given, fallback, path);
  }

  /// The parent's globals over the child's. A table is copied one level deep only, so what the
  /// child adds below that is seen by its parent and later siblings: Helm's charts rely on it.
  void globals(Value& child, const Value& parent, const Path& path) {
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
    for (const auto& [key, member] : std::as_const(given).map()) one_global(own, key, member, path);
    child.map().set("global", own);
  }

  void one_global(Value& own, const std::string& key, const Value& member, const Path& path) {
    Value* old = own.map().find(key);
    if (member.is_map()) {
      Value copy{Map(member.map())};
      if (old != nullptr && !old->is_map()) {
        warner_.warn(139, fmt::format("Conflict: cannot merge map onto non-map for {}. Skipping.",
                                      gotmpl::quote(key)));
        return;
      }
      if (old != nullptr) Merge{Nulls::keep, Take::share, warner_}.run(copy, *old, {&path, key});
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
  Merge{nulls, Take::share, warner}.run(dst, src, {nullptr, prefix});
}

Result<Value> coalesce_values(const Chart& chart, const Value& values, Nulls nulls,
                              const Warner& warner) {
  Value dest = values.is_map() ? values.deep_copy() : Value(Map());
  TRY(Coalescer(nulls, warner).run(chart, dest, nullptr));
  return dest;
}

}  // namespace tiphys::helm
