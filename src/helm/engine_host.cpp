#include "helm/engine_host.hpp"

#include "helm/coalesce.hpp"
#include "helm/text.hpp"
#include "helm/values.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/sprig/functions.hpp"
#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>

#include <array>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using gotmpl::Call;
using gotmpl::Function;
using value::GoType;
using value::Map;
using value::Value;

namespace {

constexpr int kMaxNesting = 1000;
constexpr std::string_view kRoot = "gotpl";
constexpr std::string_view kNoValue = "<no value>";

Result<Value> include(Call& call) {
  auto& host = call.run.host_as<EngineHost>();
  const std::string name(call.args[0].string());
  int& nesting = host.nesting(name);
  if (nesting > kMaxNesting)
    return Error(Code::Invalid,
                 fmt::format("rendering template has a nested reference name: {}: unable to "
                             "execute template",
                             name));
  ++nesting;
  std::string out;
  auto status = call.run.execute(call.templates, name, call.args[1], out);
  --nesting;
  if (!status.ok()) return std::move(status).error();
  return Value(std::move(out));
}

Error tpl_failed(std::string_view text, const Error& error) {
  return {error.code(), fmt::format("error during tpl function execution for {}: {}",
                                    gotmpl::quote(text), error.text())};
}

/// Go makes a new template for the text, and a body of blanks alone doesn't become the root's.
Result<Value> tpl(Call& call) {
  auto& host = call.run.host_as<EngineHost>();
  const std::string text(call.args[0].string());
  if (!text.contains("{{")) {
    std::string out = text;
    erase_no_value(out);
    return Value(std::move(out));
  }
  auto file = host.parsed(kRoot, text, call.templates.functions());
  if (!file.ok())
    return Error(file.error().code(), fmt::format("cannot parse template {}: {}",
                                                  gotmpl::quote(text), file.error().text()));
  gotmpl::TemplateSet templates(call.templates);
  const gotmpl::Program* outer = templates.lookup(kRoot);
  templates.add(*file);
  std::string_view name = kRoot;
  if (outer != nullptr && templates.lookup(kRoot) == outer) {
    name = "gotpl blank";
    TRY_ASSIGN(auto blank, host.parsed(name, text, call.templates.functions()));
    templates.add(std::move(blank));
  }
  std::string out;
  auto status = call.run.execute(templates, name, call.args[1], out);
  if (!status.ok()) return tpl_failed(text, status.error());
  erase_no_value(out);
  return Value(std::move(out));
}

Result<Value> lookup(Call& call) {
  Lookup* cluster = call.run.host_as<EngineHost>().lookup();
  if (cluster == nullptr) return Value(Map());
  const sprig::Question question{call.function, call.args, call.template_name,
                                 call.run.next_ordinal(call)};
  return call.run.host_as<EngineHost>().entropy().answer(question, [&](sprig::Source&) {
    return cluster->lookup(call.args[0].string(), call.args[1].string(), call.args[2].string(),
                           call.args[3].string());
  });
}

constexpr std::array<Function, 3> kFunctions = {{
    {"include", "string, any", include},
    {"tpl", "string, any", tpl},
    {kLookupFunction, "string, string, string, string", lookup},
}};

Result<Value> as_map(Call& call) { return call.args[0].as(GoType::natural); }

Result<Value> yaml(Call& call) {
  TRY_ASSIGN(std::string text, value::to_yaml(call.args[0]));
  TRY(call.run.charge(text.size()));
  return Value(std::move(text));
}

Result<Value> table(Call& call) {
  const Value* at = call.args.data();
  const Value* found = at;
  for (std::string_view const part : split(call.args[1].string(), '.')) {
    found = at->is_map() ? at->map().find(part) : nullptr;
    if (found == nullptr || !found->is_map())
      return Error(Code::Invalid, fmt::format("{} is not a table", gotmpl::quote(part)));
    at = found;
  }
  return found->as(GoType::named);
}

Result<Value> value_at(Call& call) {
  const std::string_view path = call.args[1].string();
  if (path.empty()) return Error(Code::Invalid, "YAML path cannot be empty");
  if (const Value* found = path_value(call.args[0], path)) return *found;
  return Error(Code::Invalid,
               fmt::format("{} is not a value", gotmpl::quote(path.substr(path.rfind('.') + 1))));
}

constexpr std::array<Function, 4> kValuesMethods = {{
    {"AsMap", "", as_map},
    {"YAML", "", yaml},
    {"Table", "string", table},
    {"PathValue", "string", value_at},
}};

std::shared_ptr<const gotmpl::FunctionTable> make_table(Profile profile) {
  auto out = std::make_shared<gotmpl::FunctionTable>();
  sprig::add_functions(*out);
  out->add(kFunctions);
  if (profile == Profile::v3_21) {
    out->remove("mustToYaml");
    out->remove("mustToToml");
  }
  return out;
}

}  // namespace

void erase_no_value(std::string& text, std::size_t from) {
  for (std::size_t at = text.find(kNoValue, from); at != std::string::npos;
       at = text.find(kNoValue, at))
    text.erase(at, kNoValue.size());
}

std::string_view EngineHost::named_type(const Value& value) const {
  if (!value.is_map()) return Host::named_type(value);
  return profile_ == Profile::v3_21 ? "chartutil.Values" : "common.Values";
}

const Function* EngineHost::named_method(const Value& value, std::string_view name) const {
  if (!value.is_map()) return nullptr;
  for (const Function& row : kValuesMethods)
    if (row.name == name) return &row;
  return nullptr;
}

bool EngineHost::tolerates(Complaint complaint, std::string_view message) {
  if (lint_ == nullptr) return false;
  const Warner warner{*lint_, profile_};
  const bool fails = complaint == Complaint::fail;
  if (profile_ == Profile::v3_21)
    warner.print("engine.go",
                 fails                             ? 227
                 : complaint == Complaint::missing ? 206
                                                   : 214,
                 fmt::format("[INFO] {}: {}", fails ? "Fail" : "Missing required value", message));
  else if (warner.sink)
    warner.sink(fmt::format("level={} msg=\"{}\" message={}", fails ? "INFO" : "WARN",
                            fails                             ? "funcMap fail"
                            : complaint == Complaint::missing ? "missing required value"
                                                              : "missing required values",
                            slog_text(message)));
  return true;
}

int& EngineHost::nesting(std::string_view name) {
  const auto found = nesting_.find(name);
  return found != nesting_.end() ? found->second : nesting_.emplace(name, 0).first->second;
}

Result<std::shared_ptr<const gotmpl::ParsedFile>> EngineHost::parsed(
    std::string_view name, std::string_view text,
    const std::shared_ptr<const gotmpl::FunctionTable>& functions) {
  std::string key = fmt::format("{}\n{}", name, text);
  if (const auto found = parsed_.find(key); found != parsed_.end()) return found->second;
  TRY_ASSIGN(auto file, gotmpl::parse_file(name, text, functions));
  parsed_.emplace(std::move(key), file);
  return file;
}

std::shared_ptr<const gotmpl::FunctionTable> function_table(Profile profile) {
  static const auto kHelm4 = make_table(Profile::v4_2);
  static const auto kHelm3 = make_table(Profile::v3_21);
  return profile == Profile::v3_21 ? kHelm3 : kHelm4;
}

}  // namespace tiphys::helm
