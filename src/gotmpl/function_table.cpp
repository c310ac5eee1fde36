#include "gotmpl/builtins.hpp"

#include "tiphys/gotmpl/function.hpp"

#include <array>
#include <utility>

namespace tiphys::gotmpl {
namespace {

using Kind = Parameter::Kind;

struct Spelling {
  std::string_view written;
  Kind kind;
  std::string_view printed;
};

constexpr auto kSpellings = std::to_array<Spelling>({
    {"any", Kind::any, "interface {}"},
    {"interface {}", Kind::any, "interface {}"},
    {"string", Kind::string, "string"},
    {"bool", Kind::boolean, "bool"},
    {"int", Kind::integer, "int"},
    {"int64", Kind::int64, "int64"},
    {"float64", Kind::float64, "float64"},
    {"[]any", Kind::list, "[]interface {}"},
    {"[]interface {}", Kind::list, "[]interface {}"},
    {"[]string", Kind::strings, "[]string"},
    {"[]int", Kind::ints, "[]int"},
    {"[]uint8", Kind::bytes, "[]uint8"},
    {"map[string]any", Kind::map, "map[string]interface {}"},
    {"map[string]interface {}", Kind::map, "map[string]interface {}"},
    {"map[string]string", Kind::string_map, "map[string]string"},
    {"reflect.Value", Kind::reflect, "reflect.Value"},
});

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

Parameter parse_parameter(std::string_view text) {
  for (const Spelling& spelling : kSpellings) {
    if (spelling.written == text) return {spelling.kind, {}};
  }
  return {Kind::native, text};
}

}  // namespace

std::string_view Parameter::type_name() const {
  if (kind == Kind::native) return native;
  for (const Spelling& spelling : kSpellings) {
    if (spelling.kind == kind) return spelling.printed;
  }
  return "interface {}";
}

bool Parameter::nillable() const {
  switch (kind) {
    case Kind::any:
    case Kind::list:
    case Kind::strings:
    case Kind::ints:
    case Kind::bytes:
    case Kind::map:
    case Kind::string_map:
    case Kind::reflect:
      return true;
    case Kind::native:
      return native.starts_with('*');
    default:
      return false;
  }
}

BoundFunction BoundFunction::bind(const Function& row) {
  BoundFunction bound;
  bound.name = row.name;
  bound.body = row.body;
  std::string_view rest = trimmed(row.parameters);
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const std::string_view one = trimmed(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view() : trimmed(rest.substr(comma + 1));
    if (one.starts_with("...")) {
      bound.variadic = true;
      bound.rest = parse_parameter(one.substr(3));
    } else {
      bound.fixed.push_back(parse_parameter(one));
    }
  }
  return bound;
}

FunctionTable::FunctionTable() {
  for (const Builtin& builtin : builtins()) {
    BoundFunction bound = BoundFunction::bind({builtin.name, builtin.parameters, nullptr});
    bound.builtin = builtin.id;
    functions_.insert_or_assign(std::string(builtin.name),
                                std::make_shared<const BoundFunction>(std::move(bound)));
  }
}

void FunctionTable::add(std::span<const Function> rows) {
  for (const Function& row : rows) {
    functions_.insert_or_assign(std::string(row.name),
                                std::make_shared<const BoundFunction>(BoundFunction::bind(row)));
  }
}

void FunctionTable::remove(std::string_view name) {
  const auto it = functions_.find(name);
  if (it != functions_.end()) functions_.erase(it);
}

const BoundFunction* FunctionTable::find(std::string_view name) const {
  const auto it = functions_.find(name);
  return it == functions_.end() ? nullptr : it->second.get();
}

}  // namespace tiphys::gotmpl
