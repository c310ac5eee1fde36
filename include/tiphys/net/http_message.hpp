#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::net {

/// In the order of the wire; names compare without case.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The first value of that name, or "".
std::string_view header(const Headers& headers, std::string_view name);
/// ASCII, without case.
bool same_name(std::string_view a, std::string_view b);
/// Appends "name: value" and the line's end.
void append_header(std::string& head, std::string_view name, std::string_view value);

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;

  std::string_view header(std::string_view name) const { return net::header(headers, name); }
  bool ok() const { return status >= 200 && status < 300; }
};

}  // namespace tiphys::net
