#pragma once

#include "tiphys/base/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::k8s {

/// A resource.Quantity: an exact decimal number and the form in which it is written.
class Quantity {
 public:
  /// resource.ParseQuantity. Errors: Invalid with its message.
  static base::Result<Quantity> parse(std::string_view text);

  /// The text that the API server stores: canonical ("0.5" -> "500m", "1024Mi" -> "1Gi"), though
  /// ParseQuantity keeps some others as they are ("2515.005k", "1E3").
  std::string text() const;
  /// By value, whatever the form: 1000m == 1, 1Ki > 1k.
  std::strong_ordering operator<=>(const Quantity& other) const;
  bool operator==(const Quantity& other) const { return (*this <=> other) == 0; }
  /// Value rounded up to a whole number, saturating.
  std::int64_t value() const;
  std::int64_t milli_value() const;

 private:
  enum class Format : unsigned char { decimal_si, decimal_exponent, binary_si };
  std::string digits_;  // decimal digits without leading or trailing zeros; "" is zero
  int exponent_ = 0;    // value = digits * 10^exponent
  bool negative_ = false;
  Format format_ = Format::decimal_si;
  std::string kept_;  // the text as given, where Kubernetes keeps it
};

/// Are both quantities, and equal by value? False when either can't be parsed.
bool same_quantity(std::string_view a, std::string_view b);

}  // namespace tiphys::k8s
