#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/value/value.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tiphys::helm {

/// What lint reads of a document.
struct LintObject {
  std::string api_version;
  std::string kind;
  std::string namespace_;
  std::string name;
};

/// The documents of one rendered file as Kubernetes' YAML-or-JSON decoder gives them: JSON objects
/// one after the other as long as that is what there is, then YAML documents between `---` lines.
class LintObjects {
 public:
  /// `text` must outlive it.
  LintObjects(std::string_view text, Profile profile);

  enum class Step : unsigned char { end, object, null };
  /// The next document; `out` is set for an object. Errors: Invalid with Go's text; nothing
  /// follows one.
  base::Result<Step> next(LintObject& out);

 private:
  enum class Coerce : unsigned char { no, yes };
  base::Result<Step> next_json(LintObject& out);
  base::Result<Step> next_yaml(LintObject& out);
  base::Result<std::optional<std::string>> next_document();
  /// Leaves JSON: what is left is YAML, but for one line's worth of blanks. False at the end.
  bool turn_to_yaml();
  base::Result<Step> decode(const value::Value& tree, Coerce coerce, LintObject& out) const;

  std::string_view rest_;
  std::size_t start_ = 0;  ///< of rest_ in the text
  bool json_ = false;
  int count_ = 0;  ///< objects so far
  std::string_view struct_;
};

}  // namespace tiphys::helm
