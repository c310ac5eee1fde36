// The first line is a value tree in JSON, the rest a values.schema.json: findings, never a hang.
#include "fuzz/fuzz.hpp"
#include "helm/schema.hpp"

#include "tiphys/value/json.hpp"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = tiphys::fuzz::text_of(data, size);
  const tiphys::value::Limits limits{.bytes = 1U << 20U, .nodes = 20'000, .depth = 60};
  const auto tree = tiphys::value::parse_json(tiphys::fuzz::take_line(text),
                                              tiphys::value::Numbers::float64, limits);
  if (!tree.ok()) return 0;
  const std::string schema(text);
  const std::string findings = tiphys::helm::schema_findings(*tree, schema);
  tiphys::fuzz::check(findings == tiphys::helm::schema_findings(*tree, schema),
                      "findings are deterministic");
  return 0;
}
