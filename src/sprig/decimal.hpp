#pragma once

#include "tiphys/base/result.hpp"

#include <cstdint>
#include <memory>

struct bignum_st;

namespace tiphys::sprig {

/// shopspring/decimal as Sprig uses it for addf, subf, mulf and divf: a big integer times a power
/// of ten, made from a float's shortest digits.
class Decimal {
 public:
  /// Errors: Go's panic text for NaN and infinities.
  static base::Result<Decimal> from_float(double number);

  static base::Result<Decimal> add(const Decimal& a, const Decimal& b);
  static base::Result<Decimal> sub(const Decimal& a, const Decimal& b);
  static base::Result<Decimal> mul(const Decimal& a, const Decimal& b);
  /// 16 digits after the point, half away from zero. Errors: "decimal division by 0".
  static base::Result<Decimal> div(const Decimal& a, const Decimal& b);

  /// The nearest float64.
  base::Result<double> to_float() const;

 private:
  struct Free {
    void operator()(bignum_st* number) const;
  };
  using Big = std::unique_ptr<bignum_st, Free>;
  Decimal(Big digits, std::int64_t exponent);
  static base::Result<Decimal> sum(const Decimal& a, const Decimal& b, int sign);
  static Big scaled(const Decimal& a, std::int64_t exponent);
  static Big power_of_ten(std::int64_t exponent);

  Big digits_;
  std::int64_t exponent_ = 0;
};

}  // namespace tiphys::sprig
