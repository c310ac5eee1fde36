#include "worker/channel.hpp"

#include "tiphys/worker/job.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace tiphys::worker {

using base::Code;
using base::Error;

namespace {

/// The kernel's own struct, of which older headers know the first member only.
struct Ruleset {
  std::uint64_t files = 0;
  std::uint64_t network = 0;
};

// Rights that older headers lack (Landlock versions 2, 3 and 5; network: 4).
constexpr std::uint64_t kRefer = std::uint64_t{1} << 13U;
constexpr std::uint64_t kTruncate = std::uint64_t{1} << 14U;
constexpr std::uint64_t kDeviceControl = std::uint64_t{1} << 15U;
constexpr std::uint64_t kAllOfVersion1 = (std::uint64_t{1} << 13U) - 1;
constexpr std::uint64_t kAllTcp = 3;

constexpr std::uint64_t kReadFile = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t kWriteFile = LANDLOCK_ACCESS_FS_WRITE_FILE;
constexpr std::uint64_t kReadFolder = LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kChangeFolder =
    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE;

Error failed(std::string_view what) {
  return {Code::Internal, fmt::format("{}: {}", what, std::generic_category().message(errno))};
}

Ruleset everything(long version) {
  Ruleset out{.files = kAllOfVersion1, .network = 0};
  if (version >= 2) out.files |= kRefer;
  if (version >= 3) out.files |= kTruncate;
  if (version >= 4) out.network = kAllTcp;
  if (version >= 5) out.files |= kDeviceControl;
  return out;
}

base::Status allow(int ruleset, const std::string& path, std::uint64_t rights) {
  const Fd fd(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (fd.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    return failed("opening " + path);
  }
  struct stat about{};
  if (::fstat(fd.get(), &about) != 0) return failed("looking at " + path);
  if (!S_ISDIR(about.st_mode)) rights &= kReadFile | kWriteFile | kTruncate;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = rights;
  rule.parent_fd = fd.get();
  if (::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
    return failed("allowing " + path);
  return {};
}

}  // namespace

long landlock_version() {
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version < 0 ? 0 : version;
}

base::Result<bool> allow_only(const Reachable& reachable) {
  const long version = landlock_version();
  if (version < 1) return false;
  const Ruleset all = everything(version);
  const std::size_t size = version >= 4 ? sizeof all : sizeof all.files;
  const Fd ruleset(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &all, size, 0)));
  if (ruleset.get() < 0) return failed("making a Landlock ruleset");
  for (const std::string& path : reachable.read)
    TRY(allow(ruleset.get(), path, (kReadFile | kReadFolder) & all.files));
  for (const std::string& path : reachable.write)
    TRY(allow(ruleset.get(), path,
              (kReadFile | kReadFolder | kWriteFile | kChangeFolder | kTruncate) & all.files));
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("giving up new privileges");
  if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0)
    return failed("entering a Landlock ruleset");
  return true;
}

}  // namespace tiphys::worker
