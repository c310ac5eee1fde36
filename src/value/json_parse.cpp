#include "value/utf8.hpp"

#include "tiphys/value/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>

namespace tiphys::value {

namespace {

using base::Code;
using base::Error;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A byte as Go's scanner names it in messages.
std::string quote_char(char c) {
  const auto byte = static_cast<std::uint8_t>(c);
  switch (c) {
    case '\'':
      return R"('\'')";
    case '"':
      return R"('"')";
    case '\\':
      return R"('\\')";
    case '\a':
      return R"('\a')";
    case '\b':
      return R"('\b')";
    case '\f':
      return R"('\f')";
    case '\n':
      return R"('\n')";
    case '\r':
      return R"('\r')";
    case '\t':
      return R"('\t')";
    case '\v':
      return R"('\v')";
    default:
      break;
  }
  if (byte < 0x20 || byte == 0x7F) return fmt::format("'\\x{:02x}'", byte);
  if ((byte >= 0x80 && byte <= 0xA0) || byte == 0xAD) return fmt::format("'\\u{:04x}'", byte);
  std::string out = "'";
  append_rune(out, byte);
  return out + "'";
}

/// Recursive descent over the bytes: nlohmann's reader refuses what Go replaces (invalid UTF-8,
/// lone surrogates) and has other messages, which charts print.
class Parser {
 public:
  Parser(std::string_view text, Numbers numbers, const Limits& limits)
      : text_(text), numbers_(numbers), limits_(limits) {}

  base::Result<Value> document() {
    if (text_.size() > limits_.bytes)
      return Error(Code::ResourceExhausted,
                   fmt::format("JSON text of {} bytes is over the limit of {} bytes", text_.size(),
                               limits_.bytes));
    Value value;
    if (parse(value, 0)) {
      skip_blanks();
      if (at_ == text_.size()) return value;
      unexpected("after top-level value");
    }
    return std::move(*error_);
  }

 private:
  bool fail(Code code, std::string message) {
    if (error_) return false;
    base::Location where;
    const std::string_view before = text_.substr(0, at_);
    where.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t start = before.rfind('\n');
    where.column = static_cast<int>(start == std::string_view::npos ? at_ + 1 : at_ - start);
    error_ = Error(code, std::move(message)).at(std::move(where));
    return false;
  }

  bool unexpected(std::string_view context) {
    if (at_ >= text_.size()) return fail(Code::Invalid, "unexpected end of JSON input");
    return fail(Code::Invalid,
                fmt::format("invalid character {} {}", quote_char(text_[at_]), context));
  }

  /// Where a blank is wrong too: there Go's scanner reads the end of the text as a blank.
  bool broken(std::string_view context) {
    const char found = at_ < text_.size() ? text_[at_] : ' ';
    return fail(Code::Invalid, fmt::format("invalid character {} {}", quote_char(found), context));
  }

  void skip_blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
      ++at_;
  }

  bool next_is(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool parse(Value& out, std::size_t depth) {
    skip_blanks();
    if (++nodes_ > limits_.nodes)
      return fail(Code::ResourceExhausted,
                  fmt::format("JSON text has more than the limit of {} values", limits_.nodes));
    if (at_ >= text_.size()) return unexpected("");
    switch (text_[at_]) {
      case '{':
        return deeper(depth) && object(out, depth + 1);
      case '[':
        return deeper(depth) && array(out, depth + 1);
      case '"': {
        ++at_;
        std::string text;
        if (!string(text)) return false;
        out = Value(std::move(text));
        return true;
      }
      case 't':
        return literal("true", Value(true), out);
      case 'f':
        return literal("false", Value(false), out);
      case 'n':
        return literal("null", Value(), out);
      default:
        if (text_[at_] == '-' || is_digit(text_[at_])) return number(out);
        return unexpected("looking for beginning of value");
    }
  }

  bool deeper(std::size_t depth) {
    if (depth < limits_.depth) return true;
    return fail(Code::ResourceExhausted,
                fmt::format("JSON text is nested deeper than the limit of {}", limits_.depth));
  }

  bool literal(std::string_view word, Value value, Value& out) {
    for (const char c : word) {
      if (!next_is(c))
        return broken(fmt::format("in literal {} (expecting {})", word, quote_char(c)));
    }
    out = std::move(value);
    return true;
  }

  bool object(Value& out, std::size_t depth) {
    std::vector<Map::Entry> entries;
    ++at_;
    skip_blanks();
    if (next_is('}')) {
      out = Value(Map());
      return true;
    }
    while (true) {
      skip_blanks();
      if (!next_is('"')) return unexpected("looking for beginning of object key string");
      auto& [key, member] = entries.emplace_back();
      if (!string(key)) return false;
      skip_blanks();
      if (!next_is(':')) return unexpected("after object key");
      if (!parse(member, depth)) return false;
      skip_blanks();
      if (next_is('}')) break;
      if (!next_is(',')) return unexpected("after object key:value pair");
    }
    out = Value(Map::from(std::move(entries)));
    return true;
  }

  bool array(Value& out, std::size_t depth) {
    List list;
    ++at_;
    skip_blanks();
    if (!next_is(']')) {
      while (true) {
        if (!parse(list.emplace_back(), depth)) return false;
        skip_blanks();
        if (next_is(']')) break;
        if (!next_is(',')) return unexpected("after array element");
      }
    }
    out = Value(std::move(list));
    return true;
  }

  /// After the opening quote.
  bool string(std::string& out) {
    while (true) {
      const std::size_t start = at_;
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
             static_cast<std::uint8_t>(text_[at_]) >= 0x20 &&
             static_cast<std::uint8_t>(text_[at_]) < 0x80)
        ++at_;
      out.append(text_.substr(start, at_ - start));
      if (at_ >= text_.size()) return unexpected("");
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (c == '\\') {
        if (!escape(out)) return false;
      } else if (static_cast<std::uint8_t>(c) < 0x20) {
        return unexpected("in string literal");
      } else {
        const Rune rune = decode_rune(text_.substr(at_));
        append_rune(out, rune.code);
        at_ += rune.size;
      }
    }
  }

