#include "git/packed_refs.hpp"

#include "git/pkt_line.hpp"
#include "git/protocol.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace tiphys::git {
namespace {

using base::Code;
using base::Error;

// git takes one comment, the first line, and passes over traits that it doesn't know.
constexpr std::string_view kHeader = "# pack-refs with: peeled ";
constexpr std::string_view kTarget = "head:";
constexpr std::string_view kHead = "refs/tiphys/HEAD";
constexpr std::string_view kKeep = "refs/tiphys/keep/";

base::Status add_line(std::string_view line, MirrorRefs& out) {
  if (line.starts_with(kHeader)) {
    const auto target = line.find(kTarget);
    if (target == std::string_view::npos) return {};
    out.refs.head_target = line.substr(target + kTarget.size());
    while (out.refs.head_target.ends_with(' ')) out.refs.head_target.pop_back();
    return {};
  }
  if (line.starts_with('^') && is_object_id(line.substr(1)) && !out.refs.list.empty()) {
    out.refs.list.back().peeled = line.substr(1);
    return {};
  }
  if (line.size() < 42 || line[40] != ' ' || !is_object_id(line.substr(0, 40)))
    return Error(Code::Invalid, "malformed packed-refs");
  const std::string id(line.substr(0, 40));
  const std::string_view name = line.substr(41);
  if (name == kHead)
    out.refs.head = id;
  else if (name.starts_with(kKeep))
    out.kept.insert(id);
  else
    out.refs.list.push_back({std::string(name), id, ""});
  return {};
}

Error disk_error(std::string_view what, const std::string& path) {
  return {Code::Internal, fmt::format("{} {}: {}", what, path,
                                      std::error_code(errno, std::generic_category()).message())};
}

base::Status write_synced(const std::string& path, std::string_view bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return disk_error("writing", path);
  base::Status outcome;
  while (!bytes.empty() && outcome.ok()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) outcome = disk_error("writing", path);
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  if (outcome.ok() && ::fsync(fd) != 0) outcome = disk_error("writing", path);
  ::close(fd);
  return outcome;
}

}  // namespace

std::string write_packed_refs(const MirrorRefs& refs) {
  std::string out(kHeader);
  if (!refs.refs.head_target.empty()) out += fmt::format("{}{} ", kTarget, refs.refs.head_target);
  out += '\n';
  for (const Ref& ref : refs.refs.list) {
    out += fmt::format("{} {}\n", ref.id, ref.name);
    if (!ref.peeled.empty()) out += fmt::format("^{}\n", ref.peeled);
  }
  if (!refs.refs.head.empty()) out += fmt::format("{} {}\n", refs.refs.head, kHead);
  for (const auto& id : refs.kept) out += fmt::format("{} {}{}\n", id, kKeep, id);
  return out;
}

base::Result<MirrorRefs> parse_packed_refs(std::string_view text) {
  if (!text.starts_with(kHeader)) return Error(Code::Invalid, "malformed packed-refs");
  MirrorRefs out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return Error(Code::Invalid, "packed-refs ends early");
    TRY(add_line(text.substr(0, end), out));
    text.remove_prefix(end + 1);
  }
  return out;
}

base::Status write_file_atomically(const std::string& path, std::string_view bytes) {
  const std::string fresh = path + ".new";
  TRY(write_synced(fresh, bytes));
  std::error_code failure;
  std::filesystem::rename(fresh, path, failure);
  if (failure) return Error(Code::Internal, fmt::format("writing {}: {}", path, failure.message()));
  return {};
}

base::Result<std::string> read_whole_file(const std::string& path) {
  const std::ifstream in(path, std::ios::binary);
  if (!in) return Error(Code::NotFound, "no file " + path);
  std::ostringstream out;
  out << in.rdbuf();
  if (in.bad()) return Error(Code::Internal, "reading " + path);
  return std::move(out).str();
}

}  // namespace tiphys::git
