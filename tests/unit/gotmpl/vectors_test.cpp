// Replays what Go's text/template printed (recorded by tests/oracle/gotmpl).
#include "unit/gotmpl/test_functions.hpp"

#include "tiphys/gotmpl/template.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

namespace tiphys::gotmpl {
namespace {

using Json = nlohmann::json;
using value::GoType;
using value::Value;

std::string from_hex(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return out;
}

std::string text_of(const Json& j) {
  return j.is_string() ? j.get<std::string>() : from_hex(j.at("x").get<std::string>());
}

double float_of(const std::string& text) {
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  return std::strtod(text.c_str(), nullptr);
}

Value decode(const Json& j);

Value decode_map(const Json& pairs) {
  value::Map map;
  for (const Json& pair : pairs) map.set(text_of(pair.at(0)), decode(pair.at(1)));
  return Value(std::move(map));
}

Value decode_list(const Json& items) {
  value::List list;
  for (const Json& item : items) list.push_back(decode(item));
  return Value(std::move(list));
}

Value decode_string_map(const Json& j) {
  value::Map map;
  for (const auto& [key, item] : j.items()) map.set(key, Value(item.get<std::string>()));
  return Value(std::move(map)).as(GoType::string_map);
}

Value decode_ints(const Json& j) {
  value::List list;
  for (const Json& item : j) list.push_back(Value(item.get<std::int64_t>()).as(GoType::i));
  return Value(std::move(list)).as(GoType::ints);
}

Value decode_number(const std::string& tag, const std::string& text) {
  constexpr auto kTags = std::to_array<std::pair<std::string_view, GoType>>({
      {"i", GoType::i},
      {"i8", GoType::i8},
      {"i16", GoType::i16},
      {"i32", GoType::i32},
      {"i64", GoType::natural},
      {"u", GoType::u},
      {"u8", GoType::u8},
      {"u16", GoType::u16},
      {"u32", GoType::u32},
      {"u64", GoType::u64},
  });
  for (const auto& [name, type] : kTags) {
    if (name != tag) continue;
    const std::int64_t number =
        text[0] == '-' ? std::stoll(text) : static_cast<std::int64_t>(std::stoull(text));
    return Value(number).as(type);
  }
  throw std::runtime_error("unknown tag " + tag);
}

Value decode(const Json& j) {
  if (j.is_null()) return {};
  if (j.is_boolean()) return Value(j.get<bool>());
  if (j.is_string()) return Value(j.get<std::string>());
  const std::string tag = j.begin().key();
  const Json& body = j.begin().value();
  if (tag == "x") return Value(text_of(j));
  if (tag == "f") return Value(float_of(body.get<std::string>()));
  if (tag == "f32") return Value(float_of(body.get<std::string>())).as(GoType::f32);
  if (tag == "b") return Value(from_hex(body.get<std::string>())).as(GoType::bytes);
  if (tag == "l") return decode_list(body);
  if (tag == "m") return decode_map(body);
  if (tag == "named") return decode_map(body).as(GoType::named);
  if (tag == "sm") return decode_string_map(body);
  if (tag == "ss") return decode_list(body).as(GoType::strings);
  if (tag == "is") return decode_ints(body);
  if (tag == "nl") return Value(value::List()).as(GoType::nil_list);
  if (tag == "nss") return Value(value::List()).as(GoType::nil_strings);
  return decode_number(tag, body.get<std::string>());
}

/// The oracle's named map type.
class OracleHost : public Host {
 public:
  std::string_view named_type(const Value&) const override { return "main.Values"; }
  const Function* named_method(const Value&, std::string_view name) const override {
    static constexpr Function kAsMap{"AsMap", "", [](Call& call) -> base::Result<Value> {
                                       return call.args[0].as(GoType::natural);
                                     }};
    return name == "AsMap" ? &kAsMap : nullptr;
  }
};

MissingKey missing_key(const Json& line) {
  const std::string option = line.value("k", "default");
  if (option == "zero") return MissingKey::zero;
  return option == "error" ? MissingKey::error : MissingKey::invalid;
}

std::string replay(const Json& line, const Value& data,
                   const std::shared_ptr<const FunctionTable>& functions) {
  TemplateSet set(functions);
  set.set_root_name("root");
  if (line.contains("m")) {
    for (std::size_t i = 0; i < line["m"].size(); ++i) {
      const auto parsed = set.parse("more" + std::to_string(i), line["m"][i].get<std::string>());
      if (!parsed.ok()) return "error: " + parsed.error().text();
    }
  }
  const std::string name = line.contains("n") ? text_of(line["n"]) : "t";
  const auto parsed = set.parse(name, text_of(line["t"]));
  if (!parsed.ok()) return "error: " + parsed.error().text();
  OracleHost host;
  Run run({}, missing_key(line), &host);
  std::string out;
  const auto status = run.execute(set, name, data, out);
  return status.ok() ? out : "error: " + status.error().text();
}

class Vectors : public ::testing::TestWithParam<const char*> {};

TEST_P(Vectors, PrintWhatGoPrints) {
  const auto path = std::filesystem::path(TIPHYS_SOURCE_DIR) / "tests/vectors/gotmpl" /
                    (std::string(GetParam()) + ".jsonl");
  std::ifstream file(path);
  ASSERT_TRUE(file.good()) << path;
  const auto functions = testing::test_functions();
  std::string text;
  ASSERT_TRUE(std::getline(file, text));
  const Value sample = decode(Json::parse(text).at("sample"));
  std::size_t cases = 0;
  std::size_t different = 0;
  while (std::getline(file, text)) {
    const Json line = Json::parse(text);
    const Value data = line.contains("d")   ? decode(line["d"])
                       : line.contains("s") ? sample
                                            : Value();
    const std::string want =
        line.contains("e") ? "error: " + text_of(line["e"]) : text_of(line["o"]);
    const std::string got = replay(line, data, functions);
    ++cases;
    if (got == want) continue;
    if (++different <= 40) {
      ADD_FAILURE() << "line " << cases + 1 << ": " << text_of(line["t"]) << "\n  want " << want
                    << "\n  got  " << got;
    }
  }
  EXPECT_GT(cases, 50U);
  EXPECT_EQ(different, 0U) << "of " << cases;
}

INSTANTIATE_TEST_SUITE_P(Go, Vectors,
                         ::testing::Values("actions", "builtins", "calls", "comparisons", "control",
                                           "definitions", "fields", "lexing", "literals", "missing",
                                           "parsing", "printf", "printing", "variables"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace tiphys::gotmpl
