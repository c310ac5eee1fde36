// Any text is read as YAML or refused; what was read is written so that it reads the same.
#include "fuzz/fuzz.hpp"

#include "tiphys/value/value.hpp"
#include "tiphys/value/yaml.hpp"

#include <algorithm>

using tiphys::fuzz::check;
using tiphys::value::Numbers;
using tiphys::value::Value;

namespace {

/// YAML 1.1's other line ends: go-yaml folds them into spaces, and so do we, so they don't come
/// back.
bool has_other_line_end(std::string_view text) {
  return text.contains("\xc2\x85") || text.contains("\xe2\x80\xa8") ||
         text.contains("\xe2\x80\xa9");
}

bool has_other_line_end(const Value& value) {
  if (value.is_list())
    return std::ranges::any_of(value.items(), [](const Value& v) { return has_other_line_end(v); });
  return std::ranges::any_of(value.entries(),
                             [](const auto& entry) {
                               return has_other_line_end(std::string_view(entry.first)) ||
                                      has_other_line_end(entry.second);
                             }) ||
         has_other_line_end(value.text());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = tiphys::fuzz::text_of(data, size);
  const tiphys::value::YamlOptions options{
      .numbers = size % 2 == 0 ? Numbers::int64 : Numbers::float64,
      .limits = {.bytes = 1U << 20U, .nodes = 20'000, .depth = 60}};
  if (const auto documents = tiphys::value::split_documents(text); documents.ok()) {
    for (const auto& document : *documents) {
      check(document.line >= 1, "documents start at a line");
      check(document.text.size() <= text.size(), "documents are parts of the text");
    }
  }
  const auto tree = tiphys::value::parse_yaml(text, options);
  if (!tree.ok()) {
    check(!tree.error().text().empty(), "errors say something");
    return 0;
  }
  if (const auto pretty = tiphys::value::to_yaml_pretty(*tree); pretty.ok())
    check(pretty->ends_with('\n'), "toYamlPretty ends in a newline");
  const auto written = tiphys::value::to_yaml(*tree);
  if (!written.ok()) return 0;
  const auto again = tiphys::value::parse_yaml(*written, options);
  check(again.ok(), "what was written is read");
  check(tiphys::value::equal(*tree, *again) || has_other_line_end(*tree),
        "what was written reads the same");
  return 0;
}
