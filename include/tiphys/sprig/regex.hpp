#pragma once

#include "tiphys/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace tiphys::sprig {

struct Span {
  std::size_t start = 0;
  std::size_t end = 0;
};

/// Are $1 and ${name} in the replacement expanded?
enum class Replacement : std::uint8_t { expand, literal };

/// Go's package regexp over RE2: same syntax, same walk over empty matches.
class Regex {
 public:
  /// Compiled expressions are kept for the next call. Errors: Invalid with Go's text
  /// ("error parsing regexp: missing closing ]: `[a`").
  static base::Result<std::shared_ptr<const Regex>> compile(std::string_view pattern);
  explicit Regex(std::unique_ptr<re2::RE2> regex);
  ~Regex();

  /// MatchString.
  bool matches(std::string_view text) const { return !find_all(text, 1).empty(); }
  /// FindAllStringIndex: at most `limit` matches, all when it is negative.
  std::vector<Span> find_all(std::string_view text, std::int64_t limit) const;
  /// ReplaceAllString. may_grow is asked before `out` grows; its error ends the replacement.
  base::Status replace_all(std::string_view text, std::string_view replacement, Replacement kind,
                           const std::function<base::Status(std::uint64_t)>& may_grow,
                           std::string& out) const;

 private:
  std::unique_ptr<re2::RE2> regex_;
};

/// How regexp quotes an expression in its errors: in backquotes when that is possible.
std::string backquoted(std::string_view text);

}  // namespace tiphys::sprig
