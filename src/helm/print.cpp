#include "helm/sort.hpp"
#include "helm/text.hpp"

#include "tiphys/helm/manifests.hpp"
#include "tiphys/text/glob.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;

namespace {

void append_item(std::string& out, std::string_view source, std::string_view text) {
  out.append("---\n# Source: ").append(source).append("\n").append(text).append("\n");
}

std::size_t printed_size(const Manifests& manifests) {
  constexpr std::size_t kFrame = 16;  // the line with the source
  std::size_t size = 1;
  for (const CrdFile& crd : manifests.crds) size += crd.source.size() + crd.text.size() + kFrame;
  for (const auto* list : {&manifests.manifests, &manifests.hooks})
    for (const Document& item : *list) size += item.source.size() + item.text.size() + kFrame;
  return size;
}

/// Leaves a part of the text.
void keep(std::string& text, std::string_view part) {
  if (part.empty()) return text.clear();
  const auto start = static_cast<std::size_t>(part.data() - text.data());
  text.resize(start + part.size());
  text.erase(0, start);
}

bool is_test(const Document& hook) {
  return std::ranges::find(hook.events, HookEvent::test) != hook.events.end();
}

/// The path below the chart in a document's first `# Source: CHART/PATH`.
std::string_view source_path(std::string_view document) {
  constexpr std::string_view kMark = "# Source: ";
  for (std::size_t at = document.find(kMark); at != std::string_view::npos;
       at = document.find(kMark, at + 1)) {
    std::string_view line = document.substr(at + kMark.size());
    line = line.substr(0, line.find('\n'));
    const std::size_t slash = line.find('/');
    if (slash != std::string_view::npos && slash > 0 && slash + 1 < line.size())
      return line.substr(slash + 1);
  }
  return {};
}

Result<std::string> only(const std::string& all, const PrintOptions& options, Profile profile) {
  const auto documents = split_manifests(all, profile);
  std::string out;
  for (const std::string& wanted : options.show_only) {
    bool found = false;
    for (std::string_view const document : documents) {
      const std::string_view path = source_path(document);
      if (path.empty()) continue;
      const auto matched = text::path_match(wanted, path);
      if (!matched.ok() || !*matched) continue;
      out.append("---\n").append(document).append("\n");
      found = true;
    }
    if (!found)
      return Error(Code::Invalid, fmt::format("could not find template {} in chart", wanted));
  }
  return out;
}

}  // namespace

Result<std::string> print_template(const Manifests& manifests, const PrintOptions& options) {
  std::string all;
  all.reserve(printed_size(manifests));
  for (const CrdFile& crd : manifests.crds) append_item(all, crd.source, crd.text);
  for (const Document& item : manifests.manifests) append_item(all, item.source, item.text);
  std::string out = std::move(all);
  keep(out, trim_space(out));
  out += '\n';
  if (!options.no_hooks)
    for (const Document& hook : manifests.hooks)
      if (!options.skip_tests || !is_test(hook)) append_item(out, hook.source, hook.text);
  if (options.show_only.empty()) return out;
  return only(out, options, manifests.profile);
}

Result<std::vector<RenderedObject>> objects_of(const Manifests& manifests) {
  std::vector<RenderedObject> out;
  for (const CrdFile& crd : manifests.crds) {
    if (!crd.error.empty())
      return Error(Code::Invalid, fmt::format("{}: {}", crd.source, crd.error));
    for (const value::Value& tree : crd.trees)
      out.push_back({tree.deep_copy(), crd.source, false, {}});
  }
  for (const auto* list : {&manifests.manifests, &manifests.hooks})
    for (const Document& item : *list)
      if (item.tree.is_map() && !item.tree.map().empty())
        out.push_back({item.tree.deep_copy(), item.source, item.is_hook, item.events});
  return out;
}

}  // namespace tiphys::helm
