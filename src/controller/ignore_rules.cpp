#include "ignore_rules.hpp"

#include "customizations.hpp"

#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>

#include <map>

namespace tiphys::controller {

namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using Rules = std::map<std::string, diff::IgnoreRule>;  ///< by "group/Kind" or "Kind"

constexpr std::string_view kWhole = "resource.customizations";
constexpr std::string_view kSplit = "resource.customizations.ignoreDifferences.";

Result<diff::IgnoreRule> rule_of(const std::string& key, const std::string& text) {
  TRY_ASSIGN(const auto tree, value::parse_yaml(text));
  diff::IgnoreRule rule;
  const auto slash = key.find('/');
  rule.group = slash == std::string::npos ? "" : key.substr(0, slash);
  rule.kind = slash == std::string::npos ? key : key.substr(slash + 1);
  TRY(diff::parse_ignored_fields(tree, "ignoreDifferences", rule));
  return rule;
}

Status read_whole(const std::string& text, Rules& out) {
  TRY_ASSIGN(const auto tree, value::parse_yaml(text));
  for (const auto& [key, override] : tree.entries()) {
    const auto& fields = override["ignoreDifferences"];
    if (fields.is_null()) continue;
    if (!fields.is_string())
      return Error(Code::Invalid, key + ": ignoreDifferences: expected a string");
    TRY_ASSIGN(out[key], rule_of(key, std::string(fields.text())).context(key));
  }
  return {};
}

Status read_split(std::string_view group_kind, const std::string& text, Rules& out) {
  TRY_ASSIGN(const auto key, table_key(group_kind));
  TRY_ASSIGN(out[key], rule_of(key, text));
  return {};
}

}  // namespace

Result<std::vector<diff::IgnoreRule>> read_ignore_rules(const ConfigData& argocd_cm) {
  Rules rules;
  const auto where = [](std::string_view key) { return "argocd-cm key " + std::string(key); };
  if (const auto whole = argocd_cm.find(kWhole); whole != argocd_cm.end())
    TRY(read_whole(whole->second, rules).context(where(kWhole)));
  for (const auto& [name, text] : argocd_cm)
    if (name.starts_with(kSplit))
      TRY(read_split(std::string_view(name).substr(kSplit.size()), text, rules)
              .context(where(name)));
  std::vector<diff::IgnoreRule> out;
  for (auto& [key, rule] : rules) out.push_back(std::move(rule));
  return out;
}

Result<std::vector<diff::IgnoreRule>> all_ignore_rules(const value::Value& of_application,
                                                       const Settings& settings) {
  TRY_ASSIGN(auto rules, diff::parse_ignore_rules(of_application, "spec.ignoreDifferences"));
  rules.insert(rules.end(), settings.ignores.begin(), settings.ignores.end());
  return rules;
}

}  // namespace tiphys::controller
