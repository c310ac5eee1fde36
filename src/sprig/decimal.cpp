#include "sprig/decimal.hpp"

#include <openssl/bn.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <new>
#include <string>
#include <utility>

namespace tiphys::sprig {
namespace {

/// A chain of mulf would otherwise make numbers of any length.
constexpr std::int64_t kMostDigits = 20'000;

struct FreeContext {
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
BN_CTX* context() {
  thread_local const std::unique_ptr<BN_CTX, FreeContext> kContext(BN_CTX_new());
  return kContext.get();
}

void check(bool done) {
  // The bignum functions used here fail for want of memory only.
  if (!done) throw std::bad_alloc();
}

base::Error too_long() {
  return {base::Code::ResourceExhausted,
          "decimal number exceeds the limit of " + std::to_string(kMostDigits) + " digits"};
}

bool long_shift(std::int64_t shift) { return shift > kMostDigits || shift < -kMostDigits; }

}  // namespace

void Decimal::Free::operator()(bignum_st* number) const { BN_free(number); }

Decimal::Decimal(Big digits, std::int64_t exponent)
    : digits_(std::move(digits)), exponent_(exponent) {}

base::Result<Decimal> Decimal::from_float(double number) {
  if (std::isnan(number) || std::isinf(number)) {
    const std::string name = std::isnan(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
    return base::Error(base::Code::Invalid, "Cannot create a Decimal from " + name);
  }
  char buffer[64];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific).ptr;
  std::string digits;
  const char* at = buffer;
  std::int64_t fraction = 0;
  bool point = false;
  for (; at != end && *at != 'e'; ++at) {
    if (*at == '.') {
      point = true;
      continue;
    }
    digits.push_back(*at);
    if (point) ++fraction;
  }
  int exponent = 0;
  if (at != end) {
    ++at;
    if (*at == '+') ++at;
    std::from_chars(at, end, exponent);
  }
  BIGNUM* parsed = nullptr;
  check(BN_dec2bn(&parsed, digits.c_str()) > 0);
  return Decimal(Big(parsed), number == 0 ? 0 : exponent - fraction);
}

Decimal::Big Decimal::power_of_ten(std::int64_t exponent) {
  Big power(BN_new());
  const Big ten(BN_new());
  const Big count(BN_new());
  check(power && ten && count && BN_set_word(ten.get(), 10) == 1 &&
        BN_set_word(count.get(), static_cast<BN_ULONG>(exponent)) == 1 &&
        BN_exp(power.get(), ten.get(), count.get(), context()) == 1);
  return power;
}

Decimal::Big Decimal::scaled(const Decimal& a, std::int64_t exponent) {
  Big out(BN_new());
  const Big power = power_of_ten(a.exponent_ - exponent);
  check(out && BN_mul(out.get(), a.digits_.get(), power.get(), context()) == 1);
  return out;
}

base::Result<Decimal> Decimal::sum(const Decimal& a, const Decimal& b, int sign) {
  const std::int64_t exponent = std::min(a.exponent_, b.exponent_);
  if (long_shift(a.exponent_ - exponent) || long_shift(b.exponent_ - exponent)) return too_long();
  const Big left = scaled(a, exponent);
  const Big right = scaled(b, exponent);
  Big out(BN_new());
  check(out && (sign > 0 ? BN_add(out.get(), left.get(), right.get())
                         : BN_sub(out.get(), left.get(), right.get())) == 1);
  return Decimal(std::move(out), exponent);
}

base::Result<Decimal> Decimal::add(const Decimal& a, const Decimal& b) { return sum(a, b, 1); }
base::Result<Decimal> Decimal::sub(const Decimal& a, const Decimal& b) { return sum(a, b, -1); }

base::Result<Decimal> Decimal::mul(const Decimal& a, const Decimal& b) {
  if (BN_num_bits(a.digits_.get()) + BN_num_bits(b.digits_.get()) > 3 * kMostDigits)
    return too_long();
  Big out(BN_new());
  check(out && BN_mul(out.get(), a.digits_.get(), b.digits_.get(), context()) == 1);
  return Decimal(std::move(out), a.exponent_ + b.exponent_);
}

base::Result<Decimal> Decimal::div(const Decimal& a, const Decimal& b) {
  constexpr std::int64_t kPrecision = 16;
  if (BN_is_zero(b.digits_.get())) return base::Error(base::Code::Invalid, "decimal division by 0");
  const std::int64_t shift = a.exponent_ - b.exponent_ + kPrecision;
  if (long_shift(shift)) return too_long();
  const Big top(BN_dup(a.digits_.get()));
  const Big bottom(BN_dup(b.digits_.get()));
  const Big power = power_of_ten(std::abs(shift));
  const Big& grown = shift < 0 ? bottom : top;
  check(top && bottom && BN_mul(grown.get(), grown.get(), power.get(), context()) == 1);
  Big quotient(BN_new());
  const Big rest(BN_new());
  check(quotient && rest &&
        BN_div(quotient.get(), rest.get(), top.get(), bottom.get(), context()) == 1);
  const bool negative = BN_is_negative(a.digits_.get()) != BN_is_negative(b.digits_.get());
  check(BN_lshift1(rest.get(), rest.get()) == 1);
  if (BN_ucmp(rest.get(), bottom.get()) >= 0)
    check((negative ? BN_sub_word(quotient.get(), 1) : BN_add_word(quotient.get(), 1)) == 1);
  return Decimal(std::move(quotient), -kPrecision);
}

base::Result<double> Decimal::to_float() const {
  char* digits = BN_bn2dec(digits_.get());
  check(digits != nullptr);
  const std::string text = std::string(digits) + "e" + std::to_string(exponent_);
  OPENSSL_free(digits);
  double number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec == std::errc::result_out_of_range) {
    const bool tiny = exponent_ + static_cast<std::int64_t>(text.find('e')) < 0;
    number = tiny ? 0.0 : HUGE_VAL;
    if (text.starts_with('-')) number = -number;
  }
  return number;
}

}  // namespace tiphys::sprig
