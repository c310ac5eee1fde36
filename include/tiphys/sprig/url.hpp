#pragma once

#include "tiphys/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tiphys::sprig {

/// Go's net/url.URL, as far as urlParse and urlJoin look into it. All fields are unescaped but
/// query and raw_path.
struct Url {
  struct User {
    std::string name;
    std::optional<std::string> password;
    /// Userinfo.String: escaped.
    std::string text() const;
  };
  std::string scheme;
  std::string opaque;
  std::optional<User> user;
  std::string host;
  std::string path;
  std::string raw_path;  ///< the path as written, where text() would write it otherwise; else ""
  std::string query;
  std::string fragment;

  /// url.Parse. Errors: Invalid with Go's text (`parse "x": missing protocol scheme`).
  static base::Result<Url> parse(std::string_view text);
  /// URL.Hostname: without port and brackets.
  std::string hostname() const;
  std::string text() const;
};

}  // namespace tiphys::sprig
