#include "jq/libjq_calls.hpp"

#include "tiphys/jq/jq.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <utility>

namespace tiphys::jq {

using base::Code;
using base::Error;

namespace {

/// Owns one reference to a value of libjq.
class Jv {
 public:
  explicit Jv(jv value) : value_(value) {}
  Jv(const Jv&) = delete;
  Jv& operator=(const Jv&) = delete;
  ~Jv() { libjq().jv_free(value_); }

  bool valid() const { return libjq().jv_get_kind(value_) != JV_KIND_INVALID; }
  /// Of a string; lives as long as this does.
  const char* text() const { return libjq().jv_string_value(value_); }
  /// A reference of its own, for a function that takes one over.
  jv share() const { return libjq().jv_copy(value_); }

 private:
  jv value_;
};

struct Teardown {
  void operator()(jq_state* state) const { libjq().jq_teardown(&state); }
};
using Program = std::unique_ptr<jq_state, Teardown>;

void keep_first_words(void* words, jv message) {
  const Jv owned(message);
  auto& first = *static_cast<std::string*>(words);
  if (first.empty() && libjq().jv_get_kind(message) == JV_KIND_STRING) first = owned.text();
}

/// libjq says "jq: error: <what> (<where>)" and shows the program from the place on.
std::string shortened(std::string words) {
  constexpr std::string_view kPrefix = "jq: error: ";
  if (words.starts_with(kPrefix)) words.erase(0, kPrefix.size());
  for (const std::string_view end : {" at <top-level>", " (Unix shell", "\n"})
    if (const auto at = words.find(end); at != std::string::npos) words.resize(at);
  return words;
}

base::Result<Program> compile(const std::string& expression) {
  TRY(load_libjq());
  Program program(libjq().jq_init());
  if (!program) return Error(Code::Internal, "libjq can't start");
  std::string words;
  libjq().jq_set_error_cb(program.get(), keep_first_words, &words);
  const int compiled = libjq().jq_compile(program.get(), ("[path(" + expression + ")]").c_str());
  // What goes wrong later is part of the result; nothing is printed.
  libjq().jq_set_error_cb(
      program.get(), [](void*, jv message) { const Jv owned(message); }, nullptr);
  if (compiled == 0) return Error(Code::Invalid, shortened(std::move(words)));
  return program;
}

/// Compiling reads jq's own definitions each time, which takes far longer than running: the last
/// programs are kept for the process's life.
base::Result<jq_state*> program_of(const std::string& expression) {
  constexpr std::size_t kMost = 64;
  static std::map<std::string, Program> programs;
  if (const auto found = programs.find(expression); found != programs.end())
    return found->second.get();
  TRY_ASSIGN(Program program, compile(expression));
  if (programs.size() >= kMost) programs.clear();
  return programs.emplace(expression, std::move(program)).first->second.get();
}

}  // namespace

base::Result<std::string> paths_of(const std::string& expression, const std::string& json) {
  TRY_ASSIGN(jq_state* const program, program_of(expression));
  const Jv input(libjq().jv_parse_sized(json.data(), static_cast<int>(json.size())));
  if (!input.valid()) return Error(Code::Invalid, "libjq can't read the object");
  libjq().jq_start(program, input.share(), 0);
  const Jv paths(libjq().jq_next(program));
  if (!paths.valid()) return std::string("[]");
  const Jv text(libjq().jv_dump_string(paths.share(), 0));
  return std::string(text.text());
}

}  // namespace tiphys::jq
