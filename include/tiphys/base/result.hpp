#pragma once

#include "tiphys/base/error.hpp"

#include <expected>
#include <string>
#include <utility>

namespace tiphys::base {

/// A value of T or the Error that kept it from being made. Never ignored silently ([[nodiscard]]).
/// `*r`, `r->` and `r.value()` need r.ok(); `r.error()` needs !r.ok().
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : state_(std::unexpected(std::move(error))) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.has_value(); }
  explicit operator bool() const { return ok(); }

  T& value() & { return *state_; }
  const T& value() const& { return *state_; }
  T&& value() && { return *std::move(state_); }
  T& operator*() & { return *state_; }
  const T& operator*() const& { return *state_; }
  T&& operator*() && { return *std::move(state_); }
  T* operator->() { return &*state_; }
  const T* operator->() const { return &*state_; }

  const Error& error() const& { return state_.error(); }
  Error&& error() && { return std::move(state_).error(); }

  T value_or(T fallback) && { return ok() ? *std::move(state_) : std::move(fallback); }

  /// Adds an outer frame to the error, if there is one: `read(path).context("reading " + path)`.
  Result&& context(std::string frame) && {
    if (!ok())
      state_ = std::unexpected(Error(std::move(state_).error()).with_context(std::move(frame)));
    return std::move(*this);
  }

 private:
  std::expected<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error)
      : state_(std::unexpected(std::move(error))) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const& { return state_.error(); }
  Error&& error() && { return std::move(state_).error(); }

  Result&& context(std::string frame) && {
    if (!ok())
      state_ = std::unexpected(Error(std::move(state_).error()).with_context(std::move(frame)));
    return std::move(*this);
  }

 private:
  std::expected<void, Error> state_;
};

using Status = Result<void>;

}  // namespace tiphys::base

#define TIPHYS_CONCAT_(a, b) a##b
#define TIPHYS_CONCAT(a, b) TIPHYS_CONCAT_(a, b)

/// TRY(expr): returns expr's Error from the enclosing function, if it has one.
#define TRY(...)                                                    \
  do {                                                              \
    if (auto try_result_ = (__VA_ARGS__); !try_result_.ok())        \
      return ::tiphys::base::Error(std::move(try_result_).error()); \
  } while (false)

#define TIPHYS_TRY_ASSIGN_(tmp, decl, ...)                             \
  auto tmp = (__VA_ARGS__);                                            \
  if (!tmp.ok()) return ::tiphys::base::Error(std::move(tmp).error()); \
  decl = *std::move(tmp)
/// TRY_ASSIGN(auto x, expr): x = the value, or returns the Error. Several statements: needs braces
/// after if.
#define TRY_ASSIGN(decl, ...) \
  TIPHYS_TRY_ASSIGN_(TIPHYS_CONCAT(try_assign_, __COUNTER__), decl, __VA_ARGS__)
