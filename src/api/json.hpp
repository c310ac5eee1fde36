#pragma once

#include "tiphys/api/operation.hpp"
#include "tiphys/base/clock.hpp"
#include "tiphys/value/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Go's omitempty as functions: a member that is empty isn't written.
namespace tiphys::api {

void put(value::Map& map, std::string_view key, const std::string& text);
void put(value::Map& map, std::string_view key, bool flag);
void put(value::Map& map, std::string_view key, std::int64_t number);
void put(value::Map& map, std::string_view key, const std::vector<std::string>& texts);
void put(value::Map& map, std::string_view key, const std::optional<Time>& time);
/// A list of trees, left out when empty.
void put(value::Map& map, std::string_view key, const std::vector<value::Value>& items);

value::Value texts_value(const std::vector<std::string>& texts);
std::vector<std::string> read_texts(const value::Value& list);
std::string read_text(const value::Value& text);
std::optional<Time> read_time(const value::Value& text);

/// The source, or the empty one of a Go struct ({"repoURL": ""}) for null.
value::Value source_or_empty(const value::Value& source);
value::Value initiator_value(const Initiator& initiator);
Initiator read_initiator(const value::Value& initiator);

}  // namespace tiphys::api
