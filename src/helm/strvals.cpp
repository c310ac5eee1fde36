#include "helm/strvals.hpp"

#include "helm/text.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/value/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using value::List;
using value::Map;
using value::Value;

namespace {

constexpr int kMaxNesting = 30;
constexpr std::int64_t kMaxIndex = 65536;

/// Go's io.EOF ends a parse silently wherever it comes from.
struct Failure {
  bool eof = false;
  std::string text;
};
using Outcome = std::optional<Failure>;

Outcome eof() { return Failure{true, "EOF"}; }
Outcome failed(std::string text) { return Failure{false, std::move(text)}; }

/// %q of a []rune: ['a' 'b'].
std::string quoted_runes(std::string_view text) {
  std::string out = "[";
  while (!text.empty()) {
    std::size_t length = 1;
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
      ++length;
    const std::string_view rune = text.substr(0, length);
    text.remove_prefix(length);
    std::string quoted = gotmpl::quote(rune);
    quoted = quoted.substr(1, quoted.size() - 2);
    if (rune == "'") quoted = "\\'";
    if (rune == "\"") quoted = "\"";
    out += (out.size() > 1 ? " '" : "'") + quoted + "'";
  }
  return out + "]";
}

enum class Mode : unsigned char { typed, text, json, file, literal };

Value typed_value(const std::string& text) {
  if (equal_fold_ascii(text, "true")) return Value(true);
  if (equal_fold_ascii(text, "false")) return Value(false);
  if (equal_fold_ascii(text, "null")) return {};
  if (text == "0") return Value(std::int64_t{0});
  if (!text.empty() && text.front() != '0') {
    std::int64_t number = 0;
    const char* begin = text.data() + (text.front() == '+' ? 1 : 0);
    const char* end = text.data() + text.size();
    const auto [at, code] = std::from_chars(begin, end, number);
    const bool sign_twice = begin != text.data() && begin != end && *begin == '-';
    if (code == std::errc() && at == end && !sign_twice) return Value(number);
  }
  return Value(text);
}

class Parser {
 public:
  Parser(std::string_view text, Mode mode, const ReadFile* read, Profile profile)
      : text_(text), mode_(mode), read_(read), profile_(profile) {}

  Status run(Value& into) {
    for (;;) {
      Outcome outcome = key(into.map(), 0);
      if (!outcome) continue;
      if (outcome->eof) return {};
      return Error(Code::Invalid, std::move(outcome->text));
    }
  }

 private:
  /// Runes up to one of `stops`; found is '\0' at the end of the text.
  struct Piece {
    std::string text;
    char found = '\0';
  };

  Piece until(std::string_view stops) {
    Piece piece;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (stops.contains(c)) {
        piece.found = c;
        return piece;
      }
      if (c == '\\' && mode_ != Mode::literal) {
        if (at_ == text_.size()) return piece;
        take_rune(piece.text);
      } else {
        --at_;
        take_rune(piece.text);
      }
    }
    return piece;
  }

