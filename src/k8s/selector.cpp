#include "tiphys/k8s/selector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <tuple>

namespace tiphys::k8s {

namespace {

using base::Code;
using base::Error;
using base::Result;
using Op = Selector::Op;
using Requirement = Selector::Requirement;

bool name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

bool alphanumeric(char c) { return name_char(c) && c != '-' && c != '_' && c != '.'; }

bool valid_name(std::string_view name) {
  return !name.empty() && name.size() <= 63 && std::all_of(name.begin(), name.end(), name_char) &&
         alphanumeric(name.front()) && alphanumeric(name.back());
}

bool valid_key(std::string_view key) {
  const std::size_t slash = key.find('/');
  if (slash == std::string_view::npos) return valid_name(key);
  const std::string_view prefix = key.substr(0, slash);
  const auto dns = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !prefix.empty() && prefix.size() <= 253 &&
         std::all_of(prefix.begin(), prefix.end(), dns) && valid_name(key.substr(slash + 1));
}

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
    return std::nullopt;
  return number;
}

Result<Requirement> checked(Requirement requirement) {
  const auto invalid = [&requirement](std::string_view what) {
    return Error(Code::Invalid, fmt::format("label selector: key {}: {}", requirement.key, what));
  };
  if (!valid_key(requirement.key)) return invalid("not a valid label key");
  for (const std::string& value : requirement.values) {
    if (requirement.op == Op::gt || requirement.op == Op::lt) {
      if (!integer(value)) return invalid(fmt::format("{} is not an integer", value));
    } else if (!value.empty() && !valid_name(value)) {
      return invalid(fmt::format("{} is not a valid label value", value));
    }
  }
  std::sort(requirement.values.begin(), requirement.values.end());
  const auto twins = std::unique(requirement.values.begin(), requirement.values.end());
  requirement.values.erase(twins, requirement.values.end());
  return requirement;
}

void sort_by_key(std::vector<Requirement>& requirements) {
  std::sort(requirements.begin(), requirements.end(),
            [](const Requirement& a, const Requirement& b) {
              return std::tie(a.key, a.op, a.values) < std::tie(b.key, b.op, b.values);
            });
}

/// labels.Parse: a comma list of requirements.
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  Result<std::vector<Requirement>> all() {
    std::vector<Requirement> requirements;
    skip_blanks();
    while (!rest_.empty()) {
      TRY_ASSIGN(Requirement one, requirement());
      TRY_ASSIGN(one, checked(std::move(one)));
      requirements.push_back(std::move(one));
      skip_blanks();
      if (rest_.empty()) break;
      if (!take(",")) return unexpected("','");
      skip_blanks();
      if (rest_.empty()) return unexpected("a label key");
    }
    return requirements;
  }

