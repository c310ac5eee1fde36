#include "gotmpl/printer.hpp"

#include "gotmpl/complex.hpp"
#include "gotmpl/unicode.hpp"

#include "tiphys/gotmpl/native.hpp"
#include "tiphys/gotmpl/print.hpp"

#include <array>
#include <cmath>

namespace tiphys::gotmpl {

using value::GoType;
using value::Kind;
using value::Value;

namespace {

constexpr int kMaxDepth = 2000;  // a map can hold itself; Go's process dies there

bool is_unsigned(GoType type) {
  return type == GoType::u || type == GoType::u8 || type == GoType::u16 || type == GoType::u32 ||
         type == GoType::u64;
}

/// Are the elements of this list or map kept as interface{}?
bool holds_interfaces(const Value& v) {
  const GoType type = v.go_type();
  return value::base_type(type) == GoType::natural || type == GoType::named;
}

}  // namespace

void Printer::bad_verb(char32_t verb, const Value* arg) {
  const bool erroring = erroring_;
  erroring_ = true;
  out_ += "%!";
  append_rune(out_, verb);
  out_.push_back('(');
  if (arg == nullptr || arg->is_null()) {
    out_ += "<nil>";
  } else {
    out_ += type_name(*arg, host_);
    out_.push_back('=');
    value(*arg, 'v', 0);
  }
  out_.push_back(')');
  erroring_ = erroring;
}

void Printer::hex_0x(std::uint64_t bits, bool leading) {
  const bool sharp = std::exchange(format_.flags.sharp, leading);
  format_.integer(bits, 16, false, 'v', false);
  format_.flags.sharp = sharp;
}

void Printer::integer(std::uint64_t bits, bool is_signed, char32_t verb) {
  switch (verb) {
    case 'v':
      if (format_.flags.sharp_v && !is_signed) return hex_0x(bits, true);
      return format_.integer(bits, 10, is_signed, verb, false);
    case 'd':
      return format_.integer(bits, 10, is_signed, verb, false);
    case 'b':
      return format_.integer(bits, 2, is_signed, verb, false);
    case 'o':
    case 'O':
      return format_.integer(bits, 8, is_signed, verb, false);
    case 'x':
    case 'X':
      return format_.integer(bits, 16, is_signed, verb, verb == 'X');
    case 'c':
      return format_.character(bits);
    case 'q':
      return format_.quoted_character(bits);
    default:
      return format_.unicode(bits);
  }
}

void Printer::floating(double number, int bits, char32_t verb) {
  switch (verb) {
    case 'v':
      return format_.floating(number, bits, 'g', -1);
    case 'f':
    case 'F':
      return format_.floating(number, bits, 'f', 6);
    case 'e':
    case 'E':
      return format_.floating(number, bits, static_cast<char>(verb), 6);
    default:
      return format_.floating(number, bits, static_cast<char>(verb), -1);
  }
}

void Printer::complex(std::complex<double> number, char32_t verb) {
  out_.push_back('(');
  floating(number.real(), 64, verb);
  const bool plus = std::exchange(format_.flags.plus, true);
  floating(number.imag(), 64, verb);
  out_ += "i)";
  format_.flags.plus = plus;
}

void Printer::number(const Value& v, char32_t verb) {
  constexpr std::u32string_view kInteger = U"vdboOxXcqU";
  constexpr std::u32string_view kFloating = U"vbgGxXfFeE";
  if (v.is_int()) {
    if (kInteger.find(verb) == std::u32string_view::npos) return bad_verb(verb, &v);
    return integer(static_cast<std::uint64_t>(v.integer()), !is_unsigned(v.go_type()), verb);
  }
  if (kFloating.find(verb) == std::u32string_view::npos) return bad_verb(verb, &v);
  if (const ComplexNumber* c = as_complex(v)) return complex(c->number(), verb);
  floating(v.floating(), v.go_type() == GoType::f32 ? 32 : 64, verb);
}

void Printer::string(std::string_view text, char32_t verb) {
  switch (verb) {
    case 'v':
      return format_.flags.sharp_v ? format_.quoted(text) : format_.text(text);
    case 's':
      return format_.text(text);
    case 'x':
    case 'X':
      return format_.hexadecimal(text, verb == 'X');
    case 'q':
      return format_.quoted(text);
    default: {
      const Value v(text);
      return bad_verb(verb, &v);
    }
  }
}

void Printer::bytes(std::string_view data, char32_t verb, std::string_view type, int depth) {
  if (verb == 's') return format_.text(data);
  if (verb == 'x' || verb == 'X') return format_.hexadecimal(data, verb == 'X');
  if (verb == 'q') return format_.quoted(data);
  const bool go_syntax = format_.flags.sharp_v;
  if (go_syntax) out_ += depth == 0 && verb == 'v' ? std::string_view("[]byte") : type;
  out_.push_back(go_syntax ? '{' : '[');
  for (std::size_t i = 0; i < data.size() && !full(); ++i) {
    if (i > 0) out_ += go_syntax ? ", " : " ";
    const auto byte = static_cast<unsigned char>(data[i]);
    if (go_syntax && (verb == 'v' || verb == 'd')) {
      hex_0x(byte, true);
    } else {
      number(Value(static_cast<std::int64_t>(byte)).as(GoType::u8), verb);
    }
  }
  out_.push_back(go_syntax ? '}' : ']');
}

void Printer::element(const Value& v, bool is_interface, char32_t verb, int depth) {
  if (v.is_null()) {
    if (is_interface && format_.flags.sharp_v) {
      out_ += "interface {}(nil)";
    } else {
      out_ += "<nil>";
    }
    return;
  }
  value(v, verb, depth);
}

void Printer::list(const Value& v, char32_t verb, int depth) {
  const bool go_syntax = format_.flags.sharp_v;
  if (go_syntax) {
    out_ += type_name(v, host_);
    if (value::is_nil(v.go_type())) {
      out_ += "(nil)";
      return;
    }
  }
  out_.push_back(go_syntax ? '{' : '[');
  bool first = true;
  for (const Value& item : v.list()) {
    if (full()) break;
    if (!first) out_ += go_syntax ? ", " : " ";
    first = false;
    element(item, holds_interfaces(v), verb, depth + 1);
  }
  out_.push_back(go_syntax ? '}' : ']');
}

void Printer::map(const Value& v, char32_t verb, int depth) {
  const bool go_syntax = format_.flags.sharp_v;
  if (go_syntax && value::is_nil(v.go_type())) {
    out_ += type_name(v, host_) + "(nil)";
    return;
  }
  out_ += go_syntax ? type_name(v, host_) + "{" : "map[";
  bool first = true;
  for (const auto& [key, item] : v.map()) {
    if (full()) break;
    if (!first) out_ += go_syntax ? ", " : " ";
    first = false;
    string(key, verb);
    out_.push_back(':');
    element(item, holds_interfaces(v), verb, depth + 1);
  }
  out_.push_back(go_syntax ? '}' : ']');
}

bool Printer::methods(const Value& v, char32_t verb) {
  constexpr std::u32string_view kStringable = U"vsxXq";
  if (erroring_ || format_.flags.sharp_v || kStringable.find(verb) == std::u32string_view::npos) {
    return false;
  }
  const NativeObject* object = native_object(v);
  if (object == nullptr) return false;
  const auto text = object->text();
  if (!text) return false;
  string(*text, verb);
  return true;
}

void Printer::pointer(const void* address, std::string_view type, char32_t verb) {
  const auto bits = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(address));
  if (verb == 'v' && format_.flags.sharp_v) {
    out_.push_back('(');
    out_ += type;
    out_ += ")(";
    hex_0x(bits, true);
    out_.push_back(')');
    return;
  }
  if (verb == 'v' || verb == 'p') return hex_0x(bits, !format_.flags.sharp);
  integer(bits, false, verb);
}

