#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/sprig/entropy.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace tiphys::helm {

/// One call of a template whose answer the RenderInput doesn't decide: a random, key or certificate
/// function, now, lookup. May hold secrets: never to be logged.
struct TranscriptEntry {
  std::string function;  ///< "randAlphaNum", "genCA", "now", "lookup"
  /// A JSON list. One that JSON can't say is the text that Go prints, a tree of over 10,000 values
  /// a text that says so.
  std::string arguments;
  std::string template_name;
  std::uint32_t ordinal = 0;  ///< how often this function asked before in this template
  std::string answer;         ///< JSON
  bool operator==(const TranscriptEntry&) const = default;
};

/// In the order of the calls. Empty: the manifests follow from the RenderInput alone, and serve
/// everybody who has the same.
using Transcript = std::vector<TranscriptEntry>;

inline constexpr std::string_view kLookupFunction = "lookup";
/// Arguments and answers of one render; what passes it ends the render.
inline constexpr std::size_t kTranscriptBytes = std::size_t{32} << 20;

/// Passes every question on and writes down what was answered. Errors: those of the other;
/// ResourceExhausted over kTranscriptBytes.
class Recorder final : public sprig::Entropy {
 public:
  /// `inner` must outlive it.
  explicit Recorder(sprig::Entropy& inner) : inner_(inner) {}
  base::Result<value::Value> answer(const sprig::Question& question, const Make& make) override;
  Transcript take() { return std::move(transcript_); }

 private:
  sprig::Entropy& inner_;
  Transcript transcript_;
  std::size_t bytes_ = 0;
};

/// Answers as an earlier render was answered where function, arguments, template and ordinal are
/// the same, else asks `fresh`. What lookup was answered is never repeated.
class Remembering final : public sprig::Entropy {
 public:
  /// Both must outlive it.
  Remembering(const Transcript& known, sprig::Entropy& fresh);
  base::Result<value::Value> answer(const sprig::Question& question, const Make& make) override;

 private:
  using Call = std::tuple<std::string_view, std::string_view, std::uint32_t>;
  std::map<Call, const TranscriptEntry*> known_;
  sprig::Entropy& fresh_;
};

}  // namespace tiphys::helm
