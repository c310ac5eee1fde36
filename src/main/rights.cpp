#include "rights.hpp"

#include <array>
#include <future>

namespace tiphys::main {

namespace {

/// One right that the controller needs for itself, as deploy/base/role.yaml gives it.
struct Need {
  const char* verb;
  const char* group;
  const char* resource;
};
constexpr auto kNeeds = std::to_array<Need>({{"get", "argoproj.io", "applications"},
                                             {"list", "argoproj.io", "applications"},
                                             {"watch", "argoproj.io", "applications"},
                                             {"patch", "argoproj.io", "applications"},
                                             {"list", "argoproj.io", "appprojects"},
                                             {"watch", "argoproj.io", "appprojects"},
                                             {"create", "argoproj.io", "appprojects"},
                                             {"list", "", "secrets"},
                                             {"watch", "", "secrets"},
                                             {"list", "", "configmaps"},
                                             {"watch", "", "configmaps"},
                                             {"list", "apps", "deployments"},
                                             {"watch", "apps", "deployments"},
                                             {"list", "apps", "statefulsets"},
                                             {"watch", "apps", "statefulsets"},
                                             {"get", "coordination.k8s.io", "leases"},
                                             {"create", "coordination.k8s.io", "leases"},
                                             {"update", "coordination.k8s.io", "leases"},
                                             {"create", "", "events"},
                                             {"get", "", "namespaces"}});

base::Status may(kube::Client& client, const Need& need, const std::string& namespace_,
                 base::Deadline deadline) {
  static const kube::ResourceInfo kReviews{
      "authorization.k8s.io",    "v1",  "selfsubjectaccessreviews",
      "SelfSubjectAccessReview", false, {}};
  using value::Value;
  auto review = Value::object(
      {{"apiVersion", "authorization.k8s.io/v1"},
       {"kind", "SelfSubjectAccessReview"},
       {"metadata", Value::object({})},
       {"spec",
        Value::object({{"resourceAttributes", Value::object({{"namespace", namespace_},
                                                             {"verb", need.verb},
                                                             {"group", need.group},
                                                             {"resource", need.resource}})}})}});
  auto options = kube::CallOptions(deadline);
  options.ungated = true;  // a question, not a write
  TRY_ASSIGN(const auto answer,
             client.create(kReviews, k8s::Object::trusted(std::move(review)), options));
  if (answer.status()["allowed"].boolean_or(false)) return {};
  return base::Error(base::Code::Forbidden,
                     std::string("missing: ") + need.verb + " " + need.resource +
                         (*need.group != '\0' ? std::string(".") + need.group : "") +
                         (namespace_.empty() ? " in the cluster" : " in namespace " + namespace_));
}

}  // namespace

std::size_t own_rights() { return kNeeds.size(); }

std::vector<base::Error> missing_rights(kube::Client& client, const std::string& namespace_,
                                        base::Deadline deadline) {
  std::vector<std::future<base::Status>> answers;
  answers.reserve(kNeeds.size());
  for (const auto& need : kNeeds) {
    answers.push_back(std::async(
        std::launch::async, [&, deadline] { return may(client, need, namespace_, deadline); }));
  }
  std::vector<base::Error> missing;
  for (auto& answer : answers) {
    auto status = answer.get();
    if (!status.ok()) missing.push_back(std::move(status).error());
  }
  return missing;
}

base::Status may_do_everything(kube::Client& client, const std::string& namespace_,
                               base::Deadline deadline) {
  return may(client, Need{"*", "*", "*"}, namespace_, deadline);
}

}  // namespace tiphys::main