void Printer::structure(const NativeObject& object, char32_t verb, int depth) {
  const bool go_syntax = format_.flags.sharp_v;
  std::string_view type = object.go_type();
  if (object.shape() == NativeObject::Shape::pointer && type.starts_with('*'))
    type.remove_prefix(1);
  if (go_syntax) out_ += type;
  out_.push_back('{');
  bool first = true;
  for (const auto& [name, field] : object.fields()) {
    if (full()) break;
    if (!first) out_ += go_syntax ? ", " : " ";
    first = false;
    if (go_syntax || format_.flags.plus_v) {
      out_ += name;
      out_.push_back(':');
    }
    element(field, true, verb, depth + 1);
  }
  out_.push_back('}');
}

void Printer::object(const NativeObject& object, char32_t verb, int depth) {
  switch (object.shape()) {
    case NativeObject::Shape::structure:
      return structure(object, verb, depth);
    case NativeObject::Shape::pointer:
      if (depth == 0 && object.truth()) {
        out_.push_back('&');
        return structure(object, verb, depth + 1);
      }
      return pointer(object.truth() ? &object : nullptr, object.go_type(), verb);
    case NativeObject::Shape::function:
      return pointer(&object, object.go_type(), verb);
    default: {
      const Value plain = object.underlying();
      if (format_.flags.sharp_v && (plain.is_map() || plain.is_list())) out_ += object.go_type();
      return value(plain, verb, depth == 0 ? 1 : depth);
    }
  }
}

