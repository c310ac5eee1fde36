#include "git/disk_mirror.hpp"
#include "git/libgit2.hpp"

#include <set>
#include <string>

namespace tiphys::git {
namespace {

base::Status check(int code) {
  if (code < 0) return libgit2_error(code, "packing the mirror anew");
  return {};
}

/// Commits go to the walk, everything else (tag objects and what they name) straight into the pack.
base::Status add_tip(git_packbuilder* builder, git_revwalk* walk, const ObjectDb& from,
                     const std::string& id) {
  TRY_ASSIGN(const RawObject object, from.read_any(id));
  const git_oid oid = to_oid(id);
  if (object.type == ObjectType::commit) return check(git2().revwalk_push(walk, &oid));
  if (object.type != ObjectType::tag)
    return check(git2().packbuilder_insert_recur(builder, &oid, nullptr));
  TRY(check(git2().packbuilder_insert(builder, &oid, nullptr)));
  constexpr std::string_view kObject = "object ";
  const auto target = object.bytes.substr(kObject.size(), GIT_OID_SHA1_HEXSIZE);
  return add_tip(builder, walk, from, target);
}

}  // namespace

base::Status repack_objects(const ObjectDb& from, const MirrorRefs& refs, const ObjectDb& to) {
  std::set<std::string> tips = refs.kept;
  for (const Ref& ref : refs.refs.list) tips.insert(ref.id);
  if (!refs.refs.head.empty()) tips.insert(refs.refs.head);
  if (tips.empty()) return {};

  // A handle of its own: packing takes long, and readers must not wait for it.
  TRY_ASSIGN(const OdbPtr odb, open_packs(from.objects_folder()));
  git_repository* repository = nullptr;
  TRY(check(git2().repository_wrap_odb(&repository, odb.get())));
  const RepositoryPtr owned_repository(repository);
  git_packbuilder* builder = nullptr;
  TRY(check(git2().packbuilder_new(&builder, repository)));
  const PackBuilderPtr owned_builder(builder);
  git2().packbuilder_set_threads(builder, 1);
  git_revwalk* walk = nullptr;
  TRY(check(git2().revwalk_new(&walk, repository)));
  const RevwalkPtr owned_walk(walk);
  for (const std::string& id : tips) TRY(add_tip(builder, walk, from, id));
  TRY(check(git2().packbuilder_insert_walk(builder, walk)));
  return check(git2().packbuilder_write(builder, to.pack_folder().c_str(), 0644, nullptr, nullptr));
}

}  // namespace tiphys::git
