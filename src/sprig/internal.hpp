#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/gotmpl/function.hpp"
#include "tiphys/gotmpl/run.hpp"
#include "tiphys/sprig/host.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::sprig {

using gotmpl::Call;
using gotmpl::Function;
using value::GoType;
using value::Value;
using Answer = base::Result<Value>;

/// What Go returns as an error or panics with: the text after "error calling NAME: ".
inline base::Error failure(std::string text) { return {base::Code::Invalid, std::move(text)}; }
inline base::Error nil_dereference() {
  return failure("runtime error: invalid memory address or nil pointer dereference");
}

/// A string that this call made, accounted for.
inline Answer text(Call& call, std::string made) {
  TRY(call.run.charge(made.size()));
  return Value(std::move(made));
}
/// A Go int.
inline Value go_int(std::int64_t number) { return Value(number).as(GoType::i); }
/// []string.
Value string_list(std::vector<std::string> strings);
Answer list_of(Call& call, value::List items);

inline Host& host(Call& call) { return call.run.host_as<Host>(); }
/// Asks the host's Entropy under this call's question.
Answer ask(Call& call, const Entropy::Make& make);

/// sprig's strval: the string, an error's or Stringer's text, else %v.
std::string strval(const Value& value, const gotmpl::Host* host);
void append_strval(std::string& out, const Value& value, const gotmpl::Host* host);
/// sprig's strslice: what join, toStrings and sortAlpha make of a value.
std::vector<std::string> strslice(const Value& value, const gotmpl::Host* host);
/// sprig's empty: nil, false, zero numbers, "", empty lists and maps.
bool is_empty(const Value& value);
/// reflect.DeepEqual: types count, int 1 isn't float64 1. Errors: ResourceExhausted for trees
/// deeper than kMostDepth.
base::Result<bool> deep_equal(const Value& a, const Value& b);
inline constexpr int kMostDepth = 1000;
base::Error too_deep();
/// An element of a list as Interface() gives it: elements of []int are int, of []string string.
Value element(const Value& list, std::size_t index);
/// reflect.Kind of list arguments: slices and arrays, []byte and native slices included.
bool is_slice(const Value& value);
/// The list behind any slice (bytes become uint8 numbers); the value itself for lists.
Value as_list(const Value& value);

/// spf13/cast: never fails, 0 for what can't be converted.
std::int64_t to_int64(const Value& value);
double to_float64(const Value& value);
/// int64(f) as amd64 does it: out of range is INT64_MIN.
std::int64_t truncate(double number);

/// strconv.ParseInt. `clamped` is what Go returns beside a range error.
struct ParsedInt {
  std::int64_t value = 0;
  bool ok = false;
};
ParsedInt parse_int(std::string_view text, int base);
/// strconv.ParseFloat; nothing on any error.
bool parse_float(std::string_view text, double& number);

// Families: tables of rows, one a file.
std::span<const Function> string_functions();
std::span<const Function> number_functions();
std::span<const Function> list_functions();
std::span<const Function> dict_functions();
std::span<const Function> default_functions();
std::span<const Function> reflect_functions();
std::span<const Function> date_functions();
std::span<const Function> digest_functions();
std::span<const Function> random_functions();
std::span<const Function> certificate_functions();
std::span<const Function> cipher_functions();
std::span<const Function> regex_functions();
std::span<const Function> semver_functions();
std::span<const Function> path_functions();
std::span<const Function> url_functions();
std::span<const Function> format_functions();
std::span<const Function> flow_functions();

}  // namespace tiphys::sprig
