#include "wait_reason.hpp"

namespace tiphys::controller {

std::string WaitReason::after(const std::vector<k8s::ObjectKey>& blockers,
                              const sync::Explainer& explainer, base::SteadyTime now) {
  if (blockers != blockers_) {
    blockers_ = blockers;
    since_ = now;
    asked_.reset();
    text_.clear();
  }
  const bool late = !blockers_.empty() && now - since_ >= kLate;
  if (late && (!asked_ || now - *asked_ >= kAgain)) {
    asked_ = now;
    text_ = explainer.explain_wait(blockers_).text;
  }
  return text_.empty() ? std::string() : "; " + text_;
}

}  // namespace tiphys::controller
