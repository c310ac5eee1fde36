#pragma once

#include "tiphys/value/value.hpp"

#include <complex>
#include <string_view>

namespace tiphys::gotmpl {

/// complex128, which only a template literal can make.
class ComplexNumber : public value::Native {
 public:
  explicit ComplexNumber(std::complex<double> number) : number_(number) {}
  std::string_view go_type() const override { return "complex128"; }
  std::complex<double> number() const { return number_; }

 private:
  std::complex<double> number_;
};

value::Value complex_value(std::complex<double> number);
/// Null when the value is something else.
const ComplexNumber* as_complex(const value::Value& value);

}  // namespace tiphys::gotmpl