  bool escape(std::string& out) {
    static constexpr std::string_view kNames = "\"\\/bfnrt";
    static constexpr std::string_view kBytes = "\"\\/\b\f\n\r\t";
    ++at_;
    if (next_is('u')) return unicode(out);
    const std::size_t found = at_ < text_.size() ? kNames.find(text_[at_]) : std::string_view::npos;
    if (found == std::string_view::npos) return broken("in string escape code");
    out += kBytes[found];
    ++at_;
    return true;
  }

  std::optional<std::uint32_t> hex4(std::size_t at) const {
    if (at + 4 > text_.size()) return std::nullopt;
    std::uint32_t code = 0;
    const char* const first = text_.data() + at;
    const auto parsed = std::from_chars(first, first + 4, code, 16);
    if (parsed.ec != std::errc() || parsed.ptr != first + 4) return std::nullopt;
    return code;
  }

  bool unicode(std::string& out) {
    const auto first = hex4(at_);
    if (!first) {
      while (at_ < text_.size() && std::isxdigit(static_cast<unsigned char>(text_[at_])) != 0)
        ++at_;
      return broken("in \\u hexadecimal character escape");
    }
    at_ += 4;
    if (*first < 0xD800 || *first > 0xDFFF) {
      append_rune(out, *first);
      return true;
    }
    if (*first < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      const auto second = hex4(at_ + 2);
      if (second && *second >= 0xDC00 && *second <= 0xDFFF) {
        at_ += 6;
        append_rune(out, 0x10000 + ((*first - 0xD800) << 10U) + (*second - 0xDC00));
        return true;
      }
    }
    append_rune(out, 0xFFFD);
    return true;
  }

  bool digits(std::string_view context) {
    if (at_ >= text_.size() || !is_digit(text_[at_])) return broken(context);
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return true;
  }

  bool number(Value& out) {
    const std::size_t start = at_;
    bool whole = true;
    next_is('-');
    if (!next_is('0') && !digits("in numeric literal")) return false;
    if (next_is('.')) {
      whole = false;
      if (!digits("after decimal point in numeric literal")) return false;
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      whole = false;
      ++at_;
      if (!next_is('+')) next_is('-');
      if (!digits("in exponent of numeric literal")) return false;
    }
    return convert(text_.substr(start, at_ - start), whole, out);
  }

  bool convert(std::string_view text, bool whole, Value& out) {
    const char* const end = text.data() + text.size();
    const char* const begin = end - text.size();
    std::int64_t integer = 0;
    if (whole && numbers_ == Numbers::int64 &&
        std::from_chars(begin, end, integer).ec == std::errc()) {
      out = Value(integer);
      return true;
    }
    double number = 0;
    if (std::from_chars(begin, end, number).ec != std::errc()) {
      number = std::strtod(std::string(text).c_str(), nullptr);
      if (std::isinf(number))
        return fail(
            Code::Invalid,
            fmt::format("json: cannot unmarshal number {} into Go value of type float64", text));
    }
    out = Value(number);
    return true;
  }

  std::string_view text_;
  Numbers numbers_;
  Limits limits_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
  std::optional<Error> error_;
};

}  // namespace

base::Result<Value> parse_json(std::string_view text, Numbers numbers, const Limits& limits) {
  return Parser(text, numbers, limits).document();
}

}  // namespace tiphys::value
