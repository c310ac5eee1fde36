#include "tiphys/health/health.hpp"

#include <fmt/format.h>

namespace tiphys::health {

namespace {

constexpr std::size_t kMaxCauses = 3;

std::string cause(const k8s::ObjectKey& key) {
  const std::string kind = key.group.empty() ? key.kind : key.group + "/" + key.kind;
  const std::string name = key.namespace_.empty() ? key.name : key.namespace_ + "/" + key.name;
  return kind + ":" + name;
}

std::string caused_by(const std::vector<const k8s::ObjectKey*>& causes) {
  if (causes.empty()) return {};
  std::string out = "Caused by ";
  for (std::size_t i = 0; i < causes.size() && i < kMaxCauses; ++i) {
    if (i > 0) out += ", ";
    out += cause(*causes[i]);
  }
  if (causes.size() > kMaxCauses) out += fmt::format(" and {} more", causes.size() - kMaxCauses);
  return out;
}

/// What a resource adds, or nothing.
std::optional<Code> weight(const Contribution& r) {
  if (r.counts != Contribution::Counts::fully || !r.live_exists || !r.health) return std::nullopt;
  const bool child = r.key.group == "argoproj.io" && r.key.kind == "Application";
  if (child && (r.health->code == Code::missing || r.health->code == Code::unknown))
    return std::nullopt;
  return r.health->code;
}

}  // namespace

HealthStatus aggregate(std::span<const Contribution> resources) {
  Code worst = Code::healthy;
  std::vector<const k8s::ObjectKey*> causes;
  bool any = false;
  bool any_live = false;
  for (const Contribution& r : resources) {
    if (r.counts == Contribution::Counts::none) continue;
    any = true;
    any_live = any_live || r.live_exists;
    const auto code = weight(r);
    if (!code) continue;
    if (*code > worst) {
      worst = *code;
      causes = {&r.key};
    } else if (*code == worst && worst != Code::healthy) {
      causes.push_back(&r.key);
    }
  }
  if (any && !any_live && worst < Code::missing) return {.code = Code::missing, .message = ""};
  return {.code = worst, .message = caused_by(causes)};
}

}  // namespace tiphys::health
