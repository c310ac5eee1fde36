#include "source/build_env.hpp"

#include <algorithm>

namespace tiphys::source {
namespace {

bool is_special(char c) {
  return std::string_view("*#$@!?-0123456789").find(c) != std::string_view::npos;
}

bool is_name_char(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct Name {
  std::string_view name;
  std::size_t width = 0;
};

/// What follows a dollar, as Go's os package reads it.
Name shell_name(std::string_view text) {
  if (text.front() == '{') {
    if (text.size() > 2 && is_special(text[1]) && text[2] == '}') return {text.substr(1, 1), 3};
    const auto close = text.find('}');
    if (close == std::string_view::npos) return {"", 1};
    if (close == 1) return {"", 2};
    return {text.substr(1, close - 1), close + 1};
  }
  if (is_special(text.front())) return {text.substr(0, 1), 1};
  const auto* end = std::ranges::find_if_not(text, is_name_char);
  const auto width = static_cast<std::size_t>(end - text.begin());
  return {text.substr(0, width), width};
}

}  // namespace

std::string instance_name(const RenderContext& context) {
  if (context.app_namespace.empty() || context.app_namespace == context.control_namespace)
    return context.app_name;
  return context.app_namespace + "_" + context.app_name;
}

BuildEnv::BuildEnv(const ResolvedSource& source, const RenderContext& context)
    : values_{{"ARGOCD_APP_NAME", instance_name(context)},
              {"ARGOCD_APP_NAMESPACE", context.destination_namespace},
              {"ARGOCD_APP_PROJECT_NAME", context.project},
              {"ARGOCD_APP_REVISION", source.revision.commit},
              {"ARGOCD_APP_REVISION_SHORT", source.revision.commit.substr(0, 7)},
              {"ARGOCD_APP_REVISION_SHORT_8", source.revision.commit.substr(0, 8)},
              {"ARGOCD_APP_SOURCE_PATH", source.source.path},
              {"ARGOCD_APP_SOURCE_REPO_URL", source.source.repo_url},
              {"ARGOCD_APP_SOURCE_TARGET_REVISION", source.source.target_revision}} {}

std::string BuildEnv::value(std::string_view name) const {
  if (name == "$") return "$";
  const auto it = values_.find(name);
  return it == values_.end() ? std::string() : it->second;
}

std::string BuildEnv::expand(std::string_view text) const {
  std::string out;
  while (!text.empty()) {
    const auto dollar = text.find('$');
    out += text.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    text.remove_prefix(dollar + 1);
    if (text.empty()) return out + "$";
    const Name found = shell_name(text);
    if (!found.name.empty())
      out += value(found.name);
    else if (found.width == 0)
      out += "$";
    text.remove_prefix(found.width);
  }
  return out;
}

}  // namespace tiphys::source
