#include "value/yaml_events.hpp"

#include <fmt/format.h>

namespace tiphys::value {

YamlEvents::YamlEvents(std::string_view text) {
  if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
  yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                               text.size());
}

YamlEvents::~YamlEvents() {
  if (has_event_) yaml_event_delete(&event_);
  yaml_parser_delete(&parser_);
}

base::Result<const yaml_event_t*> YamlEvents::next() {
  if (has_event_) yaml_event_delete(&event_);
  has_event_ = yaml_parser_parse(&parser_, &event_) != 0;
  if (!has_event_) return failure();
  return &event_;
}

// The line as go-yaml's parser.fail() derives it from the marks.
base::Error YamlEvents::failure() const {
  std::size_t line = 0;
  if (parser_.problem_mark.line != 0) {
    line = parser_.problem_mark.line;
    if (parser_.error == YAML_SCANNER_ERROR) ++line;
  } else if (parser_.context_mark.line != 0) {
    line = parser_.context_mark.line;
  }
  const std::string problem =
      parser_.problem != nullptr ? parser_.problem : "unknown problem parsing YAML content";
  const std::string where = line != 0 ? fmt::format("line {}: ", line) : "";
  return base::Error(base::Code::Invalid, "yaml: " + where + problem)
      .at({.file = "",
           .line = static_cast<int>(parser_.problem_mark.line) + 1,
           .column = static_cast<int>(parser_.problem_mark.column) + 1});
}

}  // namespace tiphys::value
