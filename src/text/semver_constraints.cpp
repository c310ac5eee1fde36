#include "tiphys/text/semver.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace tiphys::text {

namespace {

using base::Code;
using base::Error;
using Part = Constraints::Part;

constexpr std::size_t kMaxText = 512;
constexpr std::size_t kMaxGroups = 32;

const std::string kVersion =
    R"re(v?([0-9|x|X|\*]+)(\.[0-9|x|X|\*]+)?(\.[0-9|x|X|\*]+)?)re"
    R"re((-([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?(\+([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?)re";
const std::string kOps = R"re(=||!=|>|<|>=|=>|<=|=<|~|~>|\^)re";

std::string blank() { return R"re([\t\n\f\r ])re"; }

/// The library's regular expressions; they decide what is a constraint, so they are kept.
struct Patterns {
  RE2 one{"^" + blank() + "*(" + kOps + ")" + blank() + "*(" + kVersion + ")" + blank() + "*$"};
  RE2 range{"(" + blank() + "*(" + kVersion + ")" + blank() + "+-" + blank() + "+(" + kVersion +
            ")" + blank() + "*)"};
  RE2 find{"((?:" + kOps + ")" + blank() + "*(?:" + kVersion + "))"};
  RE2 valid{"^(" + blank() + "*(" + kOps + ")" + blank() + "*(" + kVersion + ")" + blank() +
            "*)((?:" + blank() + "+|," + blank() + "*)(" + kOps + ")" + blank() + "*(" + kVersion +
            ")" + blank() + "*)*$"};
};

const Patterns& patterns() {
  static const Patterns compiled;
  return compiled;
}

bool is_wild(std::string_view text) {
  if (text.starts_with('.')) text.remove_prefix(1);
  return text.empty() || text == "x" || text == "X" || text == "*";
}

/// "1.2 - 3" becomes ">= 1.2, <= 3 ".
std::string rewrite_ranges(std::string_view text) {
  const Patterns& p = patterns();
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(p.range.NumberOfCapturingGroups()) +
                                       1);
  std::string out;
  const re2::StringPiece input(text.data(), text.size());
  std::size_t at = 0;
  while (p.range.Match(input, at, input.size(), RE2::UNANCHORED, groups.data(),
                       static_cast<int>(groups.size()))) {
    const auto start = static_cast<std::size_t>(groups[0].data() - input.data());
    out.append(text.substr(at, start - at));
    out += fmt::format(">= {}, <= {} ", std::string_view(groups[2].data(), groups[2].size()),
                       std::string_view(groups[12].data(), groups[12].size()));
    at = start + groups[0].size();
  }
  out.append(text.substr(at));
  return out;
}

base::Result<Part> parse_part(const std::string& text) {
  Part part;
  if (text.empty()) {
    part.dirty = true;
    return part;
  }
  std::string major;
  std::string minor;
  std::string patch;
  std::string prerelease;
  if (!RE2::FullMatch(text, patterns().one, &part.op, &part.original, &major, &minor, &patch,
                      &prerelease))
    return Error(Code::Invalid, fmt::format("improper constraint: \"{}\"", text));
  std::string version = part.original;
  if (is_wild(major)) {
    version = "0.0.0" + prerelease;
    part.dirty = true;
  } else if (is_wild(minor)) {
    version = major + ".0.0" + prerelease;
    part.dirty = part.minor_dirty = true;
  } else if (is_wild(patch)) {
    version = major + minor + ".0" + prerelease;
    part.dirty = part.patch_dirty = true;
  }
  auto parsed = parse_version(version);
  if (!parsed.ok()) return Error(Code::Invalid, "constraint parser error");
  part.version = *std::move(parsed);
  return part;
}

/// Why a version fails a part; "" when it holds.
using Check = std::string (*)(const Version&, const Part&);

std::string fails(const Version& v, std::string_view how, const Part& c) {
  return fmt::format("\"{}\" {} \"{}\"", v.text(), how, c.original);
}

std::string not_equal(const Version& v, const Part& c) {
  if (c.dirty) {
    if (c.version.major != v.major) return "";
    if (c.version.minor != v.minor && !c.minor_dirty) return "";
    if (c.minor_dirty) return fails(v, "is equal to", c);
    if (c.version.patch != v.patch && !c.patch_dirty) return "";
    if (c.patch_dirty) {
      const bool prerelease = !v.prerelease.empty() || !c.version.prerelease.empty();
      if (prerelease && compare_prereleases(v.prerelease, c.version.prerelease) != 0) return "";
      return fails(v, "is equal to", c);
    }
  }
  return compare(v, c.version) == 0 ? fails(v, "is equal to", c) : "";
}

std::string greater(const Version& v, const Part& c) {
  bool holds = compare(v, c.version) > 0;
  if (c.dirty && v.major != c.version.major)
    holds = v.major > c.version.major;
  else if (c.dirty && c.minor_dirty)
    holds = false;
  else if (c.dirty && c.patch_dirty)
    holds = v.minor > c.version.minor;
  return holds ? "" : fails(v, "is less than or equal to", c);
}

std::string less(const Version& v, const Part& c) {
  return compare(v, c.version) < 0 ? "" : fails(v, "is greater than or equal to", c);
}

std::string greater_equal(const Version& v, const Part& c) {
  return compare(v, c.version) >= 0 ? "" : fails(v, "is less than", c);
}

