#include "integration/crd_sample.hpp"

#include "support/process.hpp"

#include <sstream>

namespace tiphys::test {

using value::Value;

namespace {

/// The first step of a path, "a" of "a.b", "[]" of "[].b"; `path` loses it.
std::string_view take_step(std::string_view& path) {
  if (path.starts_with('.')) path.remove_prefix(1);
  const bool bracket = path.starts_with('[') || path.starts_with('{');
  const auto end = bracket ? std::size_t{2} : std::min(path.find_first_of(".[{"), path.size());
  const auto step = path.substr(0, end);
  path.remove_prefix(end);
  return step;
}

}  // namespace

CrdPaths::CrdPaths(const std::string& name) {
  root_.type = "object";
  std::istringstream lines(
      read_file(std::string(TIPHYS_SOURCE_DIR "/tests/vectors/crds/") + name + ".txt"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string path;
    std::string type;
    std::string mark;
    words >> path >> type >> mark;
    Node* node = &root_;
    for (std::string_view rest = path; !rest.empty();) {
      node = &node->members[std::string(take_step(rest))];
    }
    node->type = type;
    node->open = mark == "*";
  }
}

Value CrdPaths::make(const Node& node, std::string_view name) {
  if (node.type == "boolean") return true;
  if (node.type == "integer") return 3;
  if (node.type == "int-or-string") return "7";
  if (node.type == "array") return Value::array({make(node.members.at("[]"), name)});
  if (node.type == "string") {
    return name.ends_with("At") || name.ends_with("Time") ? "2026-01-02T03:04:05Z" : "text";
  }
  Value out = Value::object({});
  if (node.open) out.map().set("anything", Value::object({{"below", 1}}));
  for (const auto& [key, member] : node.members) {
    if (key == "metadata" && name.empty()) continue;  // of the object itself: the caller's
    const std::string shown = key == "{}" ? "some-key" : key;
    out.map().set(shown, make(member, shown));
  }
  return out;
}

Value CrdPaths::sample(std::string_view path) const {
  const Node* node = &root_;
  std::string_view name;
  for (std::string_view rest = path; !rest.empty();) {
    name = take_step(rest);
    const auto member = node->members.find(name);
    if (member == node->members.end()) throw SupportError("no such path: " + std::string(path));
    node = &member->second;
  }
  return make(*node, name);
}

void CrdPaths::set(Value& object, std::string_view path) const {
  Value* at = &object;
  for (std::string_view rest = path; !rest.empty();) {
    const auto step = take_step(rest);
    if (step == "[]") {
      if (!at->is_list()) *at = Value::array({Value()});
      at = &at->list().front();
    } else {
      if (!at->is_map()) *at = Value::object({});
      at = &at->map()[step];
    }
  }
  *at = sample(path);
}

}  // namespace tiphys::test
