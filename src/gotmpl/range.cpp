#include "gotmpl/executor.hpp"
#include "gotmpl/printer.hpp"
#include "gotmpl/run_state.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace tiphys::gotmpl {

using value::GoType;
using value::Kind;
using value::Value;

namespace {

Operand index_operand(std::size_t i) {
  return Operand::concrete(Value(static_cast<std::int64_t>(i)).as(GoType::i));
}

}  // namespace

Executor::Flow Executor::walk_range(const Operand& dot, const BranchNode& node) {
  const std::size_t before = mark();
  const Operand over = pipeline(dot, node.pipe);
  Flow flow = Flow::normal;
  if (!range_over(node, over.value) && node.otherwise != nullptr) {
    flow = walk_list(dot, *node.otherwise);
  }
  pop(before);
  return flow;
}

/// False when there was nothing to iterate over.
bool Executor::range_over(const BranchNode& node, const Value& v) {
  const Value items = plain(v);
  switch (items.kind()) {
    case Kind::null:
      return false;
    case Kind::integer:
      return range_integer(node, items);
    case Kind::list:
      return range_list(node, items);
    case Kind::map:
      return range_map(node, items);
    case Kind::string:
      if (items.go_type() == GoType::bytes) return range_bytes(node, items);
      break;
    default:
      break;
  }
  std::string text = "range can't iterate over ";
  Printer(text, host(), print_limit()).argument(v, 'v');
  fail(text);
}

bool Executor::range_integer(const BranchNode& node, const Value& v) {
  if (node.pipe->variables.size() > 1) {
    std::string text = "can't use ";
    append_v(text, v, host());
    fail(text + " to iterate over more than one variable");
  }
  const bool is_unsigned = v.go_type() == GoType::u64 || v.go_type() == GoType::u;
  const auto count = static_cast<std::uint64_t>(
      is_unsigned ? v.integer() : std::max<std::int64_t>(v.integer(), 0));
  const std::size_t inside = mark();
  for (std::uint64_t i = 0; i < count; ++i) {
    const Operand element = Operand::concrete(Value(static_cast<std::int64_t>(i)).as(v.go_type()));
    if (!iterate(node, inside, Operand::invalid(), element)) break;
  }
  return count > 0;
}

bool Executor::range_list(const BranchNode& node, const Value& v) {
  const std::size_t inside = mark();
  const bool any = !v.list().empty();
  for (std::size_t i = 0; i < v.list().size(); ++i) {
    if (!iterate(node, inside, index_operand(i), element_of(v, v.list()[i]))) break;
  }
  return any;
}

bool Executor::range_bytes(const BranchNode& node, const Value& v) {
  const std::size_t inside = mark();
  const std::string_view data = v.string();
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto byte = static_cast<std::int64_t>(static_cast<unsigned char>(data[i]));
    if (!iterate(node, inside, index_operand(i), Operand::concrete(Value(byte).as(GoType::u8)))) {
      break;
    }
  }
  return !data.empty();
}

/// Over a snapshot, as Go: the body may change the map.
bool Executor::range_map(const BranchNode& node, const Value& v) {
  const bool wants_key = node.pipe->variables.size() > 1;
  std::vector<std::pair<Value, Operand>> entries;
  entries.reserve(v.map().size());
  for (const auto& [key, item] : v.map()) {
    entries.emplace_back(wants_key ? Value(key) : Value(), element_of(v, item));
  }
  const std::size_t inside = mark();
  for (auto& [key, item] : entries) {
    if (!iterate(node, inside, Operand::concrete(std::move(key)), item)) break;
  }
  return !entries.empty();
}

/// One turn of the loop; false after a break.
bool Executor::iterate(const BranchNode& node, std::size_t inside, Operand index,
                       const Operand& element) {
  tick();
  const auto& declared = node.pipe->variables;
  auto& variables = run_.state_->variables;
  const auto assign = [&](std::size_t i, Operand operand) {
    const std::size_t at =
        node.pipe->assigns ? find_variable(*declared[i]) : inside - declared.size() + i;
    variables[at].operand = std::move(operand);
  };
  if (declared.size() > 1) {
    assign(0, std::move(index));
    assign(1, element);
  } else if (!declared.empty()) {
    assign(0, element);
  }
  const Flow flow = walk_list(element, *node.body);
  pop(inside);
  return flow != Flow::break_loop;
}

}  // namespace tiphys::gotmpl
