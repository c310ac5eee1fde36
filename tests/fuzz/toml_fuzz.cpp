// Any text as TOML: read or refused; what was read is written so that it reads the same.
#include "fuzz/fuzz.hpp"
#include "sprig/toml.hpp"

#include "tiphys/value/value.hpp"

using tiphys::fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto tree = tiphys::sprig::parse_toml(tiphys::fuzz::text_of(data, size));
  if (!tree.ok()) {
    check(!tree.error().text().empty(), "errors say something");
    return 0;
  }
  const auto written = tiphys::sprig::write_toml(*tree, nullptr);
  if (!written.ok()) return 0;
  const auto again = tiphys::sprig::parse_toml(*written);
  check(again.ok(), "what was written is read");
  const auto twice = tiphys::sprig::write_toml(*again, nullptr);
  check(twice.ok() && *twice == *written, "writing is stable");
  return 0;
}
