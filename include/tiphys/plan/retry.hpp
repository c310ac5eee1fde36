#pragma once

#include "tiphys/api/operation.hpp"
#include "tiphys/api/sync_policy.hpp"
#include "tiphys/base/result.hpp"

#include <chrono>
#include <cstdint>

namespace tiphys::plan {

/// How long to wait before attempt number `attempts` + 1 of an operation (Argo CD's NextRetryAt):
/// duration * factor^attempts, at most maxDuration; 5 s, 2 and 3 min where the policy says nothing.
/// A duration without a unit is in seconds. Errors: Invalid naming the field.
base::Result<std::chrono::milliseconds> retry_delay(const api::Retry& retry, std::int64_t attempts);

/// May another attempt follow after `attempts` of them? A limit below 0 is no limit.
bool may_retry(const api::Retry& retry, std::int64_t attempts);

}  // namespace tiphys::plan
