#include "gotmpl/printer.hpp"
#include "gotmpl/unicode.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <optional>

namespace tiphys::gotmpl {

using value::GoType;
using value::Value;

namespace {

constexpr std::int64_t kMaxNumber = 1'000'000;  // of a width or precision

bool too_large(std::int64_t n) { return n > kMaxNumber || n < -kMaxNumber; }

/// Digits at `at`; nullopt when there are none. A number that is far too large ends the format.
std::optional<int> parse_digits(std::string_view text, std::size_t& at, std::size_t end) {
  std::int64_t number = 0;
  bool any = false;
  for (; at < end && text[at] >= '0' && text[at] <= '9'; ++at) {
    if (too_large(number)) {
      at = end;
      return std::nullopt;
    }
    number = number * 10 + (text[at] - '0');
    any = true;
  }
  if (!any) return std::nullopt;
  return static_cast<int>(number);
}

/// The argument a '*' takes.
std::optional<int> star(std::span<const Value> args, std::size_t& next) {
  if (next >= args.size()) return std::nullopt;
  const Value& arg = args[next++];
  if (!arg.is_int()) return std::nullopt;
  if (arg.go_type() == GoType::u64 && arg.integer() < 0) return std::nullopt;
  if (too_large(arg.integer())) return std::nullopt;
  return static_cast<int>(arg.integer());
}

}  // namespace

void Printer::v_flags() {
  Flags& f = format_.flags;
  f.sharp_v = std::exchange(f.sharp, false);
  f.plus_v = std::exchange(f.plus, false);
}

/// Flags, and the common case of a lower-case verb right after them.
bool Printer::simple_verb(Cursor& c) {
  Flags& f = format_.flags;
  for (; c.at < c.format.size(); ++c.at) {
    const char verb = c.format[c.at];
    if (verb == '#') {
      f.sharp = true;
    } else if (verb == '0') {
      f.zero = true;
    } else if (verb == '+') {
      f.plus = true;
    } else if (verb == '-') {
      f.minus = true;
    } else if (verb == ' ') {
      f.space = true;
    } else {
      if (verb < 'a' || verb > 'z' || c.next >= c.args.size()) return false;
      if (verb == 'v' || verb == 'w') v_flags();
      argument(c.args[c.next++], static_cast<char32_t>(verb));
      ++c.at;
      return true;
    }
  }
  return false;
}

/// An explicit argument index "[n]".
void Printer::index(Cursor& c) {
  c.after_index = false;
  if (c.at >= c.format.size() || c.format[c.at] != '[') return;
  c.reordered = true;
  const std::string_view rest = c.format.substr(c.at);
  const auto close = rest.size() < 3 ? std::string_view::npos : rest.find(']');
  if (close == std::string_view::npos) {
    c.good_index = false;
    c.at += 1;
    return;
  }
  std::size_t at = 1;
  const auto number = parse_digits(rest, at, close);
  c.at += close + 1;
  const bool parsed = number && at == close;
  if (parsed && *number >= 1 && static_cast<std::size_t>(*number) <= c.args.size()) {
    c.next = static_cast<std::size_t>(*number) - 1;
    c.after_index = true;
    return;
  }
  c.good_index = false;
  c.after_index = parsed;
}

void Printer::width(Cursor& c) {
  Flags& f = format_.flags;
  if (c.at < c.format.size() && c.format[c.at] == '*') {
    ++c.at;
    const auto number = star(c.args, c.next);
    f.has_width = number.has_value();
    f.width = number.value_or(0);
    if (!number) out_ += "%!(BADWIDTH)";
    if (f.width < 0) {
      f.width = -f.width;
      f.minus = true;
      f.zero = false;
    }
    c.after_index = false;
    return;
  }
  const auto number = parse_digits(c.format, c.at, c.format.size());
  f.has_width = number.has_value();
  f.width = number.value_or(0);
  if (c.after_index && number) c.good_index = false;
}

void Printer::precision(Cursor& c) {
  Flags& f = format_.flags;
  if (c.at + 1 >= c.format.size() || c.format[c.at] != '.') return;
  ++c.at;
  if (c.after_index) c.good_index = false;
  index(c);
  if (c.at < c.format.size() && c.format[c.at] == '*') {
    ++c.at;
    const auto number = star(c.args, c.next);
    f.has_precision = number && *number >= 0;
    f.precision = f.has_precision ? *number : 0;
    if (!f.has_precision) out_ += "%!(BADPREC)";
    c.after_index = false;
    return;
  }
  f.precision = parse_digits(c.format, c.at, c.format.size()).value_or(0);
  f.has_precision = true;
}

void Printer::directive(Cursor& c) {
  format_.flags = Flags();
  c.good_index = true;
  if (simple_verb(c)) return;
  index(c);
  width(c);
  precision(c);
  if (!c.after_index) index(c);
  if (c.at >= c.format.size()) {
    out_ += "%!(NOVERB)";
    return;
  }
  const Decoded verb = decode_rune(c.format.substr(c.at));
  c.at += verb.size;
  if (verb.rune == '%') {
    out_.push_back('%');
  } else if (!c.good_index || c.next >= c.args.size()) {
    out_ += "%!";
    append_rune(out_, verb.rune);
    out_ += c.good_index ? "(MISSING)" : "(BADINDEX)";
  } else {
    if (verb.rune == 'v' || verb.rune == 'w') v_flags();
    argument(c.args[c.next++], verb.rune);
  }
}

void Printer::extra(std::span<const Value> args) {
  format_.flags = Flags();
  out_ += "%!(EXTRA ";
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (i > 0) out_ += ", ";
    if (args[i].is_null()) {
      out_ += "<nil>";
      continue;
    }
    out_ += type_name(args[i], host_);
    out_.push_back('=');
    argument(args[i], 'v');
  }
  out_.push_back(')');
}

void Printer::printf(std::string_view format, std::span<const Value> args) {
  Cursor c{.format = format, .args = args};
  while (c.at < format.size() && !full()) {
    const auto percent = format.find('%', c.at);
    if (percent == std::string_view::npos) {
      out_ += format.substr(c.at);
      break;
    }
    out_ += format.substr(c.at, percent - c.at);
    c.at = percent + 1;
    directive(c);
  }
  if (!c.reordered && c.next < args.size()) extra(args.subspan(c.next));
}

}  // namespace tiphys::gotmpl
