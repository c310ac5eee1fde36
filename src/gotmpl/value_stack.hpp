#pragma once

#include "gotmpl/operand.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace tiphys::gotmpl {

/// Room for the arguments of calls: blocks that never move, so a function's span stays good while
/// it executes templates that call more functions. No allocation once warm.
class ValueStack {
 public:
  static constexpr std::size_t kBlock = 512;

  /// `count` nulls and their forms; given back by pop() in reverse order.
  struct Slots {
    value::Value* values;
    Form* forms;
    std::size_t count;
    std::size_t block;
    std::size_t used;  ///< of the block before
  };
  Slots push(std::size_t count) {
    const std::size_t before_block = block_;
    const std::size_t before_used = used_;
    if (blocks_.empty() || used_ + count > blocks_[block_].size) grow(count);
    const Block& block = blocks_[block_];
    const Slots slots{block.values.get() + used_, block.forms.get() + used_, count, before_block,
                      before_used};
    used_ += count;
    return slots;
  }
  void pop(const Slots& slots) {
    for (std::size_t i = 0; i < slots.count; ++i) slots.values[i] = value::Value();
    block_ = slots.block;
    used_ = slots.used;
  }

 private:
  struct Block {
    std::unique_ptr<value::Value[]> values;
    std::unique_ptr<Form[]> forms;
    std::size_t size;
  };
  void grow(std::size_t count);

  std::vector<Block> blocks_;
  std::size_t block_ = 0;
  std::size_t used_ = 0;
};

/// The arguments of one call.
class ArgumentFrame {
 public:
  ArgumentFrame(ValueStack& stack, std::size_t count) : stack_(stack), slots_(stack.push(count)) {}
  ~ArgumentFrame() { stack_.pop(slots_); }
  ArgumentFrame(const ArgumentFrame&) = delete;
  ArgumentFrame& operator=(const ArgumentFrame&) = delete;

  void set(std::size_t i, Operand operand) const {
    slots_.values[i] = std::move(operand.value);
    slots_.forms[i] = operand.form;
  }
  std::span<value::Value> values() const { return {slots_.values, slots_.count}; }
  std::span<const Form> forms() const { return {slots_.forms, slots_.count}; }

 private:
  ValueStack& stack_;
  ValueStack::Slots slots_;
};

}  // namespace tiphys::gotmpl
