// Line by line: a version, a constraint, more versions. Orders agree; failing checks have reasons.
#include "fuzz/fuzz.hpp"

#include "tiphys/text/semver.hpp"

using tiphys::fuzz::check;
using tiphys::text::Constraints;
using tiphys::text::Version;

namespace {

constexpr std::size_t kLongest = 256;  // what parse_version reads, as Helm's library

void check_version(const Version& version) {
  // "1-x" is written as "1.0.0-x", which may be longer than what is read.
  if (version.text().size() > kLongest) return;
  const auto again = tiphys::text::parse_version(version.text());
  check(again.ok(), "the normal form is read");
  check(tiphys::text::compare(version, *again) == 0, "the normal form is the same version");
  if (version.patch != UINT64_MAX)
    check(tiphys::text::compare(version, version.inc_patch()) < 0, "the next patch is newer");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = tiphys::fuzz::text_of(data, size);
  const auto version = tiphys::text::parse_version(tiphys::fuzz::take_line(text));
  const auto constraints = Constraints::parse(tiphys::fuzz::take_line(text));
  if (version.ok()) check_version(*version);
  if (constraints.ok()) {
    check(constraints->text().size() <= 16 * size + 64, "the text of constraints is no bomb");
    if (version.ok())
      check(constraints->check(*version) || !constraints->reasons(*version).empty(),
            "a failing check has a reason");
  }
  for (int i = 0; i < 8 && !text.empty(); ++i) {
    const auto other = tiphys::text::parse_strict_version(tiphys::fuzz::take_line(text));
    if (!other.ok() || !version.ok()) continue;
    check(tiphys::text::compare(*version, *other) == -tiphys::text::compare(*other, *version),
          "the order is antisymmetric");
  }
  return 0;
}
