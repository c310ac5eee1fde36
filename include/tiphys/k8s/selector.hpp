#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::k8s {

/// A label selector: all requirements must hold. An empty one selects everything.
class Selector {
 public:
  /// labels.Parse: "a=b,c!=d,e in (x,y),f notin (z),g,!h,i>1". Errors: Invalid.
  static base::Result<Selector> parse(std::string_view text);
  /// A metav1.LabelSelector tree: matchLabels and matchExpressions. null selects nothing, {}
  /// everything. Errors: Invalid naming the operator or the key.
  static base::Result<Selector> from(const value::Value& label_selector);

  /// labels is metadata.labels (a map of strings; anything else counts as no labels).
  bool matches(const value::Value& labels) const;
  bool selects_all() const { return !nothing_ && requirements_.empty(); }
  /// As labels.Selector.String writes it: for the labelSelector query parameter.
  std::string text() const;

  enum class Op : unsigned char {
    in,
    not_in,
    equals,
    double_equals,
    not_equals,
    exists,
    not_exists,
    gt,
    lt
  };
  struct Requirement {
    std::string key;
    Op op = Op::exists;
    std::vector<std::string> values;  // sorted
  };

 private:
  std::vector<Requirement> requirements_;  // sorted by key
  bool nothing_ = false;
};

}  // namespace tiphys::k8s
