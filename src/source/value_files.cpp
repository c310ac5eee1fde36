#include "source/helm_source.hpp"
#include "source/links.hpp"

#include "tiphys/text/glob.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace tiphys::source {
namespace {

using base::Code;
using base::Error;
using base::FileEntry;
using base::FileKind;

constexpr std::size_t kMaxGlobFiles = 10'000;

bool is_glob(std::string_view path) { return path.find_first_of("*?[") != std::string_view::npos; }

std::string_view scheme_of(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view scheme = text.substr(0, colon);
  const bool good = std::ranges::all_of(scheme, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.';
  });
  return good && std::isalpha(static_cast<unsigned char>(scheme.front())) != 0 ? scheme
                                                                               : std::string_view();
}

/// All files below a folder that the pattern matches, in the order of their names.
class Matcher {
 public:
  Matcher(const base::FileTree& tree, const std::string& pattern)
      : tree_(tree), pattern_(pattern) {}

  base::Result<std::vector<std::string>> run() {
    const auto wild = pattern_.find_first_of("*?[");
    const auto slash = pattern_.rfind('/', wild);
    const std::string folder = slash == std::string::npos ? "" : pattern_.substr(0, slash);
    const auto entry = tree_.stat(folder);
    if (entry.ok() && entry->kind == FileKind::directory) TRY(walk(folder));
    std::ranges::sort(found_);
    return std::move(found_);
  }

 private:
  base::Status walk(const std::string& folder) {
    TRY_ASSIGN(const std::vector<FileEntry> entries, tree_.list(folder));
    for (const FileEntry& entry : entries) {
      const std::string path = base::join_path(folder, entry.name);
      if (entry.kind == FileKind::directory) {
        TRY(walk(path));
        continue;
      }
      TRY_ASSIGN(const bool matches, text::doublestar_match(pattern_, path));
      if (!matches || entry.kind == FileKind::submodule) continue;
      if (found_.size() >= kMaxGlobFiles)
        return Error(Code::ResourceExhausted,
                     fmt::format("more than {} value files match", kMaxGlobFiles));
      found_.push_back(path);
    }
    return {};
  }

  const base::FileTree& tree_;
  const std::string& pattern_;
  std::vector<std::string> found_;
};

}  // namespace

base::Result<std::string> input_path(const std::string& chart, std::string_view file) {
  if (const std::string_view scheme = scheme_of(file); !scheme.empty()) {
    if (scheme == "http" || scheme == "https")
      return Error(Code::Unimplemented, "not supported: value files at a URL");
    return Error(Code::Invalid, fmt::format("the URL scheme '{}' is not allowed", scheme));
  }
  const bool from_root = file.starts_with('/');
  while (file.starts_with('/')) file.remove_prefix(1);
  auto cleaned = base::clean_path(from_root ? std::string(file) : base::join_path(chart, file));
  if (!cleaned.ok())
    return Error(Code::Invalid,
                 fmt::format("value file '{}' resolved to outside repository root", file));
  return cleaned;
}

base::Result<std::vector<ValueFile>> value_files(const base::FileTree& tree,
                                                 const std::string& chart,
                                                 const api::HelmOptions& options,
                                                 const BuildEnv& env) {
  std::vector<ValueFile> wanted;
  std::set<std::string> listed;
  for (const std::string& raw : options.value_files) {
    ValueFile file{.shown = env.expand(raw), .path = ""};
    TRY_ASSIGN(file.path, input_path(chart, file.shown).context("error resolving value file path"));
    if (!is_glob(file.path)) listed.insert(file.path);
    wanted.push_back(std::move(file));
  }
  std::vector<ValueFile> out;
  std::set<std::string> seen;
  for (ValueFile& file : wanted) {
    if (!is_glob(file.path)) {
      const auto real = real_path(tree, file.path);
      const bool missing = !real.ok() && real.error().code() == Code::NotFound;
      if (missing && options.ignore_missing_value_files) continue;
      if (seen.insert(file.path).second) out.push_back(std::move(file));
      continue;
    }
    TRY_ASSIGN(const std::vector<std::string> matches,
               Matcher(tree, file.path).run().context("error expanding glob pattern"));
    if (matches.empty() && !options.ignore_missing_value_files)
      return Error(Code::NotFound,
                   fmt::format("values file glob \"{}\" matched no files", file.shown));
    for (const std::string& match : matches)
      if (!listed.contains(match) && seen.insert(match).second)
        out.push_back({.shown = match, .path = match});
  }
  return out;
}

}  // namespace tiphys::source
