#include "helm/local_dependencies.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/value/json.hpp"

#include <string>
#include <string_view>

namespace tiphys::helm {

using base::FileEntry;
using base::FileKind;
using base::Result;
using base::Status;

namespace {

/// Changes whenever the renderer may print something else for the same input.
constexpr std::string_view kBuild = "tiphys-helm-1 " TIPHYS_VERSION;

/// Every field goes in with its name and its length, so no two inputs encode alike.
class Encoder {
 public:
  void add(std::string_view name, std::string_view bytes) {
    stream_.update(name);
    stream_.update("=");
    stream_.update(std::to_string(bytes.size()));
    stream_.update(":");
    stream_.update(bytes);
    stream_.update("\n");
  }
  void add(std::string_view name, std::int64_t number) { add(name, std::to_string(number)); }
  std::string finish() { return base::to_hex(stream_.finish()); }

 private:
  base::Sha256Stream stream_;
};

/// A folder by its id where the tree knows one (git does), else file by file.
Status add_folder(Encoder& encoder, const base::FileTree& tree, const std::string& path) {
  TRY_ASSIGN(const std::vector<FileEntry> entries, tree.list(path));
  for (const FileEntry& entry : entries) {
    const std::string at = base::join_path(path, entry.name);
    encoder.add("entry", at);
    encoder.add("kind", static_cast<std::int64_t>(entry.kind));
    if (entry.kind == FileKind::directory) {
      TRY(add_folder(encoder, tree, at));
    } else if (!entry.id.empty()) {
      encoder.add("id", entry.id);
    } else if (entry.kind != FileKind::submodule) {
      TRY_ASSIGN(const std::string bytes, tree.read(at));
      encoder.add("bytes", base::sha256_hex(bytes));
    }
    // What a link points to may lie outside the folder.
    if (entry.kind == FileKind::symlink) {
      TRY_ASSIGN(const FileEntry root, tree.stat(""));
      encoder.add("root", root.id);
      TRY_ASSIGN(const std::string target, tree.read(at));
      const auto clean = base::clean_path(base::join_path(path, target));
      if (!clean.ok()) continue;
      const auto found = tree.stat(*clean);
      encoder.add("target", found.ok() ? found->id : "");
    }
  }
  return {};
}

}  // namespace

Result<std::string> cache_key(const RenderInput& input) {
  Encoder encoder;
  encoder.add("build", kBuild);
  encoder.add("profile", static_cast<std::int64_t>(input.profile));
  encoder.add("path", input.chart.path);
  if (input.chart.tree != nullptr) {
    TRY(add_folder(encoder, *input.chart.tree, input.chart.path));
  } else {
    encoder.add("archive", base::sha256_hex(input.chart.archive));
  }
  for (const ValueInput& item : input.values) {
    encoder.add("role", static_cast<std::int64_t>(item.role));
    encoder.add("path", item.path);
    encoder.add("text", item.text);
    if (item.role == InputRole::object) {
      TRY_ASSIGN(const std::string json, value::write_json(item.tree));
      encoder.add("tree", json);
    }
    encoder.add("unread", item.read_error);
  }
  for (const auto& [path, bytes] : input.set_files) {
    encoder.add("set-file", path);
    encoder.add("bytes", bytes);
  }
  encoder.add("name", input.release.name);
  encoder.add("name-template", input.release.name_template);
  encoder.add("namespace", input.release.namespace_);
  encoder.add("install", input.release.is_install ? 1 : 0);
  encoder.add("upgrade", input.release.is_upgrade ? 1 : 0);
  encoder.add("revision", input.release.revision);
  encoder.add("kube", input.kube_version);
  for (const std::string& version : input.api_versions) encoder.add("api", version);
  encoder.add("only-api", input.only_api_versions ? 1 : 0);
  encoder.add("crds", input.include_crds ? 1 : 0);
  encoder.add("tests", input.skip_tests ? 1 : 0);
  encoder.add("schema", input.skip_schema_validation ? 1 : 0);
  encoder.add("local", input.local_dependencies ? 1 : 0);
  if (input.local_dependencies && input.chart.tree != nullptr) {
    for (const std::string& path :
         local_paths(*input.chart.tree, input.chart.path, input.profile)) {
      encoder.add("dependency", path);
      if (input.chart.tree->stat(path).ok()) TRY(add_folder(encoder, *input.chart.tree, path));
    }
  }
  encoder.add("partial", input.keep_partial ? 1 : 0);
  encoder.add("lookup", input.lookup ? 1 : 0);
  return encoder.finish();
}

}  // namespace tiphys::helm
