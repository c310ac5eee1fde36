#pragma once

#include "tiphys/base/clock.hpp"

#include <algorithm>
#include <chrono>

namespace tiphys::base {

/// A point of steady time by which something must be done. A value: copy it down the call chain;
/// every blocking call takes one. Compared against the Clock that made it.
class Deadline {
 public:
  static Deadline after(const Clock& clock, std::chrono::milliseconds span) {
    return Deadline(clock.now() + span);
  }
  explicit Deadline(SteadyTime at) : at_(at) {}

  SteadyTime at() const { return at_; }
  bool passed(const Clock& clock) const { return clock.now() >= at_; }
  /// Never negative.
  std::chrono::milliseconds left(const Clock& clock) const {
    return std::max(std::chrono::milliseconds(0),
                    std::chrono::ceil<std::chrono::milliseconds>(at_ - clock.now()));
  }
  Deadline earlier(Deadline other) const { return Deadline(std::min(at_, other.at_)); }

 private:
  SteadyTime at_;
};

}  // namespace tiphys::base
