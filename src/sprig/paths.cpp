#include "sprig/internal.hpp"

#include <array>

// Go's package path; on Linux filepath does the same.
namespace tiphys::sprig {
namespace {

std::string_view arg(const Call& call) { return call.args[0].string(); }

std::string clean(std::string_view path) {
  if (path.empty()) return ".";
  const bool rooted = path[0] == '/';
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    const bool up = part == "..";
    if (up && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (!up || !rooted) {
      parts.push_back(part);
    }
  }
  std::string out = rooted ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out.push_back('/');
    out.append(parts[i]);
  }
  return out.empty() ? "." : out;
}

std::string base_name(std::string_view path) {
  if (path.empty()) return ".";
  while (path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  return path.empty() ? "/" : std::string(path);
}

std::string directory(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return clean(slash == std::string_view::npos ? "" : path.substr(0, slash + 1));
}

std::string extension(std::string_view path) {
  const std::size_t at = path.find_last_of("./");
  return at == std::string_view::npos || path[at] == '/' ? "" : std::string(path.substr(at));
}

template <std::string (*change)(std::string_view)>
Answer changed(Call& call) {
  return text(call, change(arg(call)));
}

Answer absolute(Call& call) { return Value(arg(call).starts_with('/')); }

constexpr auto kPaths = std::to_array<Function>({
    {"base", "string", changed<base_name>},
    {"dir", "string", changed<directory>},
    {"clean", "string", changed<clean>},
    {"ext", "string", changed<extension>},
    {"isAbs", "string", absolute},
    {"osBase", "string", changed<base_name>},
    {"osDir", "string", changed<directory>},
    {"osClean", "string", changed<clean>},
    {"osExt", "string", changed<extension>},
    {"osIsAbs", "string", absolute},
});

}  // namespace

std::span<const Function> path_functions() { return kPaths; }

}  // namespace tiphys::sprig
