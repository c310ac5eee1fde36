#include "tiphys/helm/transcript.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/value/json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using sprig::Question;
using value::Value;

namespace {

constexpr std::size_t kMostNodes = 10'000;
constexpr std::string_view kTooLarge = "\"<a tree that is too large to keep>\"";

/// A tree may hold itself, or one part a million times: date functions take anything.
bool is_small(const Value& value, std::size_t& left, int depth) {
  constexpr int kMostDepth = 64;
  if (left == 0 || depth > kMostDepth) return false;
  --left;
  if (value.is_map())
    return std::ranges::all_of(
        value.map(), [&](const auto& entry) { return is_small(entry.second, left, depth + 1); });
  if (value.is_list())
    return std::ranges::all_of(value.list(),
                               [&](const Value& item) { return is_small(item, left, depth + 1); });
  return true;
}

/// A copy: the template may change a map or a list after the call.
std::string json_of(const Question& question) {
  std::string out = "[";
  for (const Value& argument : question.arguments) {
    if (out.size() > 1) out += ',';
    std::size_t left = kMostNodes;
    if (!is_small(argument, left, 0)) {
      out += kTooLarge;
      continue;
    }
    const std::size_t before = out.size();
    if (value::append_json(out, argument, value::EscapeHtml::no).ok()) continue;
    out.resize(before);
    std::string text;
    gotmpl::append_v(text, argument, nullptr);
    value::append_json_string(out, text, value::EscapeHtml::no);
  }
  return out + "]";
}

}  // namespace

Result<Value> Recorder::answer(const Question& question, const Make& make) {
  // Before the call, which may move from its arguments.
  TranscriptEntry entry{.function = std::string(question.function),
                        .arguments = json_of(question),
                        .template_name = std::string(question.template_name),
                        .ordinal = question.ordinal,
                        .answer = {}};
  TRY_ASSIGN(Value answer, inner_.answer(question, make));
  TRY_ASSIGN(entry.answer, value::write_json(answer, value::EscapeHtml::no));
  bytes_ += entry.function.size() + entry.arguments.size() + entry.template_name.size() +
            entry.answer.size() + sizeof entry;
  if (bytes_ > kTranscriptBytes)
    return Error(Code::ResourceExhausted,
                 fmt::format("what {} and functions like it were answered in this render exceeds "
                             "the limit of {} bytes",
                             question.function, kTranscriptBytes));
  transcript_.push_back(std::move(entry));
  return answer;
}

Remembering::Remembering(const Transcript& known, sprig::Entropy& fresh) : fresh_(fresh) {
  for (const TranscriptEntry& entry : known)
    if (entry.function != kLookupFunction)
      known_.emplace(Call(entry.function, entry.template_name, entry.ordinal), &entry);
}

Result<Value> Remembering::answer(const Question& question, const Make& make) {
  const auto found = known_.find(Call(question.function, question.template_name, question.ordinal));
  if (found == known_.end() || found->second->arguments != json_of(question))
    return fresh_.answer(question, make);
  return value::parse_json(found->second->answer);
}

}  // namespace tiphys::helm
