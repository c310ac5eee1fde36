// Any text is lexed and parsed, or refused with an error of Go's form; a second time just the same.
#include "fuzz/fuzz.hpp"

#include "tiphys/gotmpl/template.hpp"

#include <algorithm>
#include <memory>
#include <string>

using tiphys::fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kTable = std::make_shared<const tiphys::gotmpl::FunctionTable>();
  const std::string_view text = tiphys::fuzz::text_of(data, size);
  const auto first = tiphys::gotmpl::parse_file("t", text, kTable);
  const auto second = tiphys::gotmpl::parse_file("t", text, kTable);
  check(first.ok() == second.ok(), "parsing is deterministic");
  if (!first.ok()) {
    check(first.error().text() == second.error().text(), "errors are deterministic");
    check(first.error().text().starts_with("template: t:"), "errors name template and line");
    return 0;
  }
  auto names = tiphys::gotmpl::defined_names(**first);
  std::ranges::sort(names);
  check(std::ranges::adjacent_find(names) == names.end(), "a name is defined once");
  return 0;
}
