#include "tiphys/k8s/managed_fields.hpp"

#include <fmt/format.h>

namespace tiphys::k8s {

namespace {

bool known_element(std::string_view element) {
  return element.size() >= 2 && element[1] == ':' &&
         std::string_view("fkvi").find(element[0]) != std::string_view::npos;
}

}  // namespace

base::Result<FieldSet> FieldSet::from_fields_v1(const value::Value& fields) {
  FieldSet set;
  for (const auto& [element, below] : fields.entries()) {
    if (element == ".") {
      set.member_ = true;
      continue;
    }
    if (!known_element(element))
      return base::Error(base::Code::Invalid,
                         fmt::format("fieldsV1 has the unknown path element {}", element));
    TRY_ASSIGN(FieldSet child, from_fields_v1(below));
    // {} below an element means the element itself.
    if (child.empty()) child.member_ = true;
    set.children_.emplace_hint(set.children_.end(), element, std::move(child));
  }
  return set;
}

value::Value FieldSet::to_fields_v1() const {
  value::Map fields;
  if (member_ && !children_.empty()) fields.set(".", value::Value(value::Map()));
  for (const auto& [element, child] : children_) fields.set(element, child.to_fields_v1());
  return value::Value(std::move(fields));
}

const FieldSet* FieldSet::child(std::string_view element) const {
  const auto found = children_.find(element);
  return found == children_.end() ? nullptr : &found->second;
}

FieldSet FieldSet::united(const FieldSet& other) const {
  FieldSet out = *this;
  out.member_ |= other.member_;
  for (const auto& [element, theirs] : other.children_) {
    const auto [mine, added] = out.children_.try_emplace(element, theirs);
    if (!added) mine->second = mine->second.united(theirs);
  }
  return out;
}

FieldSet FieldSet::without(const FieldSet& other) const {
  FieldSet out;
  out.member_ = member_ && !other.member_;
  for (const auto& [element, mine] : children_) {
    const FieldSet* const theirs = other.child(element);
    FieldSet left = theirs == nullptr ? mine : mine.without(*theirs);
    if (!left.empty()) out.children_.emplace_hint(out.children_.end(), element, std::move(left));
  }
  return out;
}

}  // namespace tiphys::k8s
