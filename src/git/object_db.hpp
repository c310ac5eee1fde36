#pragma once

#include "tiphys/base/guarded.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/git/refs.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace tiphys::git {

enum class ObjectType : std::uint8_t { commit, tree, blob, tag };

struct RawObject {
  ObjectType type;
  std::string bytes;
};

/// The objects of one generation of a mirror (a bare repository's folder). Any thread; reads are
/// serialised. The folder is removed with the last user once retire() was called.
class ObjectDb {
 public:
  /// Errors: Internal, Invalid.
  static base::Result<std::shared_ptr<ObjectDb>> open(std::string folder, std::uint64_t max_object);
  ~ObjectDb();
  ObjectDb(const ObjectDb&) = delete;
  ObjectDb& operator=(const ObjectDb&) = delete;

  const std::string& folder() const { return folder_; }
  std::string objects_folder() const { return folder_ + "/objects"; }
  std::string pack_folder() const { return folder_ + "/objects/pack"; }

  bool has(std::string_view id) const;
  /// The size of an object without reading it. Errors: NotFound, Invalid.
  base::Result<std::uint64_t> size(std::string_view id) const;
  /// For ids that other objects name: a failure means damage. Errors: NotFound, Invalid (damaged
  /// or another type), ResourceExhausted.
  base::Result<std::string> read(std::string_view id, ObjectType type) const;
  base::Result<RawObject> read_any(std::string_view id) const;
  /// The one commit whose id starts with prefix. Errors: NotFound, Invalid.
  base::Result<std::string> find_commit(std::string_view prefix) const;
  /// Looks for packs that came since.
  void refresh();
  void retire() { retired_ = true; }
  /// An object that must be there couldn't be read, or read differently than its name says.
  bool damaged() const { return damaged_; }
  void mark_damaged() { damaged_ = true; }
  std::size_t pack_count() const;

 private:
  struct Handle;
  ObjectDb(std::string folder, std::uint64_t max_object, std::unique_ptr<Handle> handle);

  std::string folder_;
  std::uint64_t max_object_;
  base::Guarded<std::unique_ptr<Handle>> handle_;
  std::atomic<bool> retired_ = false;
  mutable std::atomic<bool> damaged_ = false;
};

}  // namespace tiphys::git
