#include "source/asked_tree.hpp"

#include "tiphys/base/wire.hpp"

#include <fmt/format.h>

#include <optional>

namespace tiphys::source {

using base::FileEntry;
using base::FileKind;
using base::WireReader;
using base::WireWriter;

namespace {

constexpr auto kKinds = static_cast<std::uint64_t>(FileKind::submodule) + 1;
/// Files up to this size come with their folder.
constexpr std::uint64_t kSmall = 64U << 10U;

void write_entry(WireWriter& out, const FileEntry& entry) {
  out.text(entry.name);
  out.number(static_cast<std::uint64_t>(entry.kind));
  out.text(entry.id);
  out.number(entry.size);
}

FileEntry read_entry(WireReader& in) {
  FileEntry entry;
  entry.name = in.text();
  entry.kind = static_cast<FileKind>(in.number_below(kKinds));
  entry.id = in.text();
  entry.size = in.number();
  return entry;
}

std::optional<std::string> small_file(const base::FileTree& tree, std::string_view folder,
                                      const FileEntry& entry) {
  const bool has_text = entry.kind == FileKind::file || entry.kind == FileKind::symlink;
  if (!has_text || entry.size > kSmall) return std::nullopt;
  auto bytes = tree.read(base::join_path(folder, entry.name));
  // What can't be read is an error only for who wants to read it.
  if (!bytes.ok() || bytes->size() > kSmall) return std::nullopt;
  return *std::move(bytes);
}

}  // namespace

base::Result<FileEntry> AskedTree::stat(std::string_view path) const {
  TRY_ASSIGN(const std::string answer, caller_.ask("stat", path));
  WireReader in(answer);
  FileEntry entry = read_entry(in);
  TRY(in.finish());
  return entry;
}

base::Result<std::string> AskedTree::read(std::string_view path) const {
  if (const auto known = bytes_.find(path); known != bytes_.end()) return known->second;
  return caller_.ask("read", path);
}

base::Result<std::vector<FileEntry>> AskedTree::list(std::string_view path) const {
  TRY_ASSIGN(const std::string answer, caller_.ask("list", path));
  WireReader in(answer);
  std::vector<FileEntry> entries;
  for (std::size_t left = in.count(); left > 0; --left) {
    entries.push_back(read_entry(in));
    if (in.flag()) bytes_[base::join_path(path, entries.back().name)] = in.text();
  }
  TRY(in.finish());
  return entries;
}

base::Result<std::string> answer_for_tree(const base::FileTree& tree, std::string_view topic,
                                          std::string_view path) {
  WireWriter out;
  if (topic == "read") return tree.read(path);
  if (topic == "stat") {
    TRY_ASSIGN(const FileEntry entry, tree.stat(path));
    write_entry(out, entry);
    return out.take();
  }
  if (topic != "list")
    return base::Error(base::Code::Invalid, fmt::format("a worker asked for {}", topic));
  TRY_ASSIGN(const std::vector<FileEntry> entries, tree.list(path));
  out.number(entries.size());
  for (const FileEntry& entry : entries) {
    write_entry(out, entry);
    const auto bytes = small_file(tree, path, entry);
    out.flag(bytes.has_value());
    if (bytes) out.text(*bytes);
  }
  return out.take();
}

}  // namespace tiphys::source
