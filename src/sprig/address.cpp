#include "tiphys/sprig/address.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <cstdint>

namespace tiphys::sprig {

namespace {

constexpr int kIpv6Fields = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex(char c) {
  return is_digit(c) || ((static_cast<unsigned char>(c) | 0x20U) >= 'a' &&
                         (static_cast<unsigned char>(c) | 0x20U) <= 'f');
}

/// Reads one text; the first problem stands.
class AddressReader {
 public:
  explicit AddressReader(std::string_view whole) : whole_(whole) {}

  std::string problem(std::string_view what, std::string_view at = {}) const {
    std::string out = "ParseAddr(" + gotmpl::quote(whole_) + "): " + std::string(what);
    if (!at.empty()) out += " (at " + gotmpl::quote(at) + ")";
    return out;
  }

  std::string ipv4(std::string_view text) const {
    int dots = 0;
    int value = 0;
    int digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (is_digit(c)) {
        if (digits == 1 && value == 0) return problem("IPv4 field has octet with leading zero");
        value = value * 10 + (c - '0');
        ++digits;
        if (value > 255) return problem("IPv4 field has value >255");
      } else if (c == '.') {
        if (digits == 0 || i + 1 == text.size())
          return problem("IPv4 field must have at least one digit", text.substr(i));
        if (dots == 3) return problem("IPv4 address too long");
        ++dots;
        value = 0;
        digits = 0;
      } else {
        return problem("unexpected character", text.substr(i));
      }
    }
    return dots < 3 ? problem("IPv4 address too short") : "";
  }

  std::string ipv6() {
    rest_ = whole_.substr(0, whole_.find('%'));
    if (rest_.size() + 1 == whole_.size()) return problem("zone must be a non-empty string");
    if (rest_.starts_with("::")) {
      compressed_ = true;
      rest_.remove_prefix(2);
      if (rest_.empty()) return "";
    }
    while (fields_ < kIpv6Fields && !done_)
      if (std::string bad = field(); !bad.empty()) return bad;
    if (!rest_.empty()) return problem("trailing garbage after address", rest_);
    if (fields_ < kIpv6Fields) return compressed_ ? "" : problem("address string too short");
    return compressed_ ? problem("the :: must expand to at least one field of zeros") : "";
  }

 private:
  /// One group of hex digits and what separates it from the next, or an IPv4 address at the end.
  std::string field() {
    std::size_t size = 0;
    while (size < rest_.size() && is_hex(rest_[size])) {
      if (size > 3) return problem("each group must have 4 or less digits", rest_);
      ++size;
    }
    if (size == 0) return problem("each colon-separated field must have at least one digit", rest_);
    if (size < rest_.size() && rest_[size] == '.') return embedded();
    ++fields_;
    const std::string_view from = rest_;
    rest_.remove_prefix(size);
    if (rest_.empty()) {
      done_ = true;
      return "";
    }
    if (from[size] != ':') return problem("unexpected character, want colon", rest_);
    if (rest_.size() == 1) return problem("colon must be followed by more characters", rest_);
    rest_.remove_prefix(1);
    if (rest_[0] != ':') return "";
    if (compressed_) return problem("multiple :: in address", rest_);
    compressed_ = true;
    rest_.remove_prefix(1);
    done_ = rest_.empty();
    return "";
  }

  std::string embedded() {
    if (!compressed_ && fields_ != kIpv6Fields - 2)
      return problem("embedded IPv4 address must replace the final 2 fields of the address", rest_);
    if (fields_ + 2 > kIpv6Fields)
      return problem("too many hex fields to fit an embedded IPv4 at the end of the address",
                     rest_);
    if (std::string bad = ipv4(rest_); !bad.empty()) return bad;
    rest_ = {};
    fields_ += 2;
    done_ = true;
    return "";
  }

  std::string_view whole_;
  std::string_view rest_;
  int fields_ = 0;
  bool compressed_ = false;
  bool done_ = false;
};

}  // namespace

std::string address_problem(std::string_view text) {
  AddressReader reader(text);
  const std::size_t first = text.find_first_of(".:%");
  if (first == std::string_view::npos) return reader.problem("unable to parse IP");
  if (text[first] == '%') return reader.problem("missing IPv6 address");
  return text[first] == '.' ? reader.ipv4(text) : reader.ipv6();
}

}  // namespace tiphys::sprig
