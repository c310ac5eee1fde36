#include "sprig/runes.hpp"
#include "sprig/text_ops.hpp"

#include <cstdint>

// huandu/xstrings: camelcase, snakecase and kebabcase.
namespace tiphys::sprig {
namespace {

enum class Word : std::uint8_t { invalid, number, upper, alphabet, connector, punct, other };

bool is_connector(char32_t rune) { return rune == '-' || rune == '_' || is_space(rune); }

bool is_alphabet(char32_t rune) {
  if (!is_letter(rune)) return false;
  if (rune < 0x3400) return true;
  return !(rune >= 0x4E00 && rune <= 0x9FCC) && !(rune >= 0x3400 && rune <= 0x4D85) &&
         !(rune >= 0x20000 && rune <= 0x2B81D);
}

/// The next rune, invalid bytes skipped; `previous` when there are only such.
Rune valid_rune(std::string_view text, char32_t previous) {
  std::size_t size = 0;
  while (!text.empty()) {
    const Rune rune = decode_rune(text);
    size += rune.size;
    if (rune.code != kRuneError) return {rune.code, size};
    text.remove_prefix(rune.size);
  }
  return {previous, size};
}

/// Cuts words off the front of a text.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}

  Word kind = Word::invalid;
  std::string_view text;
  bool more() const { return !rest_.empty(); }

  void next() {
    const std::string_view all = rest_;
    kind = Word::invalid;
    text = {};
    if (all.empty()) return;
    const Rune first = valid_rune(all, kRuneError);
    end_ = first.size;
    if (first.code != kRuneError) {
      rune_ = first.code;
      take(all);
    }
    text = all.substr(0, end_);
    rest_ = all.substr(end_);
  }

 private:
  void take(std::string_view all) {
    if (is_connector(rune_)) {
      kind = Word::connector;
      extend(all, is_connector);
    } else if (is_punct(rune_)) {
      kind = Word::punct;
      extend(all, is_punct);
    } else if (is_upper(rune_)) {
      kind = Word::upper;
      take_upper(all);
    } else if (is_alphabet(rune_)) {
      kind = Word::alphabet;
      extend(all, lower_letter);
    } else if (is_number(rune_)) {
      kind = Word::number;
      extend(all, is_number);
    } else {
      kind = Word::other;
      extend(all, [](char32_t r) {
        return !is_connector(r) && !is_alphabet(r) && !is_number(r) && !is_punct(r);
      });
    }
  }

  static bool lower_letter(char32_t rune) { return is_alphabet(rune) && !is_upper(rune); }

  template <class Belongs>
  void extend(std::string_view all, Belongs belongs) {
    while (end_ < all.size()) {
      const Rune rune = valid_rune(all.substr(end_), rune_);
      rune_ = rune.code;
      if (!belongs(rune_)) return;
      last_size_ = rune.size;
      end_ += rune.size;
    }
  }

  /// "HTTPServer" is HTTP and Server: the last capital belongs to the word that follows.
  void take_upper(std::string_view all) {
    if (end_ >= all.size()) return;
    const Rune second = valid_rune(all.substr(end_), rune_);
    rune_ = second.code;
    if (is_upper(rune_)) {
      last_size_ = second.size;
      end_ += second.size;
      extend(all, is_upper);
      if (end_ < all.size() && is_alphabet(rune_)) end_ -= last_size_;
    } else if (is_alphabet(rune_)) {
      end_ += second.size;
      extend(all, lower_letter);
    }
  }

  std::string_view rest_;
  std::size_t end_ = 0;
  std::size_t last_size_ = 0;
  char32_t rune_ = 0;
};

class JoinedCase {
 public:
  JoinedCase(std::string_view text, char connector) : words_(text), connector_(connector) {}

  std::string run() {
    words_.next();
    while (words_.more()) {
      if (words_.kind != Word::connector) put(words_.kind, words_.text);
      const Word previous = words_.kind;
      const std::string_view last = words_.text;
      words_.next();
      if (previous == Word::number) {
        put_run();
        connect();
      } else if (previous == Word::connector) {
        put(previous, last);
      } else if (previous != Word::punct) {
        after_word();
      }
    }
    put(words_.kind, words_.text);
    return std::move(out_);
  }

 private:
  /// Digits that follow a word.
  void after_word() {
    if (words_.kind != Word::number) {
      if (words_.kind != Word::connector && words_.kind != Word::punct) out_.push_back(connector_);
      return;
    }
    if (!words_.more()) return;
    const std::string_view digits = words_.text;
    words_.next();
    if (words_.kind != Word::alphabet) {
      put(Word::number, digits);
      if (words_.kind != Word::connector && words_.kind != Word::punct) out_.push_back(connector_);
      return;
    }
    out_.push_back(connector_);
    put(Word::number, digits);
    put_run();
    connect();
  }

  void put_run() {
    while (words_.kind == Word::alphabet || words_.kind == Word::number) {
      put(words_.kind, words_.text);
      words_.next();
    }
  }

  void connect() {
    if (words_.kind != Word::invalid && words_.kind != Word::punct &&
        words_.kind != Word::connector)
      out_.push_back(connector_);
  }

  void put(Word kind, std::string_view text) {
    if (kind != Word::upper && kind != Word::connector) {
      out_.append(text);
      return;
    }
    while (!text.empty()) {
      const Rune rune = decode_rune(text);
      text.remove_prefix(rune.size);
      if (is_connector(rune.code))
        out_.push_back(connector_);
      else
        append_rune(out_, is_upper(rune.code) ? to_lower(rune.code) : rune.code);
    }
  }

  Words words_;
  char connector_;
  std::string out_;
};

}  // namespace

std::string joined_case(std::string_view text, char connector) {
  return text.empty() ? "" : JoinedCase(text, connector).run();
}

std::string pascal_case(std::string_view text) {
  std::string out;
  if (text.empty()) return out;
  bool was_upper = false;
  Rune rune;
  while (!text.empty()) {
    rune = decode_rune(text);
    text.remove_prefix(rune.size);
    if (!is_connector(rune.code)) {
      was_upper = is_upper(rune.code);
      rune.code = to_upper(rune.code);
      break;
    }
    append_rune(out, rune.code);
  }
  while (!text.empty()) {
    const char32_t before = rune.code;
    rune = decode_rune(text);
    text.remove_prefix(rune.size);
    if (is_connector(rune.code) && is_connector(before)) {
      append_rune(out, before);
    } else if (is_connector(before)) {
      was_upper = is_upper(rune.code);
      rune.code = to_upper(rune.code);
    } else {
      if (was_upper && is_upper(rune.code))
        rune.code = to_lower(rune.code);
      else
        was_upper = false;
      append_rune(out, before);
    }
  }
  append_rune(out, rune.code);
  return out;
}

}  // namespace tiphys::sprig
