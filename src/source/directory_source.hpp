#pragma once

#include "tiphys/api/source.hpp"
#include "tiphys/base/file_tree.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/source/renderer.hpp"
#include "tiphys/value/value.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tiphys::source {

/// One file that a plain directory would apply.
struct ManifestFile {
  std::string name;  ///< below the application's path
  std::string path;  ///< in the repository, links followed
  std::string id;    ///< of its content
};

/// The files of a directory source in Go's filepath.Walk order, before any is read. Errors:
/// Unimplemented for jsonnet, Invalid for a glob that doesn't compile or a link out of the
/// repository, ResourceExhausted over max_bytes.
base::Result<std::vector<ManifestFile>> manifest_files(const base::FileTree& tree,
                                                       const std::string& path,
                                                       const api::DirectoryOptions& options,
                                                       std::size_t max_bytes);

base::Result<std::vector<ManifestText>> read_files(const base::FileTree& tree,
                                                   const std::vector<ManifestFile>& files);

/// The objects in files. A YAML file that isn't one is passed over unless it looks like a manifest,
/// as Argo CD does. Errors: Invalid naming the file.
base::Result<std::vector<value::Value>> read_manifests(const std::vector<ManifestText>& files);

}  // namespace tiphys::source
