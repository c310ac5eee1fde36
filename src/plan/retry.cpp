#include "tiphys/plan/retry.hpp"

#include "tiphys/text/duration.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace tiphys::plan {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kDuration{5};
constexpr std::int64_t kFactor = 2;
constexpr seconds kMaxDuration{180};

base::Result<milliseconds> read(const std::string& text, milliseconds fallback,
                                std::string_view field) {
  if (text.empty()) return fallback;
  std::int64_t whole = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (error == std::errc() && end == text.data() + text.size())
    return std::chrono::duration_cast<milliseconds>(seconds(whole));
  auto duration = text::parse_duration(text);
  if (!duration.ok())
    return base::Error(base::Code::Invalid,
                       "retry.backoff." + std::string(field) + ": " + duration.error().text());
  return std::chrono::duration_cast<milliseconds>(*duration);
}

}  // namespace

base::Result<milliseconds> retry_delay(const api::Retry& retry, std::int64_t attempts) {
  const api::Backoff backoff = retry.backoff.value_or(api::Backoff());
  TRY_ASSIGN(const auto duration, read(backoff.duration, kDuration, "duration"));
  TRY_ASSIGN(const auto most, read(backoff.max_duration, kMaxDuration, "maxDuration"));
  const auto factor = static_cast<double>(backoff.factor.value_or(kFactor));
  double wait = static_cast<double>(duration.count()) * std::pow(factor, attempts);
  // A year is as good as for ever, and stays within what a duration can hold.
  constexpr double kLongest = 365.0 * 24 * 3600 * 1000;
  wait = std::min(wait, most.count() > 0 ? static_cast<double>(most.count()) : kLongest);
  return milliseconds(static_cast<std::int64_t>(std::clamp(wait, 0.0, kLongest)));
}

bool may_retry(const api::Retry& retry, std::int64_t attempts) {
  return retry.limit < 0 || attempts < retry.limit;
}

}  // namespace tiphys::plan
