#include "sprig/decimal.hpp"
#include "sprig/internal.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace tiphys::sprig {
namespace {

std::int64_t whole(const Call& call, std::size_t i) { return to_int64(call.args[i]); }
double real(const Call& call, std::size_t i) { return to_float64(call.args[i]); }

// Go's integers wrap around.
std::int64_t wrap_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t wrap_sub(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
std::int64_t wrap_mul(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

Answer divide(Call& call) {
  const std::int64_t b = whole(call, 1);
  if (b == 0) return failure("runtime error: integer divide by zero");
  if (b == -1) return Value(wrap_sub(0, whole(call, 0)));
  return Value(whole(call, 0) / b);
}

Answer modulo(Call& call) {
  const std::int64_t b = whole(call, 1);
  if (b == 0) return failure("runtime error: integer divide by zero");
  if (b == -1) return Value(std::int64_t{0});
  return Value(whole(call, 0) % b);
}

template <std::int64_t (*fold)(std::int64_t, std::int64_t)>
Answer folded(Call& call) {
  std::int64_t out = whole(call, 0);
  for (std::size_t i = 1; i < call.args.size(); ++i) out = fold(out, whole(call, i));
  return Value(out);
}
std::int64_t larger(std::int64_t a, std::int64_t b) { return b > a ? b : a; }
std::int64_t smaller(std::int64_t a, std::int64_t b) { return b < a ? b : a; }

/// math.Max and math.Min: infinities win over NaN, NaN over the rest, and -0 is below 0.
double max_float(double a, double b) {
  if (std::isinf(a) && a > 0) return a;
  if (std::isinf(b) && b > 0) return b;
  if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<double>::quiet_NaN();
  if (a == 0 && b == 0) return std::signbit(a) ? b : a;
  return a > b ? a : b;
}
double min_float(double a, double b) { return -max_float(-a, -b); }

template <double (*fold)(double, double)>
Answer folded_real(Call& call) {
  double out = real(call, 0);
  for (std::size_t i = 1; i < call.args.size(); ++i) out = fold(out, real(call, i));
  return Value(out);
}

using DecimalOp = base::Result<Decimal> (*)(const Decimal&, const Decimal&);

Answer decimal_fold(double first, std::span<const Value> rest, DecimalOp op) {
  TRY_ASSIGN(Decimal out, Decimal::from_float(first));
  for (const Value& item : rest) {
    TRY_ASSIGN(const Decimal next, Decimal::from_float(to_float64(item)));
    TRY_ASSIGN(out, op(out, next));
  }
  TRY_ASSIGN(const double number, out.to_float());
  return Value(number);
}

template <DecimalOp op>
Answer decimals(Call& call) {
  return decimal_fold(real(call, 0), call.args.subspan(1), op);
}

/// math.Pow(10, exponent): Go squares, so its last bit can differ from the C library's.
double power_of_ten(std::int64_t exponent) {
  if (exponent == 0) return 1;
  if (exponent == 1) return 10;
  auto left = static_cast<std::uint64_t>(std::fabs(static_cast<double>(exponent)));
  double fraction = 1;
  double square = .625;  // 10 is .625 * 2^4
  int binary = 0;
  int square_binary = 4;
  for (; left != 0; left >>= 1U) {
    if (square_binary > 1 << 12) {
      binary += square_binary;
      break;
    }
    if (left % 2 == 1) {
      fraction *= square;
      binary += square_binary;
    }
    square *= square;
    square_binary *= 2;
    if (square < .5) {
      square += square;
      --square_binary;
    }
  }
  return exponent < 0 ? std::ldexp(1 / fraction, -binary) : std::ldexp(fraction, binary);
}

Answer round(Call& call) {
  const double on = call.args.size() > 2 ? call.args[2].floating() : .5;
  const double power = power_of_ten(call.args[1].integer());
  const double digit = power * real(call, 0);
  double ignored = 0;
  const double rest = std::modf(digit, &ignored);
  const double rounded = rest >= on ? std::ceil(digit) : std::floor(digit);
  return Value(rounded / power);
}

/// How many steps untilStep takes, 0 when it is going the wrong way. 128 bits: no overflow.
std::uint64_t steps_between(std::int64_t start, std::int64_t stop, std::int64_t step) {
  if ((stop < start && step >= 0) || (stop >= start && step <= 0)) return 0;
  const __int128 distance =
      stop < start ? static_cast<__int128>(start) - stop : static_cast<__int128>(stop) - start;
  const __int128 width = step < 0 ? -static_cast<__int128>(step) : static_cast<__int128>(step);
  return static_cast<std::uint64_t>((distance + width - 1) / width);
}

Answer until_step(Call& call, std::int64_t start, std::int64_t stop, std::int64_t step) {
  const std::uint64_t count = steps_between(start, stop, step);
  std::uint64_t bytes = 0;
  if (__builtin_mul_overflow(count, std::uint64_t{sizeof(Value)}, &bytes))
    bytes = std::numeric_limits<std::uint64_t>::max();
  TRY(call.run.charge(bytes));
  value::List items;
  items.reserve(count);
  for (std::uint64_t n = 0; n < count; ++n) {
    items.push_back(go_int(start));
    start = wrap_add(start, step);
  }
  return Value(std::move(items)).as(GoType::ints);
}

Answer until(Call& call) {
  const std::int64_t count = call.args[0].integer();
  return until_step(call, 0, count, count < 0 ? -1 : 1);
}

Answer numbers_text(Call& call, std::int64_t start, std::int64_t stop, std::int64_t step) {
  std::string out;
  const std::uint64_t count = steps_between(start, stop, step);
  std::uint64_t bytes = 0;
  if (__builtin_mul_overflow(count, std::uint64_t{2}, &bytes))
    bytes = std::numeric_limits<std::uint64_t>::max();
  TRY(call.run.charge(bytes));
  for (std::uint64_t n = 0; n < count; ++n) {
    if (n > 0) out.push_back(' ');
    out.append(std::to_string(start));
    start = wrap_add(start, step);
    if (n % 4096 == 4095) TRY(call.run.step(4096));
  }
  return text(call, std::move(out));
}

Answer seq(Call& call) {
  const auto at = [&](std::size_t i) { return call.args[i].integer(); };
  switch (call.args.size()) {
    case 1: {
      const std::int64_t step = at(0) < 1 ? -1 : 1;
      return numbers_text(call, 1, wrap_add(at(0), step), step);
    }
    case 2: {
      const std::int64_t step = at(1) < at(0) ? -1 : 1;
      return numbers_text(call, at(0), wrap_add(at(1), step), step);
    }
    case 3: {
      const bool down = at(2) < at(0);
      if (down && at(1) > 0) return Value("");
      return numbers_text(call, at(0), wrap_add(at(2), down ? -1 : 1), at(1));
    }
    default:
      return Value("");
  }
}

Answer to_decimal(Call& call) {
  std::string printed;
  gotmpl::append_sprint(printed, call.args.subspan(0, 1), call.run.host());
  const ParsedInt parsed = parse_int(printed, 8);
  return Value(parsed.ok ? parsed.value : std::int64_t{0});
}

constexpr auto kNumbers = std::to_array<Function>({
    {"atoi", "string",
     [](Call& c) -> Answer { return go_int(parse_int(c.args[0].string(), 10).value); }},
    {"int64", "any", [](Call& c) -> Answer { return Value(whole(c, 0)); }},
    {"int", "any", [](Call& c) -> Answer { return go_int(whole(c, 0)); }},
    {"float64", "any", [](Call& c) -> Answer { return Value(real(c, 0)); }},
    {"toDecimal", "any", to_decimal},
    {"seq", "...int", seq},
    {"until", "int", until},
    {"untilStep", "int, int, int",
     [](Call& c) -> Answer {
       return until_step(c, c.args[0].integer(), c.args[1].integer(), c.args[2].integer());
     }},
    {"add1", "any", [](Call& c) -> Answer { return Value(wrap_add(whole(c, 0), 1)); }},
    {"add", "...any",
     [](Call& c) -> Answer {
       return c.args.empty() ? Answer(Value(std::int64_t{0})) : folded<wrap_add>(c);
     }},
    {"sub", "any, any",
     [](Call& c) -> Answer { return Value(wrap_sub(whole(c, 0), whole(c, 1))); }},
    {"div", "any, any", divide},
    {"mod", "any, any", modulo},
    {"mul", "any, ...any", folded<wrap_mul>},
    {"add1f", "any",
     [](Call& c) -> Answer {
       const Value one(1.0);
       return decimal_fold(real(c, 0), {&one, 1}, Decimal::add);
     }},
    {"addf", "...any", [](Call& c) { return decimal_fold(0, c.args, Decimal::add); }},
    {"subf", "any, ...any", decimals<Decimal::sub>},
    {"divf", "any, ...any", decimals<Decimal::div>},
    {"mulf", "any, ...any", decimals<Decimal::mul>},
    {"biggest", "any, ...any", folded<larger>},
    {"max", "any, ...any", folded<larger>},
    {"min", "any, ...any", folded<smaller>},
    {"maxf", "any, ...any", folded_real<max_float>},
    {"minf", "any, ...any", folded_real<min_float>},
    {"ceil", "any", [](Call& c) -> Answer { return Value(std::ceil(real(c, 0))); }},
    {"floor", "any", [](Call& c) -> Answer { return Value(std::floor(real(c, 0))); }},
    {"round", "any, int, ...float64", round},
});

}  // namespace

std::span<const Function> number_functions() { return kNumbers; }

}  // namespace tiphys::sprig
