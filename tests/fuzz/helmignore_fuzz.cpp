// The first line is a path, the rest a .helmignore.
#include "fuzz/fuzz.hpp"
#include "helm/ignore.hpp"

using tiphys::helm::EntryKind;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = tiphys::fuzz::text_of(data, size);
  const std::string_view path = tiphys::fuzz::take_line(text);
  const auto rules = tiphys::helm::IgnoreRules::parse(text);
  if (!rules.ok()) {
    tiphys::fuzz::check(!rules.error().text().empty(), "errors say something");
    return 0;
  }
  for (const EntryKind kind : {EntryKind::file, EntryKind::directory}) {
    tiphys::fuzz::check(rules->ignores(path, kind) == rules->ignores(path, kind),
                        "rules are deterministic");
    (void)rules->ignores("templates/a.yaml", kind);
  }
  tiphys::fuzz::check(rules->ignores("templates/.hidden", EntryKind::file),
                      "Helm's own rule is always there");
  return 0;
}
