#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::api {

/// Reads the members of one map of a spec strictly: the first wrong type is remembered with the
/// field's full path, later reads give empty values. Null and absent are the same.
class FieldReader {
 public:
  /// `map` must outlive the reader. A map that isn't one is the first error.
  FieldReader(const value::Value& map, std::string path);

  std::string text(std::string_view name);
  bool boolean(std::string_view name, bool fallback = false);
  std::optional<std::int64_t> integer(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  std::map<std::string, std::string> text_map(std::string_view name);
  /// The member if it is a map or absent (null then).
  const value::Value& map(std::string_view name);
  /// The elements, each checked to be a map.
  const value::List& maps(std::string_view name);

  bool has(std::string_view name) const { return !map_[name].is_null(); }
  std::string path_of(std::string_view name) const;
  std::string path_of(std::string_view name, std::size_t index) const;
  /// Takes over the error of a nested read.
  void merge(const base::Status& status);
  base::Status status() const;

 private:
  const value::Value& expect(std::string_view name, value::Kind kind, std::string_view wanted);
  void wrong(std::string path, std::string_view wanted, const value::Value& got);

  const value::Value& map_;
  std::string path_;
  std::optional<base::Error> error_;
};

}  // namespace tiphys::api
