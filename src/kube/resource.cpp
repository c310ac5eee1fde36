#include "tiphys/kube/resource.hpp"

#include "tiphys/net/url.hpp"

#include <algorithm>

namespace tiphys::kube {

bool ResourceInfo::can(std::string_view verb) const {
  return std::ranges::find(verbs, verb) != verbs.end();
}

std::string ResourceInfo::path(std::string_view namespace_, std::string_view name) const {
  std::string path = group.empty() ? "/api/" : "/apis/" + net::percent_encode(group) + "/";
  path += net::percent_encode(version);
  if (namespaced && !namespace_.empty()) path += "/namespaces/" + net::percent_encode(namespace_);
  path += "/" + net::percent_encode(plural);
  if (!name.empty()) path += "/" + net::percent_encode(name);
  return path;
}

}  // namespace tiphys::kube
