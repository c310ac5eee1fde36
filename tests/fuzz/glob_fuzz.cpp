// The first line is a pattern, the second its separators, the rest a text: every kind of glob.
#include "fuzz/fuzz.hpp"

#include "tiphys/text/glob.hpp"

using tiphys::fuzz::check;
using tiphys::text::Glob;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = tiphys::fuzz::text_of(data, size);
  const std::string_view pattern = tiphys::fuzz::take_line(text);
  const std::string_view separators = tiphys::fuzz::take_line(text).substr(0, 4);
  if (const auto glob = Glob::compile(pattern, separators); glob.ok()) {
    const bool matched = glob->match(text);
    check(Glob::compile(pattern, separators)->match(text) == matched, "globs are deterministic");
  }
  const auto path = tiphys::text::path_match(pattern, text);
  const auto stars = tiphys::text::doublestar_match(pattern, text);
  check(path.ok() || path.error().text() == "syntax error in pattern", "Go's one error");
  check(stars.ok() || stars.error().text() == "syntax error in pattern", "Go's one error");
  if (pattern.find_first_of("*?[\\{") == std::string_view::npos && path.ok())
    check(*path == (pattern == text), "a literal pattern matches itself alone");
  return 0;
}