  /// One rune; bytes that aren't UTF-8 become U+FFFD, as reading runes makes of them.
  void take_rune(std::string& out) {
    const auto lead = static_cast<unsigned char>(text_[at_]);
    std::size_t length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead > 0xf4 || at_ + length > text_.size()) length = 0;
    for (std::size_t i = 1; i < length; ++i)
      if ((static_cast<unsigned char>(text_[at_ + i]) & 0xc0U) != 0x80) length = 0;
    if (length == 0) {
      out += "\xef\xbf\xbd";
      ++at_;
      return;
    }
    out.append(text_, at_, length);
    at_ += length;
  }

  static void set(Map& data, const std::string& key, Value value) {
    if (!key.empty()) data.set(key, std::move(value));
  }

  static Outcome set_index(List& list, std::int64_t index, Value value) {
    if (index < 0) return failed(fmt::format("negative {} index not allowed", index));
    if (index > kMaxIndex)
      return failed(fmt::format("index of {} is greater than maximum supported index of {}", index,
                                kMaxIndex));
    const auto at = static_cast<std::size_t>(index);
    if (list.size() <= at) list.resize(at + 1);
    list[at] = std::move(value);
    return {};
  }

  static std::string conversion(const Value& value, std::string_view wanted) {
    return fmt::format("interface conversion: interface {{}} is {}, not {}",
                       value.is_null() ? "nil" : gotmpl::type_name(value), wanted);
  }
  static Outcome panic(const std::string& text) { return failed("unable to parse key: " + text); }

  Outcome key(Map& data, int nesting) {
    const Piece piece = until(mode_ == Mode::literal ? "=[." : "=[,.");
    switch (piece.found) {
      case '[':
        return indexed_key(data, piece.text, nesting);
      case '=':
        return key_value(data, piece.text);
      case ',':
        set(data, piece.text, Value(""));
        return failed(
            fmt::format("key {} has no value (cannot end with ,)", gotmpl::quote(piece.text)));
      case '.':
        return nested_key(data, piece.text, nesting + 1);
      default:
        if (piece.text.empty()) return eof();
        return failed(fmt::format("key {} has no value", gotmpl::quote(piece.text)));
    }
  }

  Outcome nested_key(Map& data, const std::string& name, int nesting) {
    if (nesting > kMaxNesting)
      return failed(fmt::format(
          "value name nested level is greater than maximum supported nested level of {}",
          kMaxNesting));
    Value inner{Map()};
    if (const Value* old = data.find(name)) {
      if (!old->is_map()) return panic(conversion(*old, "map[string]interface {}"));
      inner = *old;
    }
    Outcome outcome = key(inner.map(), nesting);
    if (!outcome && inner.map().empty())
      return failed(fmt::format("key map {} has no value", gotmpl::quote(name)));
    if (!inner.map().empty()) set(data, name, inner);
    return outcome;
  }

  Outcome indexed_key(Map& data, const std::string& name, int nesting) {
    std::int64_t index = 0;
    if (Outcome bad = key_index(index)) return bad;
    List list;
    if (const Value* old = data.find(name)) {
      if (!old->is_list()) return panic(conversion(*old, "[]interface {}"));
      list = old->list();
    }
    Outcome outcome = list_item(list, index, nesting);
    set(data, name, Value(std::move(list)));
    return outcome;
  }

  Outcome key_index(std::int64_t& index) {
    const Piece piece = until("]");
    if (piece.found == '\0') {
      // 4.2 wraps io.EOF, which then ends the parse without a word; 3.21 doesn't.
      if (profile_ == Profile::v3_21) return failed("error parsing index: EOF");
      return eof();
    }
    const auto number = atoi(piece.text);
    if (!number.ok()) return failed("error parsing index: " + number.error().text());
    index = *number;
    return {};
  }

  Outcome key_value(Map& data, const std::string& name) {
    Value made;
    if (mode_ == Mode::json) {
      if (Outcome bad = json_value(made)) return bad;
      set(data, name, std::move(made));
      skip_blank();
      return {};
    }
    if (mode_ == Mode::literal) {
      set(data, name, Value(until("").text));
      return {};
    }
    bool end = false;
    const bool list = at_ < text_.size() && text_[at_] == '{';
    Outcome outcome = plain_value(made, end);
    if (outcome && mode_ == Mode::file && !list) set(data, name, Value());  // as Go, which goes on
    if (outcome) return outcome;
    set(data, name, std::move(made));
    return end ? eof() : Outcome();
  }

  /// A list in braces, or runes up to a comma. `end`: there was nothing at all.
  Outcome plain_value(Value& made, bool& end) {
    if (at_ == text_.size()) {
      end = true;
      made = Value("");
      return {};
    }
    if (text_[at_] == '{') {
      ++at_;
      return brace_list(made);
    }
    return convert(until(",").text, made);
  }

  Outcome brace_list(Value& made) {
    List list;
    for (;;) {
      const Piece piece = until(",}");
      if (piece.found == '\0') return failed("list must terminate with '}'");
      Value item;
      if (Outcome bad = convert(piece.text, item)) return bad;
      list.push_back(std::move(item));
      if (piece.found == ',') continue;
      if (at_ < text_.size() && text_[at_] == ',') ++at_;
      made = Value(std::move(list));
      return {};
    }
  }

  Outcome convert(const std::string& text, Value& made) {
    if (mode_ == Mode::typed) {
      made = typed_value(text);
      return {};
    }
    if (mode_ != Mode::file) {
      made = Value(text);
      return {};
    }
    auto bytes = (*read_)(text);
    if (!bytes.ok()) return failed(bytes.error().text());
    made = Value(*std::move(bytes));
    return {};
  }

  /// Is only blank left up to a comma or the end? Eats it.
  bool skip_blank() {
    while (at_ < text_.size()) {
      if (text_[at_] == ',') return ++at_, true;
      const std::string_view rest = text_.substr(at_);
      const std::string_view trimmed = trim_left_space(rest);
      if (trimmed.size() == rest.size()) return false;
      at_ += rest.size() - trimmed.size();
    }
    return true;
  }

  Outcome json_value(Value& made) {
    if (skip_blank()) return {};
    const std::size_t length = json_length(text_.substr(at_));
    auto tree = value::parse_json(text_.substr(at_, length), value::Numbers::float64);
    if (!tree.ok()) {
      // Go's decoder waits for more where all of the text was the start of a value.
      const std::string& text = tree.error().text();
      const bool cut = at_ + length == text_.size() && (text == "unexpected end of JSON input" ||
                                                        text.contains("invalid character ' ' in"));
      return failed(cut ? "unexpected EOF" : text);
    }
    made = *std::move(tree);
    at_ += length;
    return {};
  }

  /// true, false or null, or up to the character that makes it none of them.
  static std::size_t literal_length(std::string_view text) {
    for (std::string_view const literal : {"true", "false", "null"}) {
      if (text[0] != literal[0]) continue;
      const auto [end, rest] = std::ranges::mismatch(text, literal);
      const auto same = static_cast<std::size_t>(end - text.begin());
      return std::min(text.size(), rest == literal.end() ? same : same + 1);
    }
    return 1;
  }

  /// Where the first JSON value of a text ends, as a stream decoder finds it.
  static std::size_t json_length(std::string_view text) {
    std::size_t at = text.find_first_not_of(" \t\r\n");
    if (at == std::string_view::npos) return text.size();
    if (text[at] != '{' && text[at] != '[' && text[at] != '"') {
      const bool number = text[at] == '-' || (text[at] >= '0' && text[at] <= '9');
      if (!number) return at + literal_length(text.substr(at));
      const std::size_t end = text.find_first_not_of("-+.0123456789eE", at);
      return end == std::string_view::npos ? text.size() : end;
    }
    int depth = 0;
    bool quoted = false;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      if (quoted) {
        if (c == '\\')
          ++at;
        else if (c == '"')
          quoted = false;
        if (!quoted && depth == 0) return at + 1;
        continue;
      }
      if (c == '"') quoted = true;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return at + 1;
    }
    return text.size();
  }

  Outcome list_item(List& list, std::int64_t index, int nesting) {
    if (index < 0) return failed(fmt::format("negative {} index not allowed", index));
    const Piece piece = until("[.=");
    if (!piece.text.empty())
      return failed("unexpected data at end of array index: " + quoted_runes(piece.text));
    switch (piece.found) {
      case '=':
        return item_value(list, index);
      case '[':
        return nested_list(list, index, nesting);
      case '.':
        return nested_map(list, index, nesting);
      default:
        return eof();
    }
  }

  Outcome item_value(List& list, std::int64_t index) {
    Value made;
    if (mode_ == Mode::json) {
      if (Outcome bad = json_value(made)) return bad;
      if (Outcome bad = set_index(list, index, std::move(made))) return bad;
      skip_blank();
      return {};
    }
    if (mode_ == Mode::literal) return set_index(list, index, Value(until("").text));
    bool end = false;
    if (Outcome bad = plain_value(made, end)) return bad;
    return set_index(list, index, std::move(made));
  }

  Outcome nested_list(List& list, std::int64_t index, int nesting) {
    std::int64_t next = 0;
    if (Outcome bad = key_index(next)) return bad;
    List inner;
    const auto at = static_cast<std::size_t>(index);
    if (list.size() > at && !list[at].is_null()) {
      if (!list[at].is_list()) return panic(conversion(list[at], "[]interface {}"));
      inner = list[at].list();
    }
    if (Outcome bad = list_item(inner, next, nesting)) return bad;
    return set_index(list, index, Value(std::move(inner)));
  }

  Outcome nested_map(List& list, std::int64_t index, int nesting) {
    Value inner{Map()};
    const auto at = static_cast<std::size_t>(index);
    if (list.size() > at) {
      if (!list[at].is_map()) list[at] = Value(Map());
      inner = list[at];
    }
    if (Outcome bad = key(inner.map(), nesting)) return bad;
    return set_index(list, index, std::move(inner));
  }

  std::string_view text_;
  Mode mode_;
  const ReadFile* read_;
  Profile profile_;
  std::size_t at_ = 0;
};

}  // namespace

Status set_values(std::string_view text, Value& into, Profile profile) {
  return Parser(text, Mode::typed, nullptr, profile).run(into);
}
Status set_strings(std::string_view text, Value& into, Profile profile) {
  return Parser(text, Mode::text, nullptr, profile).run(into);
}
Status set_json(std::string_view text, Value& into) {
  return Parser(text, Mode::json, nullptr, Profile::v4_2).run(into);
}
Status set_literal(std::string_view text, Value& into) {
  return Parser(text, Mode::literal, nullptr, Profile::v4_2).run(into);
}
Status set_file(std::string_view text, Value& into, const ReadFile& read) {
  return Parser(text, Mode::file, &read, Profile::v4_2).run(into);
}

}  // namespace tiphys::helm
