// Any text is read as JSON or refused; what was read is written so that it reads the same.
#include "fuzz/fuzz.hpp"

#include "tiphys/value/json.hpp"
#include "tiphys/value/value.hpp"

using tiphys::fuzz::check;
using tiphys::value::Numbers;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = tiphys::fuzz::text_of(data, size);
  const tiphys::value::Limits limits{.bytes = 1U << 20U, .nodes = 20'000, .depth = 100};
  const Numbers numbers = size % 2 == 0 ? Numbers::int64 : Numbers::float64;
  const auto tree = tiphys::value::parse_json(text, numbers, limits);
  if (!tree.ok()) {
    check(!tree.error().text().empty(), "errors say something");
    return 0;
  }
  const auto written = tiphys::value::write_json(*tree);
  check(written.ok(), "what was read is written");
  const auto again = tiphys::value::parse_json(*written, numbers, limits);
  check(again.ok() && tiphys::value::equal(*tree, *again), "what was written reads the same");
  // From the second time on: a float's -0 is written as "-0", which is read as the integer 0 (as Go
  // does).
  const auto rewritten = tiphys::value::write_json(*again);
  const auto third = tiphys::value::parse_json(*rewritten, numbers, limits);
  check(third.ok() && *tiphys::value::write_json(*third) == *rewritten, "writing is stable");
  const auto pretty = tiphys::value::write_json_pretty(*tree);
  const auto from_pretty = tiphys::value::parse_json(*pretty, numbers, limits);
  check(from_pretty.ok() && tiphys::value::equal(*tree, *from_pretty), "so does the pretty form");
  return 0;
}
