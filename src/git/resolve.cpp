#include "tiphys/git/refs.hpp"
#include "tiphys/text/semver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace tiphys::git {
namespace {

using base::Code;
using base::Error;

constexpr std::string_view kTags = "refs/tags/";
constexpr std::string_view kHeads = "refs/heads/";

std::optional<std::string> hex_prefix(std::string_view text) {
  if (text.size() < 7 || text.size() > 40) return std::nullopt;
  std::string out;
  for (const char c : text) {
    if (c >= 'A' && c <= 'F')
      out.push_back(static_cast<char>(c - 'A' + 'a'));
    else if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))
      out.push_back(c);
    else
      return std::nullopt;
  }
  return out;
}

/// The highest tag that a range allows; nullptr when the target is no range or no tag matches.
const Ref* highest_matching_tag(const Refs& refs, std::string_view target) {
  if (text::parse_version(target).ok()) return nullptr;
  const auto range = text::Constraints::parse(target);
  if (!range.ok()) return nullptr;
  const Ref* best = nullptr;
  std::optional<text::Version> best_version;
  for (const Ref& ref : refs.list) {
    if (!ref.name.starts_with(kTags)) continue;
    const auto version = text::parse_version(std::string_view(ref.name).substr(kTags.size()));
    if (!version.ok() || !range->check(*version)) continue;
    if (best_version && text::compare(*version, *best_version) <= 0) continue;
    best = &ref;
    best_version = *version;
  }
  return best;
}

std::string_view short_name(std::string_view name) {
  if (name.starts_with(kTags)) return name.substr(kTags.size());
  if (name.starts_with(kHeads)) return name.substr(kHeads.size());
  return name;
}

Error unresolved(std::string_view target) {
  return {Code::NotFound, fmt::format("unable to resolve '{}' to a commit SHA", target)};
}

base::Result<Resolution> by_sha(const std::string& prefix, const CommitLookup& commits) {
  auto found = commits.find_commit(prefix);
  if (found.ok()) return Resolution{*std::move(found), ""};
  if (found.error().code() != Code::NotFound) return std::move(found).error();
  return Error(Code::NotFound,
               fmt::format("no branch or tag of the repository reaches commit {}", prefix));
}

}  // namespace

const Ref* Refs::find(std::string_view full_name) const {
  const auto it = std::ranges::find(list, full_name, &Ref::name);
  return it == list.end() ? nullptr : &*it;
}

base::Result<Resolution> resolve_revision(const Refs& refs, std::string_view target,
                                          const CommitLookup& commits) {
  const auto hex = hex_prefix(target);
  if (hex && hex->size() == 40) return by_sha(*hex, commits);
  if (target.empty() || target == "HEAD") {
    if (!refs.head.empty()) return Resolution{refs.head, refs.head_target};
    if (const Ref* ref = refs.find(refs.head_target)) return Resolution{ref->commit(), ref->name};
    return unresolved(target.empty() ? "HEAD" : target);
  }
  if (const Ref* tag = highest_matching_tag(refs, target))
    return Resolution{tag->commit(), tag->name};
  for (const Ref& ref : refs.list)
    if (ref.name == target || short_name(ref.name) == target)
      return Resolution{ref.commit(), ref.name};
  if (hex) return by_sha(*hex, commits);
  return unresolved(target);
}

}  // namespace tiphys::git
