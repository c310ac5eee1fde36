#pragma once

#include "tiphys/base/result.hpp"

#include <yaml.h>

#include <string>
#include <string_view>

namespace tiphys::value {

/// libyaml's parser as a stream of events. An event lives until the next call of next().
class YamlEvents {
 public:
  explicit YamlEvents(std::string_view text);
  ~YamlEvents();
  YamlEvents(const YamlEvents&) = delete;
  YamlEvents& operator=(const YamlEvents&) = delete;

  /// Errors: Invalid as go-yaml words it, with the position.
  base::Result<const yaml_event_t*> next();

 private:
  base::Error failure() const;

  yaml_parser_t parser_{};
  yaml_event_t event_{};
  bool has_event_ = false;
};

inline std::string_view yaml_text(const yaml_char_t* text) {
  // libyaml's characters are bytes of UTF-8.
  return text == nullptr ? std::string_view()
                         : std::string_view(reinterpret_cast<const char*>(text));
}

}  // namespace tiphys::value
