#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/sync/explain.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::controller {

/// Why a sync still waits, asked of the API server only once it waits for a while, and then seldom.
/// Of one application's runtime: touched by one worker at a time.
class WaitReason {
 public:
  static constexpr std::chrono::seconds kLate{5};    ///< before that nothing is asked
  static constexpr std::chrono::seconds kAgain{30};  ///< between two questions

  /// "; REASON", or "". Other blockers than at the call before start afresh.
  std::string after(const std::vector<k8s::ObjectKey>& blockers, const sync::Explainer& explainer,
                    base::SteadyTime now);

  bool asked() const { return asked_.has_value(); }

 private:
  std::vector<k8s::ObjectKey> blockers_;
  base::SteadyTime since_{};
  std::optional<base::SteadyTime> asked_;
  std::string text_;
};

}  // namespace tiphys::controller
