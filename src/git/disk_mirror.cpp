#include "git/disk_mirror.hpp"

#include "git/commit_tree.hpp"
#include "git/git_objects.hpp"
#include "git/protocol.hpp"

#include "tiphys/base/failpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>

namespace tiphys::git {

using base::Code;
using base::Error;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxHaves = 512;
constexpr std::string_view kGeneration = "gen-";

Error disk_error(std::string_view what, const std::error_code& failure) {
  return {Code::Internal, fmt::format("{}: {}", what, failure.message())};
}

base::Status write_bare_repository(const std::string& folder) {
  std::error_code failure;
  fs::create_directories(folder + "/objects/pack", failure);
  if (!failure) fs::create_directories(folder + "/refs", failure);
  if (failure) return disk_error("making a mirror", failure);
  TRY(write_file_atomically(folder + "/HEAD", "ref: refs/heads/main\n"));
  TRY(write_file_atomically(folder + "/config",
                            "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"));
  return write_file_atomically(folder + "/packed-refs", write_packed_refs({}));
}

/// Ids that refs name, each once: tag objects, not what they point to (which they reach).
std::vector<std::string> tips(const Refs& refs) {
  std::set<std::string> out;
  for (const Ref& ref : refs.list) out.insert(ref.id);
  if (!refs.head.empty()) out.insert(refs.head);
  return {out.begin(), out.end()};
}

std::vector<std::string> missing(const ObjectDb& db, const Refs& refs) {
  std::vector<std::string> out = tips(refs);
  std::erase_if(out, [&](const std::string& id) { return db.has(id); });
  return out;
}

std::uint64_t generation_number(const std::string& name) {
  std::uint64_t number = 0;
  if (name.starts_with(kGeneration))
    std::from_chars(name.data() + kGeneration.size(), name.data() + name.size(), number);
  return number;
}

}  // namespace

DiskMirror::DiskMirror(std::string folder, MirrorOptions options,
                       std::shared_ptr<PackChecker> checker)
    : folder_(std::move(folder)), options_(std::move(options)), checker_(std::move(checker)) {}

base::Result<std::shared_ptr<DiskMirror>> DiskMirror::open(std::string folder,
                                                           MirrorOptions options,
                                                           std::shared_ptr<PackChecker> checker) {
  std::shared_ptr<DiskMirror> mirror(
      new DiskMirror(std::move(folder), std::move(options), std::move(checker)));
  std::error_code failure;
  fs::create_directories(mirror->folder_, failure);
  if (failure) return disk_error("making a mirror", failure);
  if (mirror->open_current().ok()) return mirror;
  // Nothing there, or nothing that can be trusted: git has all of it.
  TRY_ASSIGN(auto fresh, mirror->new_generation());
  TRY(mirror->replace(std::move(fresh), {}));
  return mirror;
}

base::Status DiskMirror::open_current() {
  TRY_ASSIGN(std::string name, read_whole_file(folder_ + "/current"));
  if (name.ends_with('\n')) name.pop_back();
  *generation_.lock() = generation_number(name);
  remove_leftovers(name);
  if (generation_number(name) == 0) return Error(Code::Invalid, "no generation");
  const std::string generation = folder_ + "/" + name;
  TRY_ASSIGN(const std::string text, read_whole_file(generation + "/packed-refs"));
  TRY_ASSIGN(MirrorRefs refs, parse_packed_refs(text));
  TRY_ASSIGN(auto opened, ObjectDb::open(generation, options_.limits.object_bytes));
  if (!missing(*opened, refs.refs).empty())
    return Error(Code::Invalid, "the mirror lacks objects that its refs name");
  auto state = state_.lock();
  state->db = std::move(opened);
  state->refs = std::move(refs);
  return {};
}

void DiskMirror::remove_leftovers(const std::string& keep) const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    const std::string name = entry.path().filename();
    if (name != keep && name != "current") fs::remove_all(entry.path(), ignored);
  }
}

base::Result<std::shared_ptr<ObjectDb>> DiskMirror::new_generation() {
  const std::uint64_t number = ++*generation_.lock();
  const std::string folder = fmt::format("{}/{}{}", folder_, kGeneration, number);
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  TRY(write_bare_repository(folder));
  return ObjectDb::open(folder, options_.limits.object_bytes);
}

base::Status DiskMirror::replace(std::shared_ptr<ObjectDb> fresh, MirrorRefs refs) {
  TRY(write_file_atomically(fresh->folder() + "/packed-refs", write_packed_refs(refs)));
  base::failpoint("git.mirror.replace");
  const std::string name = fs::path(fresh->folder()).filename();
  TRY(write_file_atomically(folder_ + "/current", name + "\n"));
  auto state = state_.lock();
  std::swap(state->db, fresh);
  state->refs = std::move(refs);
  if (fresh) fresh->retire();
  return {};
}

Refs DiskMirror::refs() const { return state_.lock()->refs.refs; }

bool DiskMirror::has_commit(std::string_view id) const {
  return is_object_id(id) && find_commit(id).ok();
}

base::Result<std::string> DiskMirror::find_commit(std::string_view prefix) const {
  return db()->find_commit(prefix);
}

base::Result<CommitInfo> DiskMirror::commit(std::string_view id) const {
  if (!is_object_id(id)) return Error(Code::Invalid, fmt::format("'{}' is no commit SHA", id));
  const auto objects = db();
  if (!objects->has(id)) return Error(Code::NotFound, fmt::format("no commit {}", id));
  TRY_ASSIGN(const std::string bytes, objects->read(id, ObjectType::commit));
  return parse_commit(std::string(id), bytes);
}

