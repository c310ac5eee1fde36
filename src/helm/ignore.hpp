#pragma once

#include "tiphys/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::helm {

enum class EntryKind : unsigned char { file, directory };

/// The rules of a .helmignore with Helm's quirks: a negated rule that does NOT match ignores, and
/// `!dir/` ignores every file.
class IgnoreRules {
 public:
  /// Helm's own rule, `templates/.?*`, comes last. Errors: Invalid (`**`, a bad pattern).
  static base::Result<IgnoreRules> parse(std::string_view text);
  bool ignores(std::string_view path, EntryKind kind) const;

 private:
  struct Rule {
    std::string pattern;
    bool negate = false;
    bool directories_only = false;
    bool whole_path = false;
    bool matches(std::string_view path) const;
  };
  base::Status add(std::string_view line);

  std::vector<Rule> rules_;
};

}  // namespace tiphys::helm
