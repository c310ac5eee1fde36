#include "git/git_objects.hpp"

#include "git/protocol.hpp"

#include "tiphys/base/encoding.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace tiphys::git {
namespace {

using base::Code;
using base::Error;
using base::FileEntry;
using base::FileKind;

std::optional<FileKind> kind_of_mode(std::string_view mode) {
  struct Row {
    std::string_view mode;
    FileKind kind;
  };
  static constexpr Row kRows[] = {{"100644", FileKind::file},     {"100755", FileKind::file},
                                  {"100664", FileKind::file},     {"40000", FileKind::directory},
                                  {"120000", FileKind::symlink},  {"040000", FileKind::directory},
                                  {"160000", FileKind::submodule}};
  const auto* row = std::ranges::find(kRows, mode, &Row::mode);
  if (row == std::end(kRows)) return std::nullopt;
  return row->kind;
}

bool is_file_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos;
}

/// "Name <mail> 1700000000 +0100" -> who and when.
void parse_person(std::string_view text, CommitInfo& out) {
  const auto close = text.rfind('>');
  if (close == std::string_view::npos) {
    out.author = text;
    return;
  }
  out.author = text.substr(0, close + 1);
  std::string_view rest = text.substr(close + 1);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  std::int64_t seconds = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), seconds);
  constexpr std::int64_t kFar = 253'402'300'799;  // the end of the year 9999
  out.date = base::WallTime(std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kFar)));
}

}  // namespace

base::Result<std::vector<FileEntry>> parse_tree(std::string_view bytes) {
  std::vector<FileEntry> out;
  while (!bytes.empty()) {
    const auto blank = bytes.find(' ');
    const auto nul = bytes.find('\0');
    if (blank > 6 || nul == std::string_view::npos || nul < blank || bytes.size() < nul + 21)
      return Error(Code::Invalid, "malformed git tree");
    const auto kind = kind_of_mode(bytes.substr(0, blank));
    const std::string_view name = bytes.substr(blank + 1, nul - blank - 1);
    if (!kind || !is_file_name(name)) return Error(Code::Invalid, "malformed git tree entry");
    out.push_back({.name = std::string(name),
                   .kind = *kind,
                   .id = base::to_hex(bytes.substr(nul + 1, 20)),
                   .size = 0});
    bytes.remove_prefix(nul + 21);
  }
  std::ranges::sort(out, {}, &FileEntry::name);
  if (std::ranges::adjacent_find(out, {}, &FileEntry::name) != out.end())
    return Error(Code::Invalid, "git tree names an entry twice");
  return out;
}

base::Result<CommitInfo> parse_commit(std::string id, std::string_view bytes) {
  CommitInfo out;
  out.id = std::move(id);
  while (!bytes.empty() && !bytes.starts_with('\n')) {
    const auto end = bytes.find('\n');
    const std::string_view line = bytes.substr(0, end);
    if (line.starts_with("tree ")) out.tree = line.substr(5);
    if (line.starts_with("parent ")) out.parents.emplace_back(line.substr(7));
    if (line.starts_with("author ")) parse_person(line.substr(7), out);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
  if (!bytes.empty()) bytes.remove_prefix(1);
  out.message = bytes;
  if (!is_object_id(out.tree) || !std::ranges::all_of(out.parents, is_object_id))
    return Error(Code::Invalid, "malformed git commit");
  return out;
}

base::Result<std::string> parse_tag_target(std::string_view bytes) {
  if (bytes.starts_with("object ") && bytes.size() > 47 && is_object_id(bytes.substr(7, 40)))
    return std::string(bytes.substr(7, 40));
  return Error(Code::Invalid, "malformed git tag");
}

}  // namespace tiphys::git