base::Result<std::shared_ptr<const base::FileTree>> DiskMirror::tree(std::string_view id) {
  TRY_ASSIGN(const CommitInfo info, commit(id));
  return std::shared_ptr<const base::FileTree>(std::make_shared<CommitTree>(db(), info.tree));
}

base::Status DiskMirror::keep(std::string_view commit) {
  if (!has_commit(commit)) return Error(Code::NotFound, fmt::format("no commit {}", commit));
  auto state = state_.lock();
  if (!state->refs.kept.insert(std::string(commit)).second) return {};
  return write_file_atomically(state->db->folder() + "/packed-refs",
                               write_packed_refs(state->refs));
}

bool DiskMirror::is_at(const Refs& refs) const {
  const auto state = state_.lock();
  return !state->db->damaged() && state->refs.refs == refs;
}

base::Status DiskMirror::fetch_into(ObjectDb& db, const Fetch& fetch,
                                    std::span<const std::string> wants,
                                    std::span<const std::string> haves) {
  const std::string quarantine = folder_ + "/quarantine";
  const std::string incoming = quarantine + "/incoming";
  std::error_code failure;
  fs::remove_all(quarantine, failure);
  fs::create_directories(quarantine, failure);
  if (failure) return disk_error("making a quarantine", failure);
  struct Remove {
    const std::string& path;
    ~Remove() {
      std::error_code ignored;
      fs::remove_all(path, ignored);
    }
  } const cleanup{quarantine};

  std::ofstream out(incoming, std::ios::binary | std::ios::trunc);
  std::uint64_t total = 0;
  TRY(fetch.remote.fetch(
      fetch.repository, wants, haves, fetch.limits, [&](std::string_view piece) -> base::Status {
        total += piece.size();
        if (total > options_.limits.pack_bytes)
          return Error(Code::ResourceExhausted,
                       fmt::format("the pack is larger than {} bytes", options_.limits.pack_bytes));
        out.write(piece.data(), static_cast<std::streamsize>(piece.size()));
        if (!out) return Error(Code::Internal, "writing the pack: disk full?");
        return {};
      }));
  out.close();
  if (!out) return Error(Code::Internal, "writing the pack: disk full?");
  TRY_ASSIGN(const std::string name,
             checker_->check({.pack_file = incoming,
                              .mirror_objects = haves.empty() ? "" : db.objects_folder(),
                              .out_folder = quarantine,
                              .limits = options_.limits}));
  base::failpoint("git.mirror.checked");
  // The index last: a pack without one doesn't count.
  for (const std::string_view suffix : {".pack", ".idx"}) {
    fs::rename(fmt::format("{}/{}{}", quarantine, name, suffix),
               fmt::format("{}/{}{}", db.pack_folder(), name, suffix), failure);
    if (failure) return disk_error("moving a pack into the mirror", failure);
  }
  db.refresh();
  for (const std::string& want : wants)
    if (!db.has(want))
      return Error(Code::Invalid, fmt::format("the server's pack lacks object {}", want));
  return {};
}

base::Status DiskMirror::rebuild(const Fetch& fetch, const Refs& refs) {
  std::set<std::string> kept = state_.lock()->refs.kept;
  TRY_ASSIGN(auto fresh, new_generation());
  const std::vector<std::string> wants = tips(refs);
  if (!wants.empty()) {
    if (auto fetched = fetch_into(*fresh, fetch, wants, {}); !fetched.ok()) {
      fresh->retire();
      return fetched;
    }
  }
  std::erase_if(kept, [&](const std::string& id) { return !fresh->has(id); });
  return replace(std::move(fresh), {.refs = refs, .kept = std::move(kept)});
}

base::Status DiskMirror::update(const Repository& repository, const Refs& refs, Remote& remote,
                                const Limits& limits) {
  const Fetch fetch{.repository = repository, .remote = remote, .limits = limits};
  const auto before = *state_.lock();
  if (before.db->damaged()) return rebuild(fetch, refs).context("rebuilding the damaged mirror");
  const std::vector<std::string> wants = missing(*before.db, refs);
  if (!wants.empty()) {
    std::vector<std::string> haves = tips(before.refs.refs);
    if (haves.size() > kMaxHaves) haves.resize(kMaxHaves);
    auto fetched = fetch_into(*before.db, fetch, wants, haves);
    if (!fetched.ok() && fetched.error().code() == Code::Invalid && !haves.empty()) {
      // Either the server or our own mirror is broken; the server alone can tell.
      return rebuild(fetch, refs);
    }
    TRY(std::move(fetched));
  }
  {
    auto state = state_.lock();
    state->refs.refs = refs;
    TRY(write_file_atomically(state->db->folder() + "/packed-refs",
                              write_packed_refs(state->refs)));
  }
  if (before.db->pack_count() <= options_.max_packs) return {};
  // The refs are there already: a failure here only costs a rebuild at the next poll.
  if (!repack().ok()) before.db->mark_damaged();
  return {};
}

base::Status DiskMirror::repack() {
  const auto before = *state_.lock();
  TRY_ASSIGN(auto fresh, new_generation());
  if (auto packed = repack_objects(*before.db, before.refs, *fresh); !packed.ok()) {
    fresh->retire();
    return packed;
  }
  fresh->refresh();
  const auto current = state_.lock()->refs;  // keep() may have added one meanwhile
  for (const auto& id : current.kept)
    if (!fresh->has(id)) {
      fresh->retire();
      return Error(Code::Conflict, "a commit was kept meanwhile");
    }
  return replace(std::move(fresh), current);
}

}  // namespace tiphys::git
