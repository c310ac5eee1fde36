#include "untried.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace tiphys::sync {

namespace {

/// Kinds that admission looks up: without them, or with an older one, it refuses other objects.
constexpr std::array<std::string_view, 11> kLookedUp = {"ServiceAccount",
                                                        "PriorityClass",
                                                        "ResourceQuota",
                                                        "LimitRange",
                                                        "Role",
                                                        "ClusterRole",
                                                        "RuntimeClass",
                                                        "ValidatingAdmissionPolicy",
                                                        "ValidatingAdmissionPolicyBinding",
                                                        "ValidatingWebhookConfiguration",
                                                        "MutatingWebhookConfiguration"};

bool is_word_part(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.';
}

/// Is `name` in the text, not as a part of a longer one?
bool mentions(std::string_view text, std::string_view name) {
  if (name.empty()) return false;
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    const bool begins = at == 0 || !is_word_part(text[at - 1]);
    // A full stop may end the sentence.
    const bool ends = end == text.size() || !is_word_part(text[end]) ||
                      (text[end] == '.' && (end + 1 == text.size() || text[end + 1] == ' '));
    if (begins && ends) return true;
  }
  return false;
}

/// What the refusal says after it has named the object itself.
std::string_view reason_of(std::string_view text) {
  for (const std::string_view words : {"is forbidden: ", "denied the request: ", "is invalid: "}) {
    if (const auto at = text.find(words); at != std::string_view::npos)
      return words.starts_with("denied") ? text : text.substr(at + words.size());
  }
  return text;
}

bool is_named(const plan::Task& other, std::string_view text) {
  if (mentions(text, other.key.name)) return true;
  if (!other.target) return false;
  return std::ranges::any_of(
      other.target->tree()["webhooks"].items(),
      [&](const value::Value& webhook) { return mentions(text, webhook["name"].text()); });
}

/// Is it refused for what `other` will have done by then?
bool waits_for(const plan::Task& other, std::string_view text) {
  const std::string_view kind = other.key.kind;
  if (text.contains("already allocated")) return kind == "Service";
  if (other.action == plan::Action::prune) return is_named(other, text);
  if (std::ranges::find(kLookedUp, kind) == kLookedUp.end()) return false;
  // What a LimitRange refuses doesn't name it.
  return is_named(other, text) || (kind == "LimitRange" && text.contains(" usage per "));
}

}  // namespace

bool is_write(const plan::Task& task) {
  return task.target && task.action != plan::Action::prune && task.action != plan::Action::skip;
}

Providers::Providers(const plan::Plan& plan) {
  for (const auto& group : plan.groups) {
    for (const auto& task : group.tasks) {
      if (!is_write(task)) continue;
      const bool new_one = !task.live;
      if (new_one && task.key.group.empty() && task.key.kind == "Namespace")
        namespaces_.insert(task.key.name);
      if (task.target->kind() == "CustomResourceDefinition")
        kinds_.insert({std::string(task.target->spec()["group"].text()),
                       std::string(task.target->spec().at({"names", "kind"}).text())});
    }
  }
}

std::optional<std::string> Providers::needed_by(const plan::Task& task) const {
  if (namespaces_.contains(task.key.namespace_))
    return "its namespace " + task.key.namespace_ + " comes with this sync";
  if (kinds_.contains(task.key.group_kind()))
    return "its CustomResourceDefinition comes with this sync";
  return std::nullopt;
}

std::optional<std::string> explain_untried(const base::Error& error, const plan::Task& task,
                                           const plan::Plan& plan) {
  std::string text = error.text();
  // A webhook with side effects that nobody can undo.
  if (text.contains("does not support dry run")) return text;
  // Nothing is known of the object itself: a webhook, say, that this very sync repairs. An apply of
  // a field that no schema has is answered with 500 too.
  if (base::is_retryable(error.code()) && !text.contains("failed to create typed patch object"))
    return text;
  const std::string_view reason = reason_of(text);
  for (const auto& group : plan.groups) {
    for (const auto& other : group.tasks) {
      if (other.action != plan::Action::skip && other.key != task.key && waits_for(other, reason))
        return other.key.kind + "/" + other.key.name + " comes with this sync: " + text;
    }
  }
  return std::nullopt;
}

}  // namespace tiphys::sync
