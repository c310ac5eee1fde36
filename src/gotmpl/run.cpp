#include "tiphys/gotmpl/run.hpp"

#include "gotmpl/executor.hpp"
#include "gotmpl/run_state.hpp"
#include "gotmpl/stack_guard.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <algorithm>
#include <new>
#include <stdexcept>

namespace tiphys::gotmpl {
namespace {

constexpr std::uint64_t kStepsBetweenChecks = 4096;

}  // namespace

void ValueStack::grow(std::size_t count) {
  if (!blocks_.empty()) ++block_;
  used_ = 0;
  const std::size_t size = std::max(count, kBlock);
  if (block_ < blocks_.size() && blocks_[block_].size >= count) return;
  Block fresh{std::make_unique<value::Value[]>(size), std::make_unique<Form[]>(size), size};
  if (block_ < blocks_.size()) {
    blocks_[block_] = std::move(fresh);
  } else {
    blocks_.push_back(std::move(fresh));
  }
}

Run::Run(Budgets budgets, MissingKey missing, Host* host)
    : budgets_(std::move(budgets)),
      missing_(missing),
      host_(host),
      state_(std::make_unique<State>()) {}

Run::~Run() = default;

base::Error Run::exceeded(std::string_view what, std::uint64_t limit) const {
  return {base::Code::ResourceExhausted,
          std::string(what) + " limit of " + std::to_string(limit) + " exceeded"};
}

base::Status Run::slow_step() {
  if (steps_ > budgets_.steps) return exceeded("step", budgets_.steps);
  if (budgets_.expired && budgets_.expired()) {
    return base::Error(base::Code::Timeout, "render deadline exceeded");
  }
  next_check_ = std::min(steps_ + kStepsBetweenChecks, budgets_.steps + 1);
  return {};
}

base::Status Run::step(std::uint64_t count) {
  steps_ += count;
  if (steps_ < next_check_) return {};
  return slow_step();
}

base::Status Run::charge(std::uint64_t bytes) {
  if (bytes > budgets_.memory_bytes || memory_ > budgets_.memory_bytes - bytes) {
    return exceeded("memory", budgets_.memory_bytes);
  }
  memory_ += bytes;
  return {};
}

std::uint32_t Run::next_ordinal(const Call& call) {
  return state_->ordinals[{std::string(call.template_name), std::string(call.function)}]++;
}

base::Status Run::execute(const TemplateSet& templates, std::string_view name,
                          const value::Value& data, std::string& out) {
  const Program* program = templates.lookup(name);
  if (program == nullptr) {
    return base::Error(base::Code::Invalid, "template: no template " + quote(name) +
                                                " associated with template " +
                                                quote(templates.root_name()));
  }
  if (depth_ == 0) stack_base_ = stack_pointer();
  const std::size_t variables = state_->variables.size();
  const std::uint32_t depth = depth_;
  base::Status status;
  try {
    Executor(*this, templates, out).execute(*program, data);
  } catch (Abort& abort) {
    status = std::move(abort.error);
  } catch (const std::bad_alloc&) {
    status = base::Error(base::Code::ResourceExhausted,
                         "template: " + std::string(name) + ": out of memory");
  } catch (const std::length_error& error) {
    status = base::Error(base::Code::ResourceExhausted,
                         "template: " + std::string(name) + ": " + error.what());
  }
  state_->variables.resize(variables);
  depth_ = depth;
  return status;
}

}  // namespace tiphys::gotmpl
