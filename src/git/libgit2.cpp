#include "git/libgit2.hpp"

#include <fmt/format.h>

namespace tiphys::git {

using base::Code;
using base::Error;

namespace {

base::Status set_options() {
  TRY(load_libgit2());
  if (const int code = git2().libgit2_init(); code < 0)
    return libgit2_error(code, "starting libgit2");
  for (const int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG,
                          GIT_CONFIG_LEVEL_PROGRAMDATA}) {
    const int code = git2().libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    if (code < 0) return libgit2_error(code, "setting libgit2's options");
  }
  constexpr ssize_t kCacheBytes = ssize_t{16} << 20;
  for (const int code : {git2().libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 1),
                         git2().libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1),
                         git2().libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, kCacheBytes),
                         // A .keep file says nothing in a mirror: skips one stat a pack.
                         git2().libgit2_opts(GIT_OPT_DISABLE_PACK_KEEP_FILE_CHECKS, 1)})
    if (code < 0) return libgit2_error(code, "setting libgit2's options");
  return {};
}

}  // namespace

base::Status start_libgit2() {
  static const base::Status started = set_options();
  return started;
}

Error libgit2_error(int code, std::string_view what) {
  const git_error* last = git2().error_last();
  const char* text = last != nullptr && last->message != nullptr ? last->message : "unknown error";
  Error error(code == GIT_ENOTFOUND ? Code::NotFound : Code::Invalid,
              fmt::format("{}: {}", what, text));
  return error;
}

base::Result<OdbPtr> open_packs(const std::string& objects_folder) {
  git_odb* odb = nullptr;
  if (const int code = git2().odb_new(&odb); code < 0)
    return libgit2_error(code, "opening the mirror");
  OdbPtr owned(odb);
  git_odb_backend* packs = nullptr;
  if (const int code = git2().odb_backend_pack(&packs, objects_folder.c_str()); code < 0)
    return libgit2_error(code, "opening the mirror's packs");
  if (const int code = git2().odb_add_backend(odb, packs, 1); code < 0) {
    packs->free(packs);
    return libgit2_error(code, "opening the mirror's packs");
  }
  return owned;
}

git_oid to_oid(std::string_view hex) {
  git_oid oid{};
  git2().oid_fromstrn(&oid, hex.data(), hex.size());
  return oid;
}

std::string to_hex(const git_oid& oid) {
  std::string out(GIT_OID_SHA1_HEXSIZE, '0');
  git2().oid_fmt(out.data(), &oid);
  return out;
}

}  // namespace tiphys::git
