#include "source/directory_source.hpp"

#include "source/links.hpp"

#include "tiphys/text/glob.hpp"
#include "tiphys/value/json.hpp"
#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace tiphys::source {
namespace {

using base::Code;
using base::Error;
using base::FileEntry;
using base::FileKind;
using value::Value;

constexpr std::string_view kSkipMarker = "+argocd:skip-file-rendering";

bool has_manifest_extension(std::string_view name) {
  static constexpr std::string_view kExtensions[] = {".yaml", ".yml", ".json", ".jsonnet"};
  return std::ranges::any_of(kExtensions, [&](std::string_view e) { return name.ends_with(e); });
}

class Finder {
 public:
  Finder(const base::FileTree& tree, std::string root, const api::DirectoryOptions& options,
         std::size_t max_bytes)
      : tree_(tree), root_(std::move(root)), options_(options), max_bytes_(max_bytes) {}

  base::Result<std::vector<ManifestFile>> run() {
    TRY_ASSIGN(include_, compile(options_.include, "include"));
    TRY_ASSIGN(exclude_, compile(options_.exclude, "exclude"));
    TRY(folder(""));
    return std::move(files_);
  }

 private:
  static base::Result<std::optional<text::Glob>> compile(const std::string& pattern,
                                                         std::string_view field) {
    if (pattern.empty()) return std::optional<text::Glob>();
    auto glob = text::Glob::compile(pattern);
    if (!glob.ok())
      return std::move(glob).context(fmt::format("spec.source.directory.{}", field)).error();
    return std::optional<text::Glob>(*std::move(glob));
  }

  base::Status folder(const std::string& below) {
    TRY_ASSIGN(const std::vector<FileEntry> entries, tree_.list(base::join_path(root_, below)));
    for (const FileEntry& entry : entries) {
      const std::string name = base::join_path(below, entry.name);
      if (entry.kind == FileKind::directory) {
        if (options_.recurse) TRY(folder(name));
        continue;
      }
      TRY(file(name, entry));
    }
    return {};
  }

  base::Status file(const std::string& name, const FileEntry& entry) {
    if (!options_.disable_extension_filter && !has_manifest_extension(entry.name)) return {};
    auto path = real_path(tree_, base::join_path(root_, name));
    if (!path.ok() && path.error().code() == Code::NotFound) return {};  // a link to nothing
    if (!path.ok()) return std::move(path).error();
    TRY_ASSIGN(const FileEntry real, tree_.stat(*path));
    if (real.kind != FileKind::file) return {};
    if (exclude_ && exclude_->match(name)) return {};
    if (include_ && !include_->match(name)) return {};
    if (entry.name.ends_with(".jsonnet"))
      return Error(Code::Unimplemented, fmt::format("not supported: jsonnet ({})", name));
    bytes_ += real.size;
    if (bytes_ > max_bytes_)
      return Error(
          Code::ResourceExhausted,
          fmt::format("the directory's manifests are together larger than {} bytes", max_bytes_));
    files_.push_back({.name = name, .path = *std::move(path), .id = real.id});
    return {};
  }

  const base::FileTree& tree_;
  std::string root_;
  const api::DirectoryOptions& options_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::optional<text::Glob> include_;
  std::optional<text::Glob> exclude_;
  std::vector<ManifestFile> files_;
};

bool looks_like_manifest(std::string_view bytes) {
  return bytes.find("apiVersion:") != std::string_view::npos &&
         bytes.find("kind:") != std::string_view::npos &&
         bytes.find("metadata:") != std::string_view::npos;
}

Error unmarshal_error(const std::string& name, const std::string& why) {
  return {Code::Invalid, fmt::format("Failed to unmarshal \"{}\": {}", name, why)};
}

std::optional<std::string> not_an_object(const Value& tree) {
  if (!tree.is_map()) return "expected an object";
  if (tree["kind"].text().empty()) return "Object 'Kind' is missing";
  return std::nullopt;
}

base::Status read_json_file(const std::string& name, const std::string& bytes,
                            std::vector<Value>& out) {
  auto tree = value::parse_json(bytes);
  if (!tree.ok()) return unmarshal_error(name, tree.error().text());
  if (const auto why = not_an_object(*tree)) return unmarshal_error(name, *why);
  out.push_back(*std::move(tree));
  return {};
}

base::Status read_yaml_file(const std::string& name, const std::string& bytes,
                            std::vector<Value>& out) {
  std::vector<Value> found;
  std::optional<std::string> problem;
  auto documents = value::split_documents(bytes);
  if (!documents.ok()) problem = documents.error().text();
  for (std::size_t i = 0; documents.ok() && i < documents->size() && !problem; ++i) {
    if ((*documents)[i].empty) continue;
    auto tree = value::parse_yaml((*documents)[i].text);
    if (!tree.ok()) {
      problem = tree.error().text();
    } else if (!tree->is_null()) {
      problem = not_an_object(*tree);
      if (!problem) found.push_back(*std::move(tree));
    }
  }
  // A file that has nothing to do with Kubernetes may lie among manifests.
  if (problem && (!found.empty() || looks_like_manifest(bytes)))
    return unmarshal_error(name, *problem);
  std::ranges::move(found, std::back_inserter(out));
  return {};
}

}  // namespace

base::Result<std::vector<ManifestFile>> manifest_files(const base::FileTree& tree,
                                                       const std::string& path,
                                                       const api::DirectoryOptions& options,
                                                       std::size_t max_bytes) {
  return Finder(tree, path, options, max_bytes).run();
}

base::Result<std::vector<ManifestText>> read_files(const base::FileTree& tree,
                                                   const std::vector<ManifestFile>& files) {
  std::vector<ManifestText> texts;
  texts.reserve(files.size());
  for (const ManifestFile& file : files) {
    TRY_ASSIGN(std::string bytes, tree.read(file.path));
    texts.push_back({.name = file.name, .bytes = std::move(bytes)});
  }
  return texts;
}

base::Result<std::vector<Value>> read_manifests(const std::vector<ManifestText>& files) {
  std::vector<Value> out;
  for (const ManifestText& file : files) {
    const std::string& bytes = file.bytes;
    if (bytes.find(kSkipMarker) != std::string::npos) continue;
    if (file.name.ends_with(".json"))
      TRY(read_json_file(file.name, bytes, out));
    else
      TRY(read_yaml_file(file.name, bytes, out));
  }
  return out;
}

}  // namespace tiphys::source
