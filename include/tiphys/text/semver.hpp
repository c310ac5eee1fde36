#pragma once

#include "tiphys/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::text {

/// A semantic version as Masterminds/semver v3 reads it. `original` is the text as given.
struct Version {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  std::uint64_t patch = 0;
  std::string prerelease;
  std::string metadata;
  std::string original;

  /// "1.2.3-rc.1+build": the normal form, without v.
  std::string text() const;
  /// The next release; a prerelease's patch is only stripped of its prerelease. A leading v stays
  /// in `original`.
  Version inc_patch() const;
  Version inc_minor() const;
  Version inc_major() const;
};

/// semver.NewVersion: a leading v and missing minor and patch are fine. Errors: Invalid with its
/// messages ("invalid semantic version", "version segment starts with 0", ...).
base::Result<Version> parse_version(std::string_view text);
/// semver.StrictNewVersion: exactly three numbers, no v.
base::Result<Version> parse_strict_version(std::string_view text);

/// -1, 0 or 1; metadata is ignored.
int compare(const Version& a, const Version& b);

/// The order of two prerelease texts alone.
int compare_prereleases(std::string_view a, std::string_view b);

/// semver.Constraints: `||` of groups, in a group every comma- or blank-separated part must hold:
/// = != > < >= => <= =< ~ ~> ^, hyphen ranges, x X * wildcards. A version with a prerelease only
/// passes a group in which a part has one.
class Constraints {
 public:
  /// Errors: Invalid ("improper constraint: ...").
  static base::Result<Constraints> parse(std::string_view text);
  bool check(const Version& version) const;
  /// Why check() says no, one message a failing part; empty when it says yes.
  std::vector<std::string> reasons(const Version& version) const;
  /// As Constraints.String prints it.
  std::string text() const;

  struct Part {
    std::string op;  // "" and "=" are the same
    Version version;
    std::string original;
    bool dirty = false;
    bool minor_dirty = false;
    bool patch_dirty = false;
  };

 private:
  struct Group {
    std::vector<Part> parts;
    bool prerelease = false;
  };
  std::vector<Group> groups_;
};

}  // namespace tiphys::text