void Printer::native(const Value& v, char32_t verb, int depth) {
  if (as_complex(v) != nullptr) return number(v, verb);
  if (const NativeObject* known = native_object(v)) return object(*known, verb, depth);
  pointer(v.native().get(), v.native()->go_type(), verb);
}

void Printer::value(const Value& v, char32_t verb, int depth) {
  if (full()) return;
  if (depth > kMaxDepth) {
    out_.append(limit_ > out_.size() ? 3 : 0, '.');
    return;
  }
  if (methods(v, verb)) return;
  switch (v.kind()) {
    case Kind::null:
      if (verb == 'v') {
        out_ += "<nil>";
      } else {
        bad_verb(verb, nullptr);
      }
      return;
    case Kind::boolean:
      if (verb != 't' && verb != 'v') return bad_verb(verb, &v);
      return format_.boolean(v.boolean());
    case Kind::integer:
    case Kind::floating:
      return number(v, verb);
    case Kind::string:
      if (v.go_type() == GoType::bytes) return bytes(v.string(), verb, "[]uint8", depth);
      if (verb != 'v' && verb != 's' && verb != 'x' && verb != 'X' && verb != 'q') {
        return bad_verb(verb, &v);
      }
      return string(v.string(), verb);
    case Kind::list:
      return list(v, verb, depth);
    case Kind::map:
      return map(v, verb, depth);
    case Kind::native:
      return native(v, verb, depth);
  }
}

void Printer::argument(const Value& arg, char32_t verb) {
  if (arg.is_null()) {
    if (verb == 'T' || verb == 'v') return format_.pad("<nil>");
    return bad_verb(verb, nullptr);
  }
  if (verb == 'T') return format_.text(type_name(arg, host_));
  if (verb == 'p') {
    if (arg.is_list() || arg.is_map()) {
      const void* address = arg.is_list() ? static_cast<const void*>(&arg.list())
                                          : static_cast<const void*>(&arg.map());
      return pointer(address, type_name(arg, host_), verb);
    }
    const NativeObject* object = native_object(arg);
    if (object != nullptr && object->shape() != NativeObject::Shape::structure) {
      return pointer(object, object->go_type(), verb);
    }
    return bad_verb(verb, &arg);
  }
  const bool bytes = arg.is_string() && arg.go_type() == GoType::bytes;
  if (verb == 'w' && !bytes) return bad_verb(verb, &arg);
  value(arg, verb, 0);
}

void Printer::print(std::span<const Value> args) {
  bool previous_string = false;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const NativeObject* object = native_object(args[i]);
    const bool is_string = (args[i].is_string() && args[i].go_type() != GoType::bytes) ||
                           (object != nullptr && object->shape() == NativeObject::Shape::string);
    if (i > 0 && !is_string && !previous_string) out_.push_back(' ');
    argument(args[i], 'v');
    previous_string = is_string;
  }
}

void Printer::println(std::span<const Value> args) {
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (i > 0) out_.push_back(' ');
    argument(args[i], 'v');
  }
  out_.push_back('\n');
}

}  // namespace tiphys::gotmpl
