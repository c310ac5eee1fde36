#pragma once

#include "tiphys/gotmpl/run.hpp"
#include "tiphys/value/value.hpp"

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tiphys::gotmpl {

class NativeObject;

/// The flags of one verb, as package fmt keeps them.
struct Flags {
  bool has_width = false;
  bool has_precision = false;
  bool minus = false;
  bool plus = false;
  bool sharp = false;
  bool space = false;
  bool zero = false;
  bool plus_v = false;
  bool sharp_v = false;
  int width = 0;
  int precision = 0;
};

/// Writes scalars with flags: fmt's own layer under the verbs.
class Formatter {
 public:
  explicit Formatter(std::string& out) : out_(out) {}

  Flags flags;

  void pad(std::string_view text);
  void padding(int count);
  void boolean(bool b) { pad(b ? "true" : "false"); }
  void integer(std::uint64_t bits, unsigned base, bool is_signed, char32_t verb, bool upper);
  void unicode(std::uint64_t rune);
  void character(std::uint64_t rune);
  void quoted_character(std::uint64_t rune);
  void floating(double number, int bits, char verb, int precision);
  void text(std::string_view text);
  void quoted(std::string_view text);
  void hexadecimal(std::string_view text, bool upper);

 private:
  std::string_view truncated(std::string_view text) const;
  void sharpen(std::string& digits, char verb, int precision) const;
  void unpadded_zero(std::string_view text);

  std::string& out_;
};

/// Package fmt over values. Stops early once the output is over the limit (the executor then
/// reports it): shared references can make a small tree print without end.
class Printer {
 public:
  static constexpr std::size_t kNoLimit = std::size_t{1} << 40U;

  Printer(std::string& out, const Host* host, std::size_t limit = kNoLimit)
      : out_(out), format_(out), host_(host), limit_(limit) {}

  void print(std::span<const value::Value> args);
  void println(std::span<const value::Value> args);
  void printf(std::string_view format, std::span<const value::Value> args);
  /// One operand under a verb, as an interface{}.
  void argument(const value::Value& arg, char32_t verb);
  /// {fields}, of a struct or of what a pointer points to.
  void structure(const NativeObject& object, char32_t verb, int depth);

 private:
  struct Cursor {
    std::string_view format;
    std::size_t at = 0;
    std::span<const value::Value> args;
    std::size_t next = 0;
    bool after_index = false;
    bool good_index = true;
    bool reordered = false;
  };
  void directive(Cursor& cursor);
  bool simple_verb(Cursor& cursor);
  void width(Cursor& cursor);
  void precision(Cursor& cursor);
  void index(Cursor& cursor);
  void extra(std::span<const value::Value> args);
  void v_flags();

  void value(const value::Value& v, char32_t verb, int depth);
  void element(const value::Value& v, bool is_interface, char32_t verb, int depth);
  void number(const value::Value& v, char32_t verb);
  void integer(std::uint64_t bits, bool is_signed, char32_t verb);
  void floating(double number, int bits, char32_t verb);
  void complex(std::complex<double> number, char32_t verb);
  void string(std::string_view text, char32_t verb);
  void bytes(std::string_view data, char32_t verb, std::string_view type, int depth);
  void list(const value::Value& v, char32_t verb, int depth);
  void map(const value::Value& v, char32_t verb, int depth);
  void native(const value::Value& v, char32_t verb, int depth);
  void object(const NativeObject& object, char32_t verb, int depth);
  bool methods(const value::Value& v, char32_t verb);
  void pointer(const void* address, std::string_view type, char32_t verb);
  void bad_verb(char32_t verb, const value::Value* arg);
  void hex_0x(std::uint64_t bits, bool leading);
  bool full() const { return out_.size() > limit_; }

  std::string& out_;
  Formatter format_;
  const Host* host_;
  std::size_t limit_;
  bool erroring_ = false;
};

}  // namespace tiphys::gotmpl
