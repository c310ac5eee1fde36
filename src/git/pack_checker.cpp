#include "tiphys/git/pack_checker.hpp"

#include "git/libgit2.hpp"
#include "git/pack_scan.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace tiphys::git {
namespace {

using base::Code;
using base::Error;

class InProcessChecker final : public PackChecker {
 public:
  base::Result<std::string> check(const PackJob& job) override;
};

base::Status index_bytes(git_indexer* indexer, const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<char> buffer(std::size_t{1} << 16);
  git_indexer_progress progress{};
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
    const int code = git2().indexer_append(indexer, buffer.data(),
                                           static_cast<std::size_t>(in.gcount()), &progress);
    if (code < 0) return libgit2_error(code, "damaged pack");
  }
  if (in.bad()) return Error(Code::Internal, "reading the quarantined pack failed");
  if (const int code = git2().indexer_commit(indexer, &progress); code < 0)
    return libgit2_error(code, "damaged pack");
  return {};
}

base::Result<std::string> InProcessChecker::check(const PackJob& job) {
  TRY(start_libgit2());
  std::error_code failure;
  const auto size = std::filesystem::file_size(job.pack_file, failure);
  if (failure) return Error(Code::Internal, "the quarantined pack can't be read");
  if (size > job.limits.pack_bytes)
    return Error(Code::ResourceExhausted,
                 fmt::format("the pack is larger than {} bytes", job.limits.pack_bytes));
  TRY(scan_pack(job.pack_file, job.limits));
  OdbPtr mirror;
  if (!job.mirror_objects.empty()) {
    TRY_ASSIGN(mirror, open_packs(job.mirror_objects));
  }
  git_indexer_options options{};
  options.version = GIT_INDEXER_OPTIONS_VERSION;
  // Everything that an object of the pack names must be in the pack or in the mirror.
  options.verify = 1;
  git_indexer* raw = nullptr;
  if (const int code =
          git2().indexer_new(&raw, job.out_folder.c_str(), 0644, mirror.get(), &options);
      code < 0)
    return libgit2_error(code, "indexing a pack");
  const IndexerPtr indexer(raw);
  TRY(index_bytes(raw, job.pack_file));
  return fmt::format("pack-{}", git2().indexer_name(raw));
}

}  // namespace

std::unique_ptr<PackChecker> make_in_process_checker() {
  return std::make_unique<InProcessChecker>();
}

}  // namespace tiphys::git
