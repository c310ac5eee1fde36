// Our side of `make fuzz-diff` (tests/oracle/helm/diff makes the cases and the other answers). Each
// line of stdin is {"kind", "text", "data"}; each answer a line {"out": base64} or {"error":
// base64}.
#include "helm/capabilities.hpp"
#include "helm/coalesce.hpp"
#include "helm/engine.hpp"
#include "helm/schema.hpp"
#include "helm/strvals.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/value/json.hpp"
#include "tiphys/value/yaml.hpp"

#include <array>
#include <iostream>
#include <string>
#include <utility>

namespace {

using tiphys::base::Result;
using tiphys::helm::Profile;
using tiphys::value::Numbers;
using tiphys::value::Value;

Result<Value> tree(const Value& text) {
  return tiphys::value::parse_json(text.text(), Numbers::float64);
}

/// One template beside a file of partials, with data as values: what the engine gives.
Result<std::string> render(const Value& request) {
  TRY_ASSIGN(const auto chart, tiphys::helm::load_files(
                                   {{"Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"},
                                    {"templates/_h.tpl", std::string(request["partials"].text())},
                                    {"templates/a.yaml", std::string(request["text"].text())}},
                                   Profile::v4_2));
  TRY_ASSIGN(const Value values, tree(request["data"]));
  const Value release = Value::object({{"Name", Value("r")}, {"Namespace", Value("n")}});
  const tiphys::helm::RenderScope scope{
      Profile::v4_2, release,
      capabilities_value(Profile::v4_2, tiphys::helm::default_kube_version(),
                         tiphys::helm::default_api_versions()),
      values};
  tiphys::helm::Environment environment = tiphys::helm::filled({});
  TRY_ASSIGN(const auto files, tiphys::helm::run_engine(*chart, scope, environment));
  return files.at("c/templates/a.yaml");
}

Result<std::string> from_yaml(const Value& request) {
  TRY_ASSIGN(const Value read,
             tiphys::value::parse_yaml(request["text"].text(), {.numbers = Numbers::float64}));
  return tiphys::value::write_json(read);
}

Result<std::string> to_yaml(const Value& request) {
  TRY_ASSIGN(const Value read, tree(request["text"]));
  return tiphys::value::to_yaml(read);
}

Result<std::string> json(const Value& request) {
  TRY_ASSIGN(const Value read, tree(request["text"]));
  return tiphys::value::write_json(read);
}

Result<std::string> strvals(const Value& request) {
  TRY_ASSIGN(Value into, tree(request["data"]));
  TRY(tiphys::helm::set_values(request["text"].text(), into, Profile::v4_2));
  return tiphys::value::write_json(into);
}

Result<std::string> schema(const Value& request) {
  TRY_ASSIGN(const Value values, tree(request["data"]));
  return tiphys::helm::schema_findings(values, std::string(request["text"].text()));
}

constexpr auto kKinds =
    std::to_array<std::pair<std::string_view, Result<std::string> (*)(const Value&)>>(
        {{"template", render},
         {"yaml", from_yaml},
         {"toyaml", to_yaml},
         {"json", json},
         {"strvals", strvals},
         {"schema", schema}});

std::string answer(const Value& request) {
  for (const auto& [kind, run] : kKinds) {
    if (request["kind"].text() != kind) continue;
    const Result<std::string> out = run(request);
    return out.ok() ? R"({"out":")" + tiphys::base::base64_encode(*out) + "\"}"
                    : R"({"error":")" + tiphys::base::base64_encode(out.error().text()) + "\"}";
  }
  return "{}";
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto request = tiphys::value::parse_json(line);
    if (!request.ok()) return 2;
    std::cout << answer(*request) << '\n' << std::flush;
  }
  return 0;
}
