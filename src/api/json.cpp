#include "api/json.hpp"

namespace tiphys::api {

using value::Map;
using value::Value;

void put(Map& map, std::string_view key, const std::string& text) {
  if (!text.empty()) map.set(key, Value(text));
}

void put(Map& map, std::string_view key, bool flag) {
  if (flag) map.set(key, Value(true));
}

void put(Map& map, std::string_view key, std::int64_t number) {
  if (number != 0) map.set(key, Value(number));
}

void put(Map& map, std::string_view key, const std::vector<std::string>& texts) {
  if (!texts.empty()) map.set(key, texts_value(texts));
}

void put(Map& map, std::string_view key, const std::optional<Time>& time) {
  if (time) map.set(key, Value(base::format_rfc3339(*time)));
}

void put(Map& map, std::string_view key, const std::vector<Value>& items) {
  if (!items.empty()) map.set(key, Value(value::List(items.begin(), items.end())));
}

Value texts_value(const std::vector<std::string>& texts) {
  value::List out;
  out.reserve(texts.size());
  for (const std::string& text : texts) out.emplace_back(text);
  return out;
}

std::vector<std::string> read_texts(const Value& list) {
  std::vector<std::string> out;
  for (const Value& item : list.items())
    if (item.is_string()) out.emplace_back(item.text());
  return out;
}

std::string read_text(const Value& text) { return std::string(text.text()); }

std::optional<Time> read_time(const Value& text) { return base::parse_rfc3339(text.text()); }

Value source_or_empty(const Value& source) {
  return source.is_map() ? source : Value::object({{"repoURL", Value("")}});
}

Value initiator_value(const Initiator& initiator) {
  Map out;
  put(out, "automated", initiator.automated);
  put(out, "username", initiator.username);
  return out;
}

Initiator read_initiator(const Value& initiator) {
  return {.username = read_text(initiator["username"]),
          .automated = initiator["automated"].boolean_or(false)};
}

}  // namespace tiphys::api
