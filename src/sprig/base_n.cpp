#include "sprig/base_n.hpp"

#include <array>
#include <cstdint>

namespace tiphys::sprig {
namespace {

base::Error corrupt(std::string_view kind, std::size_t at) {
  return {base::Code::Invalid,
          "illegal " + std::string(kind) + " data at input byte " + std::to_string(at)};
}
base::Error corrupt64(std::size_t at) { return corrupt("base64", at); }
base::Error corrupt32(std::size_t at) { return corrupt("base32", at); }

int digit64(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int digit32(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

bool is_line_end(char c) { return c == '\r' || c == '\n'; }

/// Reads groups of four characters.
class Base64Reader {
 public:
  explicit Base64Reader(std::string_view text) : text_(text) {}

  base::Result<std::string> run() {
    while (!done_) TRY(group());
    return std::move(out_);
  }

 private:
  base::Status group() {
    std::uint32_t bits = 0;
    std::size_t have = 0;
    while (have < 4) {
      if (at_ == text_.size()) {
        if (have != 0) return corrupt64(at_ - have);
        done_ = true;
        return {};
      }
      const char c = text_[at_++];
      if (is_line_end(c)) continue;
      if (c == '=') {
        TRY(padding(have));
        break;
      }
      const int digit = digit64(c);
      if (digit < 0) return corrupt64(at_ - 1);
      bits |= static_cast<std::uint32_t>(digit) << (18 - 6 * have);
      ++have;
    }
    for (std::size_t i = 0; i + 1 < have; ++i)
      out_.push_back(static_cast<char>((bits >> (16 - 8 * i)) & 0xFF));
    return {};
  }

  /// The rest after the first '='.
  base::Status padding(std::size_t have) {
    if (have < 2) return corrupt64(at_ - 1);
    if (have == 2) {
      skip_line_ends();
      if (at_ == text_.size()) return corrupt64(text_.size());
      if (text_[at_] != '=') return corrupt64(at_ - 1);
      ++at_;
    }
    skip_line_ends();
    if (at_ < text_.size()) return corrupt64(at_);
    done_ = true;
    return {};
  }

  void skip_line_ends() {
    while (at_ < text_.size() && is_line_end(text_[at_])) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool done_ = false;
  std::string out_;
};

/// One group of up to eight base32 digits; `have` of them are data.
void append_group32(std::string& out, const std::array<std::uint8_t, 8>& digits, std::size_t have) {
  std::uint64_t bits = 0;
  for (const std::uint8_t digit : digits) bits = (bits << 5) | digit;
  for (std::size_t i = 0; i < have * 5 / 8; ++i)
    out.push_back(static_cast<char>((bits >> (32 - 8 * i)) & 0xFF));
}

/// Where Go finds fault with the padding that starts after `have` digits; `rest` follows the '='.
base::Status check_padding32(std::size_t length, std::string_view rest, std::size_t have) {
  if (rest.size() + have < 7) return corrupt32(length);
  for (std::size_t k = 0; k < 7 - have; ++k)
    if (rest.size() > k && rest[k] != '=') return corrupt32(length - rest.size() + k - 1);
  if (have == 1 || have == 3 || have == 6) return corrupt32(length - rest.size() - 1);
  return {};
}

}  // namespace

base::Result<std::string> decode_base64(std::string_view text) { return Base64Reader(text).run(); }

std::string encode_base32(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 5) {
    const std::string_view group = bytes.substr(at, 5);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 5; ++i)
      bits = (bits << 8) | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
    const std::size_t digits = (group.size() * 8 + 4) / 5;
    for (std::size_t i = 0; i < 8; ++i)
      out.push_back(i < digits ? kDigits[(bits >> (35 - 5 * i)) & 31] : '=');
  }
  return out;
}

base::Result<std::string> decode_base32(std::string_view text) {
  std::string plain;
  for (const char c : text)
    if (!is_line_end(c)) plain.push_back(c);
  std::string_view rest = plain;
  std::string out;
  bool end = false;
  while (!rest.empty() && !end) {
    std::array<std::uint8_t, 8> digits{};
    std::size_t have = 0;
    while (have < 8 && !end) {
      if (rest.empty()) return corrupt32(plain.size() - have);
      const char c = rest[0];
      rest.remove_prefix(1);
      if (c == '=' && have >= 2 && rest.size() < 8) {
        TRY(check_padding32(plain.size(), rest, have));
        end = true;
        break;
      }
      const int digit = digit32(c);
      if (digit < 0) return corrupt32(plain.size() - rest.size() - 1);
      digits[have++] = static_cast<std::uint8_t>(digit);
    }
    append_group32(out, digits, have);
  }
  return out;
}

}  // namespace tiphys::sprig
