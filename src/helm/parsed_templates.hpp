#pragma once

#include "tiphys/base/guarded.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/gotmpl/template.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tiphys::helm {

/// What the templates of one loaded chart and its subcharts were parsed to. Shared by all renders
/// of that chart, on any thread. A text that stands in several subcharts, or in one under several
/// aliases, is parsed once.
class ParsedTemplates {
 public:
  /// parse_file, or what it gave before. Errors are Go's and aren't kept.
  base::Result<std::shared_ptr<const gotmpl::ParsedFile>> get(
      const std::string& path, std::string_view text,
      const std::shared_ptr<const gotmpl::FunctionTable>& functions);

 private:
  using File = std::shared_ptr<const gotmpl::ParsedFile>;
  struct State {
    std::unordered_map<std::string, File> by_path;
    std::unordered_map<std::string_view, File> by_text;  ///< the keys are the files' own texts
  };
  File find(const std::string& path, std::string_view text) const;

  base::Guarded<State> state_;
};

}  // namespace tiphys::helm
