#include "tiphys/base/error.hpp"

#include <array>
#include <utility>

namespace tiphys::base {

std::string_view to_string(Code code) {
  static constexpr std::array<std::string_view, 14> kNames = {
      "NotFound",     "AlreadyExists", "Conflict",        "Invalid",           "Forbidden",
      "Unauthorized", "Expired",       "TooManyRequests", "ResourceExhausted", "Timeout",
      "Canceled",     "Unavailable",   "Unimplemented",   "Internal"};
  return kNames.at(static_cast<std::size_t>(code));
}

std::string Error::text() const {
  std::string out;
  for (auto frame = context_.rbegin(); frame != context_.rend(); ++frame) out += *frame + ": ";
  return out + message_;
}

Error&& Error::with_context(std::string frame) && {
  context_.push_back(std::move(frame));
  return std::move(*this);
}

Error&& Error::at(Location where) && {
  where_ = std::move(where);
  return std::move(*this);
}

Error&& Error::after(std::chrono::milliseconds delay) && {
  retry_after_ = delay;
  return std::move(*this);
}

bool is_retryable(Code code) {
  switch (code) {
    case Code::Conflict:
    case Code::Expired:
    case Code::TooManyRequests:
    case Code::Timeout:
    case Code::Unavailable:
    case Code::Internal:
      return true;
    case Code::NotFound:
    case Code::AlreadyExists:
    case Code::Invalid:
    case Code::Forbidden:
    case Code::Unauthorized:
    case Code::ResourceExhausted:
    case Code::Canceled:
    case Code::Unimplemented:
      return false;
  }
  return false;
}

}  // namespace tiphys::base
