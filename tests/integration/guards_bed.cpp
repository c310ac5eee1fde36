#include "integration/guards_bed.hpp"

#include <fmt/format.h>

namespace tiphys::test {

using value::Value;

void GuardsBed::TearDown() { plane_.remove("/api/v1/namespaces/" + target_); }

void GuardsBed::annotate(const std::string& path, const std::string& name,
                         const Value& text) const {
  const auto answer = plane_.merge_patch(
      path, Value::object(
                {{"metadata", Value::object({{"annotations", Value::object({{name, text}})}})}}));
  if (answer.status != 200) throw SupportError("annotate " + path + ": " + answer.text);
}

void GuardsBed::grant_deployer(const std::string& rules) const {
  plane_.apply(fmt::format(R"(apiVersion: v1
kind: ServiceAccount
metadata: {{name: deployer}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: deployer}}
rules: {}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: deployer}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer}}
subjects: [{{kind: ServiceAccount, name: deployer, namespace: {}}}]
)",
                           rules, target_),
               target_);
}

void GuardsBed::make_target() const {
  const auto answer = plane_.create(
      "/api/v1/namespaces", Value::object({{"apiVersion", "v1"},
                                           {"kind", "Namespace"},
                                           {"metadata", Value::object({{"name", target_}})}}));
  if (answer.status != 201) throw SupportError("namespace " + target_ + ": " + answer.text);
}

std::vector<std::string> GuardsBed::writes(AuditLog& audit) const {
  plane_.sync_audit(audit);
  std::vector<std::string> out;
  for (const auto& event : audit.select({.user = user()})) {
    if (event.resource == "leases" || !(event.is_write() || event.verb == "dryrun")) continue;
    out.push_back(event.verb + " " + event.uri);
  }
  return out;
}

std::string config_map_yaml(const std::string& name, const std::string& data,
                            const std::string& annotations) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name +
         "\n  annotations: " + annotations + "\ndata: " + data + "\n";
}

std::vector<std::string> lines_with(const std::vector<std::string>& lines,
                                    const std::string& words) {
  std::vector<std::string> out;
  for (const auto& line : lines) {
    if (line.find(words) != std::string::npos) out.push_back(line);
  }
  return out;
}

}  // namespace tiphys::test
