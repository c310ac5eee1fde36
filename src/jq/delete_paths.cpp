#include "tiphys/jq/jq.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

namespace tiphys::jq {

using base::Code;
using base::Error;
using value::List;
using value::Value;

namespace {

/// One step of a path: a key, or a range of a list (one entry: [i, i + 1)).
struct Range {
  std::int64_t from;
  std::int64_t to;
};

/// Counted from the end when negative, and held within the list.
std::int64_t place(const Value& at, std::int64_t size, std::int64_t otherwise) {
  std::int64_t index = at.integer_or(otherwise);
  if (index < 0) index += size;
  return std::clamp<std::int64_t>(index, 0, size);
}

std::optional<Range> range_of(const Value& step, std::int64_t size) {
  if (step.is_map())
    return Range{.from = place(step["start"], size, 0), .to = place(step["end"], size, size)};
  if (!step.is_int()) return std::nullopt;
  std::int64_t index = step.integer();
  if (index < 0) index += size;
  if (index < 0 || index >= size) return std::nullopt;
  return Range{.from = index, .to = index + 1};
}

void remove(Value& tree, std::span<const Value> path);

void remove_from_list(List& list, std::span<const Value> path) {
  const auto range = range_of(path.front(), static_cast<std::int64_t>(list.size()));
  if (!range || range->from >= range->to) return;
  if (path.size() == 1) {
    list.erase(list.begin() + range->from, list.begin() + range->to);
    return;
  }
  if (!path.front().is_map()) {
    remove(list[static_cast<std::size_t>(range->from)], path.subspan(1));
    return;
  }
  // .a[2:4][0]: the steps behind a slice count within it.
  const auto first = list.begin() + range->from;
  const auto last = list.begin() + range->to;
  List part(first, last);
  remove_from_list(part, path.subspan(1));
  list.insert(list.erase(first, last), part.begin(), part.end());
}

void remove(Value& tree, std::span<const Value> path) {
  const Value& step = path.front();
  if (tree.is_list()) {
    remove_from_list(tree.list(), path);
  } else if (tree.is_map() && step.is_string()) {
    if (path.size() == 1)
      tree.map().erase(step.string());
    else if (Value* member = tree.map().find(step.string()))
      remove(*member, path.subspan(1));
  }
}

/// jq's order of the steps that paths have: null, numbers, strings, slices.
bool step_before(const Value& a, const Value& b) {
  const auto rank = [](const Value& step) { return step.is_int() ? 0 : step.is_string() ? 1 : 2; };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  if (a.is_int()) return a.integer() < b.integer();
  if (a.is_string()) return a.string() < b.string();
  return a["start"].integer_or(0) < b["start"].integer_or(0);
}

bool path_before(const List& a, const List& b) {
  return std::ranges::lexicographical_compare(a, b, step_before);
}

/// Negative places become positive, so that the order of paths is the order of entries.
void count_from_the_start(const Value& tree, List& path) {
  const Value* here = &tree;
  for (Value& step : path) {
    if (here->is_list() && step.is_int()) {
      const auto size = static_cast<std::int64_t>(here->list().size());
      if (step.integer() < 0) step = Value(step.integer() + size);
      if (step.integer() < 0 || step.integer() >= size) return;
      here = &here->list()[static_cast<std::size_t>(step.integer())];
    } else if (step.is_string()) {
      here = &(*here)[step.string()];
    } else {
      return;
    }
  }
}

}  // namespace

base::Result<Value> without_paths(const Value& tree, const Value& paths) {
  if (!paths.is_list()) return Error(Code::Invalid, "no list of paths");
  std::vector<List> sorted;
  for (const Value& path : paths.items()) {
    if (!path.is_list()) return Error(Code::Invalid, "no list of paths");
    if (path.items().empty()) return Error(Code::Invalid, "it names the whole object");
    sorted.emplace_back(path.items());
    count_from_the_start(tree, sorted.back());
  }
  if (sorted.empty()) return tree;
  std::ranges::sort(sorted, path_before);
  Value out = tree.deep_copy();
  for (auto path = sorted.rbegin(); path != sorted.rend(); ++path)
    if (path == sorted.rbegin() || !std::ranges::equal(*path, *std::prev(path), value::equal))
      remove(out, *path);
  return out;
}

}  // namespace tiphys::jq