 private:
  Error unexpected(std::string_view wanted) const {
    return {Code::Invalid, fmt::format("label selector: found '{}', expected {}", rest_, wanted)};
  }
  void skip_blanks() {
    while (!rest_.empty() && std::string_view(" \t\r\n").find(rest_[0]) != std::string_view::npos)
      rest_.remove_prefix(1);
  }
  bool take(std::string_view token) {
    skip_blanks();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  std::string word() {
    skip_blanks();
    std::size_t size = 0;
    while (size < rest_.size() && (name_char(rest_[size]) || rest_[size] == '/')) ++size;
    std::string out(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return out;
  }

  Result<Requirement> requirement() {
    Requirement out;
    const bool absent = take("!");
    out.key = word();
    if (out.key.empty()) return unexpected("a label key");
    if (absent) {
      out.op = Op::not_exists;
      return out;
    }
    struct Sign {
      std::string_view token;
      Op op;
    };
    static constexpr std::array<Sign, 5> kSigns = {{{"==", Op::double_equals},
                                                    {"=", Op::equals},
                                                    {"!=", Op::not_equals},
                                                    {">", Op::gt},
                                                    {"<", Op::lt}}};
    for (const Sign& sign : kSigns) {
      if (!take(sign.token)) continue;
      out.op = sign.op;
      out.values.push_back(word());
      return out;
    }
    const std::string_view before = rest_;
    const std::string name = word();
    if (name.empty()) return out;
    if (name != "in" && name != "notin") {
      rest_ = before;
      return unexpected("an operator");
    }
    out.op = name == "in" ? Op::in : Op::not_in;
    TRY(value_list(out.values));
    return out;
  }

  base::Status value_list(std::vector<std::string>& values) {
    if (!take("(")) return unexpected("'('");
    do {
      values.push_back(word());
    } while (take(","));
    if (!take(")")) return unexpected("',' or ')'");
    return {};
  }

  std::string_view rest_;
};

bool holds(const Requirement& requirement, const value::Value& labels) {
  const value::Value& found = labels[requirement.key];
  const bool present = found.is_string();
  const auto has = [&] {
    return std::binary_search(requirement.values.begin(), requirement.values.end(), found.text());
  };
  switch (requirement.op) {
    case Op::in:
    case Op::equals:
    case Op::double_equals:
      return present && has();
    case Op::not_in:
    case Op::not_equals:
      return !present || !has();
    case Op::exists:
      return present;
    case Op::not_exists:
      return !present;
    case Op::gt:
    case Op::lt: {
      const auto label = integer(found.text());
      const auto bound = integer(requirement.values.front());
      if (!present || !label || !bound) return false;
      return requirement.op == Op::gt ? *label > *bound : *label < *bound;
    }
  }
  return false;
}

}  // namespace

Result<Selector> Selector::parse(std::string_view text) {
  Selector selector;
  TRY_ASSIGN(selector.requirements_, Parser(text).all());
  sort_by_key(selector.requirements_);
  return selector;
}

Result<Selector> Selector::from(const value::Value& label_selector) {
  Selector selector;
  selector.nothing_ = label_selector.is_null();
  for (const auto& [key, value] : label_selector["matchLabels"].entries()) {
    TRY_ASSIGN(Requirement one,
               checked({.key = key, .op = Op::in, .values = {std::string(value.text())}}));
    selector.requirements_.push_back(std::move(one));
  }
  struct Name {
    std::string_view name;
    Op op;
  };
  static constexpr std::array<Name, 4> kNames = {{{"In", Op::in},
                                                  {"NotIn", Op::not_in},
                                                  {"Exists", Op::exists},
                                                  {"DoesNotExist", Op::not_exists}}};
  for (const value::Value& expression : label_selector["matchExpressions"].items()) {
    Requirement one{.key = std::string(expression["key"].text()), .op = Op::exists, .values = {}};
    const std::string_view op = expression["operator"].text();
    const auto* const found =
        std::find_if(kNames.begin(), kNames.end(), [op](const Name& n) { return n.name == op; });
    if (found == kNames.end())
      return Error(Code::Invalid, fmt::format("\"{}\" is not a valid label selector operator", op));
    one.op = found->op;
    for (const value::Value& item : expression["values"].items())
      one.values.emplace_back(item.text());
    const bool set = one.op == Op::in || one.op == Op::not_in;
    if (set == one.values.empty())
      return Error(Code::Invalid, fmt::format("label selector: key {}: operator {} {}", one.key, op,
                                              set ? "needs values" : "takes no values"));
    TRY_ASSIGN(one, checked(std::move(one)));
    selector.requirements_.push_back(std::move(one));
  }
  sort_by_key(selector.requirements_);
  return selector;
}

bool Selector::matches(const value::Value& labels) const {
  return !nothing_ && std::all_of(requirements_.begin(), requirements_.end(),
                                  [&labels](const Requirement& r) { return holds(r, labels); });
}

std::string Selector::text() const {
  std::string out;
  for (const Requirement& r : requirements_) {
    if (!out.empty()) out += ',';
    const std::string joined = fmt::format("{}", fmt::join(r.values, ","));
    switch (r.op) {
      case Op::in:
        out += fmt::format("{} in ({})", r.key, joined);
        break;
      case Op::not_in:
        out += fmt::format("{} notin ({})", r.key, joined);
        break;
      case Op::equals:
        out += r.key + "=" + joined;
        break;
      case Op::double_equals:
        out += r.key + "==" + joined;
        break;
      case Op::not_equals:
        out += r.key + "!=" + joined;
        break;
      case Op::exists:
        out += r.key;
        break;
      case Op::not_exists:
        out += "!" + r.key;
        break;
      case Op::gt:
        out += r.key + ">" + joined;
        break;
      case Op::lt:
        out += r.key + "<" + joined;
        break;
    }
  }
  return out;
}

}  // namespace tiphys::k8s
