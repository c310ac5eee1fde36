#include "tiphys/text/glob.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <string>

namespace tiphys::text {

struct Glob::Program {
  explicit Program(const std::string& expression) : regex(expression, options()) {}

  static RE2::Options options() {
    RE2::Options out;
    out.set_dot_nl(true);
    out.set_log_errors(false);
    out.set_never_nl(false);
    return out;
  }
  RE2 regex;
};

namespace {

using base::Code;
using base::Error;

/// Turns a pattern of gobwas/glob into a regular expression of the same language.
class Translator {
 public:
  Translator(std::string_view pattern, std::string_view separators) : rest_(pattern) {
    single_ = separators.empty() ? "." : "[^" + RE2::QuoteMeta(std::string(separators)) + "]";
  }

  /// Empty when the pattern is broken.
  base::Result<std::string> run() {
    const std::string_view pattern = rest_;
    while (!rest_.empty()) {
      const bool first = rest_.size() == pattern.size();
      const bool negated = rest_.starts_with("[!");
      const char c = take();
      if (c == '*') {
        const bool super = rest_.starts_with('*');
        if (super) take();
        out_ += super ? ".*" : single_ + "*";
      } else if (c == '?') {
        out_ += single_;
      } else if (c == '[') {
        TRY(range());
      } else if (c == '{') {
        ++depth_;
        out_ += "(?:";
      } else if (c == '}' && depth_ > 0) {
        --depth_;
        out_ += ')';
      } else if (c == ',' && depth_ > 0) {
        out_ += '|';
      } else {
        text(c);
      }
      lone_ = first && rest_.empty() && (c == '?' || negated);
    }
    for (; depth_ > 0; --depth_) out_ += ')';  // gobwas takes an open brace
    // A pattern that is one `?` or one negated class also matches the empty text there.
    if (lone_) return "(?:" + out_ + ")?";
    return std::move(out_);
  }

 private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  void literal(char c) {
    if (static_cast<unsigned char>(c) >= 0x80)
      out_ += c;  // part of a UTF-8 sequence
    else
      out_ += RE2::QuoteMeta(std::string(1, c));
  }
  void text(char c) {
    if (c != '\\') return literal(c);
    if (!rest_.empty()) literal(take());
  }

  /// One character of a class, quoted, as it stands in UTF-8.
  std::string class_char() {
    std::string out;
    do {
      out += take();
    } while (!rest_.empty() && (static_cast<unsigned char>(rest_.front()) & 0xC0U) == 0x80U);
    return static_cast<unsigned char>(out[0]) >= 0x80 ? out : RE2::QuoteMeta(out);
  }

  /// After `[`: a range `lo-hi` or a list of characters, after an optional `!`.
  base::Status range() {
    const Error broken(Code::Invalid, "unexpected end of input");
    std::string body;
    if (rest_.starts_with('!')) {
      take();
      body = "^";
    }
    if (rest_.empty()) return broken;
    const std::size_t first = body.size();
    bool is_range = false;
    while (!rest_.empty() && rest_.front() != ']') {
      if (rest_.front() == '\\' && rest_.size() > 1) take();
      body += class_char();
      if (body.size() > first && rest_.size() > 1 && rest_.front() == '-' && !is_range &&
          single_char(body.substr(first))) {
        take();
        body += '-' + class_char();
        is_range = true;
        if (!rest_.starts_with(']')) return Error(Code::Invalid, "expected close range character");
      }
    }
    if (rest_.empty() || body.size() == first) return broken;
    take();
    out_ += "[" + body + "]";
    return {};
  }

  static bool single_char(std::string_view quoted) {
    if (quoted[0] == '\\') return quoted.size() == 2;
    std::size_t runes = 0;
    for (const char c : quoted) runes += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
    return runes == 1;
  }

  std::string_view rest_;
  std::string single_;
  std::string out_;
  int depth_ = 0;
  bool lone_ = false;
};

}  // namespace

base::Result<Glob> Glob::compile(std::string_view pattern, std::string_view separators) {
  auto expression = Translator(pattern, separators).run();
  if (!expression.ok())
    return std::move(expression).context(fmt::format("glob {}", pattern)).error();
  auto program = std::make_shared<const Program>(*expression);
  if (!program->regex.ok())
    return Error(Code::Invalid, fmt::format("glob {}: {}", pattern, program->regex.error()));
  return Glob(std::move(program));
}

bool Glob::match(std::string_view text) const {
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), program_->regex);
}

}  // namespace tiphys::text
