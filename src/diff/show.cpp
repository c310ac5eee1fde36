#include "diff/parts.hpp"

#include "tiphys/diff/diff.hpp"
#include "tiphys/value/json.hpp"
#include "tiphys/value/patch.hpp"

#include <fmt/format.h>

namespace tiphys::diff {

using value::Map;
using value::Value;

namespace {

constexpr std::string_view kMask = "++++++++";
constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";
constexpr std::size_t kMaxText = 80;

bool is_secret(const k8s::Object& object) {
  return object.group_kind() == k8s::GroupKind{.group = "", .kind = "Secret"};
}

void mask_values(Map& tree, std::string_view field) {
  Value* values = tree.find(field);
  if (values == nullptr || values->is_null()) return;
  Map hidden;
  for (const auto& [key, unused] : values->entries()) hidden.set(key, Value(kMask));
  *values = Value(std::move(hidden));
}

std::string shown(const Value* v) {
  if (v == nullptr) return "(absent)";
  auto text = value::write_json(*v, value::EscapeHtml::no);
  if (!text.ok()) return "(unprintable)";
  if (text->size() <= kMaxText) return *text;
  std::size_t end = kMaxText;
  // Not in the middle of a UTF-8 sequence.
  while (end > 0 && (static_cast<unsigned char>((*text)[end]) & 0xC0U) == 0x80U) --end;
  return text->substr(0, end) + "...";
}

}  // namespace

k8s::Object masked(const k8s::Object& object) {
  if (!is_secret(object)) return object;
  k8s::Object copy = object.deep_copy();
  if (!copy.tree().is_map()) return copy;
  mask_values(copy.tree().map(), "data");
  mask_values(copy.tree().map(), "stringData");
  if (copy.annotation(kLastApplied)) copy.set_annotation(kLastApplied, kMask);
  return copy;
}

std::string describe(const Diff& diff, const k8s::Object& desired, const k8s::Object& live,
                     std::size_t limit) {
  const k8s::Object left = masked(live);
  const k8s::Object right = masked(desired);
  std::string out;
  for (std::size_t i = 0; i < diff.paths.size() && i < limit; ++i) {
    const std::string& path = diff.paths[i];
    // A path through a list by merge key names no single place: only the path is shown.
    const Value* before = value::pointer_get(left.tree(), path);
    const Value* after = value::pointer_get(right.tree(), path);
    if (before == nullptr && after == nullptr)
      out += path + "\n";
    else
      out += fmt::format("{}: {} -> {}\n", path, shown(before), shown(after));
  }
  if (diff.paths.size() > limit) out += fmt::format("and {} more\n", diff.paths.size() - limit);
  return out;
}

}  // namespace tiphys::diff
