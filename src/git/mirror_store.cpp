#include "git/disk_mirror.hpp"
#include "git/libgit2.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/git/mirror.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>

namespace tiphys::git {
namespace {

using base::Code;
using base::Error;
namespace fs = std::filesystem;

class DiskStore final : public MirrorStore {
 public:
  DiskStore(MirrorOptions options, std::shared_ptr<PackChecker> checker)
      : options_(std::move(options)), checker_(std::move(checker)) {}

  base::Result<std::shared_ptr<Mirror>> mirror(const Repository& repository) override {
    const std::string key = repository.key();
    auto mirrors = mirrors_.lock();
    if (auto it = mirrors->find(key); it != mirrors->end()) return it->second;
    TRY_ASSIGN(std::shared_ptr<Mirror> opened,
               DiskMirror::open(options_.root + "/" + base::sha256_hex(key), options_, checker_));
    mirrors->emplace(key, opened);
    return opened;
  }

 private:
  MirrorOptions options_;
  std::shared_ptr<PackChecker> checker_;
  base::Guarded<std::map<std::string, std::shared_ptr<Mirror>>> mirrors_;
};

}  // namespace

base::Result<std::shared_ptr<MirrorStore>> MirrorStore::open(MirrorOptions options,
                                                             std::shared_ptr<PackChecker> checker) {
  TRY(start_libgit2());
  std::error_code failure;
  fs::create_directories(options.root, failure);
  if (!failure)
    fs::permissions(options.root, fs::perms::owner_all, fs::perm_options::replace, failure);
  if (failure)
    return Error(Code::Internal, fmt::format("the folder of git mirrors {} can't be made: {}",
                                             options.root, failure.message()));
  return std::shared_ptr<MirrorStore>(
      std::make_shared<DiskStore>(std::move(options), std::move(checker)));
}

}  // namespace tiphys::git
