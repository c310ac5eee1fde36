#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/gotmpl/function.hpp"
#include "tiphys/value/value.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace tiphys::gotmpl {

/// What a run may use up. Exceeding one is an error (code ResourceExhausted) that names template,
/// line and limit.
struct Budgets {
  std::uint64_t steps = 200'000'000;         ///< nodes executed and elements iterated
  std::uint64_t output_bytes = 50ULL << 20;  ///< of one template, include or tpl
  std::uint64_t memory_bytes = 1ULL << 30;   ///< bytes that functions made, over the whole run
  std::uint32_t depth = 100'000;             ///< nested executions: template, include and tpl
  std::size_t stack_bytes = 6U << 20;        ///< of the calling thread's stack
  std::function<bool()> expired = nullptr;   ///< asked every few thousand steps; may be empty
};

/// Option("missingkey=..."): Helm renders with zero, lints with error.
enum class MissingKey : std::uint8_t { invalid, zero, error };

/// What the embedding engine knows and gotmpl does not. Functions reach their engine through it.
class Host {
 public:
  virtual ~Host() = default;
  /// The Go name of a value whose go_type() is named, e.g. "common.Values".
  virtual std::string_view named_type(const value::Value& value) const;
  /// Methods of such values (AsMap, YAML ...). The row gets the receiver as args[0], its declared
  /// parameters are the ones after it.
  virtual const Function* named_method(const value::Value& value, std::string_view name) const;
};

/// The state of one render: shared by all templates that it executes, by include and by tpl.
/// Not for use by two threads at once.
class Run {
 public:
  explicit Run(Budgets budgets = {}, MissingKey missing = MissingKey::invalid,
               Host* host = nullptr);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  Host* host() const { return host_; }
  /// The host as the engine's own class, which the caller knows it to be.
  template <class T>
  T& host_as() const {
    return static_cast<T&>(*host_);
  }
  MissingKey missing_key() const { return missing_; }
  const Budgets& budgets() const { return budgets_; }

  /// Executes template `name` of `templates` and appends its output to `out`. May be called from
  /// inside a function (include, tpl): depth and budgets go on counting. Error texts are Go's:
  /// `template: no template "x" associated with template "y"`, `template: a:1:2: executing ...`.
  base::Status execute(const TemplateSet& templates, std::string_view name,
                       const value::Value& data, std::string& out);

  /// To be asked by a function before it makes something big: `repeat`, `until`, `indent`. The
  /// size of a string that a function returns is charged by the executor, as far as it wasn't yet.
  base::Status charge(std::uint64_t bytes);
  /// To be asked in loops over user data: counts steps, checks the deadline.
  base::Status step(std::uint64_t count = 1);

  /// How many times this function asked before in this template, from 0: identifies a call of a
  /// random or clock function (the renderer remembers its answers). Ask once a call.
  std::uint32_t next_ordinal(const Call& call);

  std::uint32_t depth() const { return depth_; }

 private:
  friend class Executor;
  struct State;
  base::Status slow_step();
  base::Error exceeded(std::string_view what, std::uint64_t limit) const;

  Budgets budgets_;
  MissingKey missing_;
  Host* host_;
  std::uint64_t steps_ = 0;
  std::uint64_t next_check_ = 0;
  std::uint64_t memory_ = 0;
  std::uint32_t depth_ = 0;
  const char* stack_base_ = nullptr;
  std::unique_ptr<State> state_;
};

}  // namespace tiphys::gotmpl
