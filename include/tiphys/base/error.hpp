#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::base {

/// What kind of failure an Error is: the canon of gRPC and of the Kubernetes API.
/// The code alone decides whether something is tried again (is_retryable).
enum class Code : std::uint8_t {
  NotFound,
  AlreadyExists,
  Conflict,
  Invalid,  ///< bad input: the same input fails again
  Forbidden,
  Unauthorized,
  Expired,            ///< 410 Gone: the resourceVersion or token is too old
  TooManyRequests,    ///< 429, look at Error::retry_after
  ResourceExhausted,  ///< one of our own limits or budgets
  Timeout,
  Canceled,
  Unavailable,    ///< the peer can't be reached or answers 5xx
  Unimplemented,  ///< refused because we do not act on it (decision 18)
  Internal,
};

std::string_view to_string(Code code);

/// Position in a text, 1-based; 0 means unknown.
struct Location {
  std::string file;
  int line = 0;
  int column = 0;
};

/// A failure as a value. `message` is one sentence for a user and never holds a secret;
/// `context` frames are added from the inside out and printed outermost first: "outer: inner:
/// message".
class [[nodiscard]] Error {
 public:
  Error(Code code, std::string message) : code_(code), message_(std::move(message)) {}

  Code code() const { return code_; }
  /// The innermost message alone.
  const std::string& message() const { return message_; }
  /// All context frames and the message, "outer: inner: message".
  std::string text() const;
  /// The context frames, innermost first.
  const std::vector<std::string>& frames() const { return context_; }
  const std::optional<Location>& where() const { return where_; }
  std::optional<std::chrono::milliseconds> retry_after() const { return retry_after_; }

  Error&& with_context(std::string frame) &&;
  Error&& at(Location where) &&;
  Error&& after(std::chrono::milliseconds delay) &&;

 private:
  Code code_;
  std::string message_;
  std::vector<std::string> context_;
  std::optional<Location> where_;
  std::optional<std::chrono::milliseconds> retry_after_;
};

/// The one place that decides whether an operation that failed with `code` is worth trying again
/// unchanged.
bool is_retryable(Code code);

}  // namespace tiphys::base
