#include "tiphys/helm/chart.hpp"

namespace tiphys::helm {

std::string Chart::full_path() const {
  return parent == nullptr ? name() : parent->full_path() + "/charts/" + name();
}

void Chart::adopt(std::shared_ptr<Chart> child) {
  child->parent = this;
  dependencies.push_back(std::move(child));
}

std::shared_ptr<Chart> Chart::clone() const {
  auto copy = std::make_shared<Chart>();
  copy->metadata = metadata.clone();
  copy->values = values.deep_copy();
  copy->content = content;
  for (const auto& child : dependencies) copy->adopt(child->clone());
  return copy;
}

}  // namespace tiphys::helm
