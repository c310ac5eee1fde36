#include "api/field.hpp"

#include <fmt/format.h>

namespace tiphys::api {

using value::Kind;
using value::Value;

namespace {

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "a boolean";
    case Kind::integer:
    case Kind::floating:
      return "a number";
    case Kind::string:
      return "a string";
    case Kind::list:
      return "a list";
    case Kind::map:
      return "a map";
    case Kind::native:
      return "an object";
  }
  return "an object";
}

const Value kNull;

}  // namespace

FieldReader::FieldReader(const Value& map, std::string path) : map_(map), path_(std::move(path)) {
  if (!map.is_map() && !map.is_null()) wrong(path_, "a map", map);
}

std::string FieldReader::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

std::string FieldReader::path_of(std::string_view name, std::size_t index) const {
  return fmt::format("{}[{}]", path_of(name), index);
}

void FieldReader::wrong(std::string path, std::string_view wanted, const Value& got) {
  if (!error_)
    error_ = base::Error(base::Code::Invalid,
                         fmt::format("{}: expected {}, not {}", path, wanted, name_of(got.kind())));
}

const Value& FieldReader::expect(std::string_view name, Kind kind, std::string_view wanted) {
  const Value& member = map_[name];
  if (member.is_null() || member.kind() == kind) return member;
  wrong(path_of(name), wanted, member);
  return kNull;
}

std::string FieldReader::text(std::string_view name) {
  return std::string(expect(name, Kind::string, "a string").text());
}

bool FieldReader::boolean(std::string_view name, bool fallback) {
  return expect(name, Kind::boolean, "a boolean").boolean_or(fallback);
}

std::optional<std::int64_t> FieldReader::integer(std::string_view name) {
  const Value& member = map_[name];
  if (member.is_null()) return std::nullopt;
  if (member.is_int()) return member.integer();
  wrong(path_of(name), "a whole number", member);
  return std::nullopt;
}

std::vector<std::string> FieldReader::texts(std::string_view name) {
  std::vector<std::string> out;
  const value::List& items = expect(name, Kind::list, "a list").items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].is_string()) wrong(path_of(name, i), "a string", items[i]);
    out.emplace_back(items[i].text());
  }
  return out;
}

std::map<std::string, std::string> FieldReader::text_map(std::string_view name) {
  std::map<std::string, std::string> out;
  for (const auto& [key, item] : expect(name, Kind::map, "a map").entries()) {
    if (!item.is_string()) wrong(fmt::format("{}.{}", path_of(name), key), "a string", item);
    out.emplace(key, item.text());
  }
  return out;
}

const Value& FieldReader::map(std::string_view name) { return expect(name, Kind::map, "a map"); }

const value::List& FieldReader::maps(std::string_view name) {
  const value::List& items = expect(name, Kind::list, "a list").items();
  for (std::size_t i = 0; i < items.size(); ++i)
    if (!items[i].is_map()) wrong(path_of(name, i), "a map", items[i]);
  return items;
}

void FieldReader::merge(const base::Status& status) {
  if (!status.ok() && !error_) error_ = status.error();
}

base::Status FieldReader::status() const {
  if (error_) return *error_;
  return {};
}

}  // namespace tiphys::api
