// Any argument of the --set family, over a tree that has every kind, is taken or refused.
#include "fuzz/fuzz.hpp"
#include "helm/strvals.hpp"

#include "tiphys/value/json.hpp"

using tiphys::fuzz::check;
using tiphys::helm::Profile;
using tiphys::value::Value;

namespace {

Value sample() {
  return *tiphys::value::parse_json(
      R"({"a":{"b":[1,{"c":null},[2]],"s":"text"},"l":[],"n":null,"t":true,"x":1.5})");
}

void apply(std::string_view text, std::uint8_t which, Value& into) {
  const auto read = [](const std::string& path) -> tiphys::base::Result<std::string> {
    if (path.size() % 2 == 0) return tiphys::base::Error(tiphys::base::Code::NotFound, "none");
    return "content of " + path;
  };
  const tiphys::base::Status status =
      which == 0   ? tiphys::helm::set_values(text, into, Profile::v4_2)
      : which == 1 ? tiphys::helm::set_values(text, into, Profile::v3_21)
      : which == 2 ? tiphys::helm::set_strings(text, into, Profile::v4_2)
      : which == 3 ? tiphys::helm::set_json(text, into)
      : which == 4 ? tiphys::helm::set_literal(text, into)
                   : tiphys::helm::set_file(text, into, read);
  check(status.ok() || !status.error().text().empty(), "errors say something");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::uint8_t which = data[0] % 6;
  const std::string_view text = tiphys::fuzz::text_of(data + 1, size - 1);
  Value first = sample();
  Value second = sample();
  apply(text, which, first);
  apply(text, which, second);
  check(first.is_map(), "values stay a map");
  check(tiphys::value::equal(first, second), "the same argument does the same");
  return 0;
}
