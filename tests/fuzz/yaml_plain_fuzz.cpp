// The quick reader of plain YAML gives what libyaml's way gives, or leaves the text to it.
#include "fuzz/fuzz.hpp"
#include "value/yaml_plain.hpp"

#include "tiphys/value/json.hpp"

using tiphys::fuzz::check;
using tiphys::value::Numbers;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = tiphys::fuzz::text_of(data, size);
  const tiphys::value::YamlOptions options{
      .numbers = size % 2 == 0 ? Numbers::int64 : Numbers::float64,
      .limits = {.bytes = 1U << 20U, .nodes = 2'000, .depth = 20}};
  const auto quick = tiphys::value::parse_plain_yaml(text, options);
  if (!quick) return 0;
  const auto slow = tiphys::value::compose_yaml(text, options);
  check(slow.ok(), "what is read quickly is YAML");
  check(*tiphys::value::write_json(*quick) == *tiphys::value::write_json(*slow),
        "both read the same");
  return 0;
}
