#pragma once

#include "tiphys/base/result.hpp"

#include <memory>
#include <string_view>

namespace tiphys::text {

/// gobwas/glob: `*` any run without a separator, `**` any run, `?` one character that is no
/// separator, [abc] [!a-z] {a,b}, `\` escapes. Argo CD's project and ignore rules use it without
/// separators or with '/', Helm's .Files.Glob with '/'. Immutable, cheap to copy, any thread.
class Glob {
 public:
  /// Errors: Invalid naming the pattern.
  static base::Result<Glob> compile(std::string_view pattern, std::string_view separators = "");
  bool match(std::string_view text) const;

  struct Program;

 private:
  explicit Glob(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  std::shared_ptr<const Program> program_;
};

/// Go's filepath.Match on Unix: * ? [] \, none of which crosses '/'.
/// Errors: Invalid "syntax error in pattern", where Go's matching gets that far.
base::Result<bool> path_match(std::string_view pattern, std::string_view name);

/// bmatcuk/doublestar v4 Match: path_match plus `**` as a whole path segment and {a,b}. path is a
/// clean path: neither empty nor with a slash at its end. Errors: Invalid "syntax error in
/// pattern".
base::Result<bool> doublestar_match(std::string_view pattern, std::string_view path);

}  // namespace tiphys::text
