#include "project_clusters.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/base/encoding.hpp"

namespace tiphys::controller {

namespace {

std::string decoded(const k8s::Object& secret, std::string_view key) {
  return base::base64_decode(secret.tree().at({"data", key}).text()).value_or(std::string());
}

}  // namespace

std::optional<api::Destination> cluster_of_project(const k8s::Object& secret,
                                                   std::string_view project) {
  if (secret.label(api::kSecretTypeLabel) != "cluster" || decoded(secret, "project") != project)
    return std::nullopt;
  return api::Destination{
      .server = decoded(secret, "server"), .name = decoded(secret, "name"), .namespace_ = ""};
}

}  // namespace tiphys::controller