std::string less_equal(const Version& v, const Part& c) {
  bool holds = compare(v, c.version) <= 0;
  if (c.dirty)
    holds = v.major < c.version.major ||
            (v.major == c.version.major && (v.minor <= c.version.minor || c.minor_dirty));
  return holds ? "" : fails(v, "is greater than", c);
}

std::string tilde(const Version& v, const Part& c) {
  if (compare(v, c.version) < 0) return fails(v, "is less than", c);
  const bool zero = c.version.major == 0 && c.version.minor == 0 && c.version.patch == 0;
  if (zero && !c.minor_dirty && !c.patch_dirty) return "";
  if (v.major != c.version.major) return fails(v, "does not have same major version as", c);
  if (v.minor != c.version.minor && !c.minor_dirty)
    return fails(v, "does not have same major and minor version as", c);
  return "";
}

std::string tilde_or_equal(const Version& v, const Part& c) {
  if (c.dirty) return tilde(v, c);
  return compare(v, c.version) == 0 ? "" : fails(v, "is not equal to", c);
}

std::string caret(const Version& v, const Part& c) {
  if (compare(v, c.version) < 0) return fails(v, "is less than", c);
  if (c.version.major > 0 || c.minor_dirty)
    return v.major == c.version.major ? "" : fails(v, "does not have same major version as", c);
  if (v.major > 0) return fails(v, "does not have same major version as", c);
  if (c.version.minor > 0 || c.patch_dirty) {
    if (v.minor == c.version.minor) return "";
    return fails(v, "does not have same minor version as", c) +
           ". Expected minor versions to match when constraint major version is 0";
  }
  if (v.minor > 0) return fails(v, "does not have same minor version as", c);
  if (v.patch == c.version.patch) return "";
  return fails(v, "does not equal", c) +
         ". Expect version and constraint to equal when major and minor versions are 0";
}

Check check_of(std::string_view op) {
  struct Entry {
    std::string_view op;
    Check check;
  };
  static constexpr std::array<Entry, 12> kTable = {{{"", tilde_or_equal},
                                                    {"=", tilde_or_equal},
                                                    {"!=", not_equal},
                                                    {">", greater},
                                                    {"<", less},
                                                    {">=", greater_equal},
                                                    {"=>", greater_equal},
                                                    {"<=", less_equal},
                                                    {"=<", less_equal},
                                                    {"~", tilde},
                                                    {"~>", tilde},
                                                    {"^", caret}}};
  return std::find_if(kTable.begin(), kTable.end(), [op](const Entry& e) { return e.op == op; })
      ->check;
}

std::string prerelease_refused(const Version& v) {
  return fmt::format(
      "\"{}\" is a prerelease version and the constraint is only looking for release versions",
      v.text());
}

}  // namespace

base::Result<Constraints> Constraints::parse(std::string_view text) {
  if (text.size() > kMaxText)
    return Error(Code::Invalid,
                 fmt::format("constraint string is too long (max {} bytes)", kMaxText));
  const std::string rewritten = rewrite_ranges(text);
  Constraints out;
  std::string_view rest = rewritten;
  while (true) {
    const std::size_t end = rest.find("||");
    const std::string segment(rest.substr(0, end));
    if (!RE2::PartialMatch(segment, patterns().valid))
      return Error(Code::Invalid, fmt::format("improper constraint: \"{}\"", segment));
    if (out.groups_.size() == kMaxGroups)
      return Error(Code::Invalid, fmt::format("too many constraint groups (max {})", kMaxGroups));
    Group group;
    std::vector<std::string> pieces;
    re2::StringPiece input(segment);
    for (std::string piece; RE2::FindAndConsume(&input, patterns().find, &piece);)
      pieces.push_back(piece);
    if (pieces.empty()) pieces.push_back(segment);
    for (const std::string& piece : pieces) {
      TRY_ASSIGN(Part part, parse_part(piece));
      group.prerelease |= !part.version.prerelease.empty();
      group.parts.push_back(std::move(part));
    }
    out.groups_.push_back(std::move(group));
    if (end == std::string_view::npos) return out;
    rest.remove_prefix(end + 2);
  }
}

bool Constraints::check(const Version& version) const {
  return std::any_of(groups_.begin(), groups_.end(), [&version](const Group& group) {
    if (!version.prerelease.empty() && !group.prerelease) return false;
    return std::all_of(group.parts.begin(), group.parts.end(), [&version](const Part& part) {
      return check_of(part.op)(version, part).empty();
    });
  });
}

std::vector<std::string> Constraints::reasons(const Version& version) const {
  std::vector<std::string> out;
  bool told_prerelease = false;
  for (const Group& group : groups_) {
    if (!version.prerelease.empty() && !group.prerelease) {
      if (!told_prerelease) out.push_back(prerelease_refused(version));
      told_prerelease = true;
      continue;
    }
    bool holds = true;
    for (const Part& part : group.parts) {
      std::string why = check_of(part.op)(version, part);
      if (why.empty()) continue;
      holds = false;
      out.push_back(std::move(why));
    }
    if (holds) return {};
  }
  return out;
}

std::string Constraints::text() const {
  std::string out;
  for (const Group& group : groups_) {
    if (&group != &groups_.front()) out += " || ";
    for (const Part& part : group.parts) {
      if (&part != &group.parts.front()) out += ' ';
      out += part.op + part.original;
    }
  }
  return out;
}

}  // namespace tiphys::text
