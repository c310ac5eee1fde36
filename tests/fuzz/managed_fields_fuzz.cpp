// Any JSON object's managedFields: sets are read, written, united and taken apart again.
#include "fuzz/fuzz.hpp"

#include "tiphys/k8s/managed_fields.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/value/json.hpp"

using tiphys::fuzz::check;
using tiphys::k8s::FieldSet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tiphys::value::Limits limits{.bytes = 1U << 20U, .nodes = 20'000, .depth = 60};
  auto tree = tiphys::value::parse_json(tiphys::fuzz::text_of(data, size),
                                        tiphys::value::Numbers::int64, limits);
  if (!tree.ok()) return 0;
  const auto object = tiphys::k8s::Object::trusted(*tree);
  const auto entries = tiphys::k8s::managed_entries(object);
  if (!entries.ok()) {
    check(!entries.error().text().empty(), "errors say something");
    return 0;
  }
  FieldSet all;
  for (const auto& entry : *entries) {
    const auto again = FieldSet::from_fields_v1(entry.fields.to_fields_v1());
    check(again.ok() && *again == entry.fields, "a set is written and read again");
    all = all.united(entry.fields);
  }
  check(all.without(all).empty(), "nothing is left without all");
  (void)tiphys::k8s::extract(object.tree(), all);
  (void)tiphys::k8s::remove(object.tree(), all);
  return 0;
}
