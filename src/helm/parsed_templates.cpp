#include "helm/parsed_templates.hpp"

namespace tiphys::helm {
namespace {

/// Paths kept for one chart: every alias in every parent makes new ones.
constexpr std::size_t kMaxPaths = 50'000;

}  // namespace

std::shared_ptr<const gotmpl::ParsedFile> ParsedTemplates::find(const std::string& path,
                                                                std::string_view text) const {
  const auto state = state_.lock();
  // Values may decide which chart stands at a path, so the text is compared.
  if (const auto known = state->by_path.find(path);
      known != state->by_path.end() && gotmpl::text_of(*known->second) == text)
    return known->second;
  const auto same = state->by_text.find(text);
  return same == state->by_text.end() ? nullptr : gotmpl::renamed(same->second, path);
}

base::Result<std::shared_ptr<const gotmpl::ParsedFile>> ParsedTemplates::get(
    const std::string& path, std::string_view text,
    const std::shared_ptr<const gotmpl::FunctionTable>& functions) {
  File parsed = find(path, text);
  if (parsed == nullptr) {
    TRY_ASSIGN(parsed, gotmpl::parse_file(path, text, functions));
  }
  const auto state = state_.lock();
  if (state->by_path.size() < kMaxPaths) {
    state->by_path.insert_or_assign(path, parsed);
    state->by_text.emplace(gotmpl::text_of(*parsed), parsed);
  }
  return parsed;
}

}  // namespace tiphys::helm
