#include "git/object_db.hpp"

#include "git/libgit2.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <vector>

namespace tiphys::git {

using base::Code;
using base::Error;

struct ObjectDb::Handle {
  OdbPtr odb;
};

namespace {

constexpr git_object_t kTypes[] = {GIT_OBJECT_COMMIT, GIT_OBJECT_TREE, GIT_OBJECT_BLOB,
                                   GIT_OBJECT_TAG};
constexpr std::string_view kNames[] = {"commit", "tree", "blob", "tag"};

std::string_view name_of(ObjectType type) { return kNames[static_cast<std::size_t>(type)]; }

base::Result<ObjectType> type_of(git_object_t type) {
  for (std::size_t i = 0; i < std::size(kTypes); ++i)
    if (kTypes[i] == type) return static_cast<ObjectType>(i);
  return Error(Code::Invalid, "unknown type of git object");
}

struct PrefixSearch {
  git_odb* odb;
  std::string prefix;
  std::vector<std::string> found;
};

int collect_commit(const git_oid* oid, void* payload) {
  auto* search = static_cast<PrefixSearch*>(payload);
  std::string id = to_hex(*oid);
  if (!id.starts_with(search->prefix)) return 0;
  std::size_t length = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git2().odb_read_header(&length, &type, search->odb, oid) == 0 && type == GIT_OBJECT_COMMIT)
    search->found.push_back(std::move(id));
  return 0;
}

}  // namespace

ObjectDb::ObjectDb(std::string folder, std::uint64_t max_object, std::unique_ptr<Handle> handle)
    : folder_(std::move(folder)), max_object_(max_object), handle_(std::move(handle)) {}

ObjectDb::~ObjectDb() {
  handle_.lock()->reset();
  if (!retired_) return;
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

base::Result<std::shared_ptr<ObjectDb>> ObjectDb::open(std::string folder,
                                                       std::uint64_t max_object) {
  TRY_ASSIGN(OdbPtr odb, open_packs(folder + "/objects"));
  auto handle = std::make_unique<Handle>();
  handle->odb = std::move(odb);
  return std::shared_ptr<ObjectDb>(new ObjectDb(std::move(folder), max_object, std::move(handle)));
}

bool ObjectDb::has(std::string_view id) const {
  const git_oid oid = to_oid(id);
  const auto handle = handle_.lock();
  return git2().odb_exists_ext((*handle)->odb.get(), &oid, GIT_ODB_LOOKUP_NO_REFRESH) == 1;
}

base::Result<std::uint64_t> ObjectDb::size(std::string_view id) const {
  const git_oid oid = to_oid(id);
  std::size_t length = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  const auto handle = handle_.lock();
  const int code = git2().odb_read_header(&length, &type, (*handle)->odb.get(), &oid);
  if (code < 0) return libgit2_error(code, fmt::format("reading object {}", id));
  return std::uint64_t{length};
}

base::Result<RawObject> ObjectDb::read_any(std::string_view id) const {
  const git_oid oid = to_oid(id);
  const auto handle = handle_.lock();
  git_odb* odb = (*handle)->odb.get();
  std::size_t length = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  int code = git2().odb_read_header(&length, &type, odb, &oid);
  damaged_ = damaged_ || code < 0;
  if (code < 0) return libgit2_error(code, fmt::format("reading object {}", id));
  if (length > max_object_)
    return Error(Code::ResourceExhausted,
                 fmt::format("object {} is larger than {} bytes", id, max_object_));
  git_odb_object* object = nullptr;
  code = git2().odb_read(&object, odb, &oid);
  damaged_ = damaged_ || code < 0;
  if (code < 0) return libgit2_error(code, fmt::format("reading object {}", id));
  const OdbObjectPtr owned(object);
  TRY_ASSIGN(const ObjectType ours, type_of(git2().odb_object_type(object)));
  const auto* bytes = static_cast<const char*>(git2().odb_object_data(object));
  return RawObject{ours, std::string(bytes, git2().odb_object_size(object))};
}

base::Result<std::string> ObjectDb::read(std::string_view id, ObjectType type) const {
  TRY_ASSIGN(RawObject object, read_any(id));
  if (object.type != type)
    return Error(Code::Invalid, fmt::format("object {} is a {}, not a {}", id, name_of(object.type),
                                            name_of(type)));
  return std::move(object.bytes);
}

base::Result<std::string> ObjectDb::find_commit(std::string_view prefix) const {
  const auto handle = handle_.lock();
  git_odb* odb = (*handle)->odb.get();
  const git_oid wanted = to_oid(prefix);
  git_oid full{};
  const int code = git2().odb_exists_prefix(&full, odb, &wanted, prefix.size());
  if (code == GIT_ENOTFOUND) {
    return Error(Code::NotFound, fmt::format("no commit {}", prefix));
  }
  PrefixSearch search{odb, std::string(prefix), {}};
  if (code == GIT_EAMBIGUOUS) {
    // Other objects may share the prefix; only commits count. Rare, so a walk will do.
    if (const int walked = git2().odb_foreach(odb, collect_commit, &search); walked < 0)
      return libgit2_error(walked, "searching the mirror");
  } else if (code < 0) {
    return libgit2_error(code, "searching the mirror");
  } else {
    collect_commit(&full, &search);
  }
  if (search.found.empty()) return Error(Code::NotFound, fmt::format("no commit {}", prefix));
  if (search.found.size() > 1)
    return Error(Code::Invalid,
                 fmt::format("the short SHA '{}' is ambiguous: {} commits begin with it", prefix,
                             search.found.size()));
  return std::move(search.found.front());
}

void ObjectDb::refresh() { git2().odb_refresh((*handle_.lock())->odb.get()); }

std::size_t ObjectDb::pack_count() const {
  std::size_t count = 0;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(pack_folder(), failure))
    if (entry.path().extension() == ".idx") ++count;
  return count;
}

}  // namespace tiphys::git
