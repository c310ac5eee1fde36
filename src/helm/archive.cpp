#include "helm/text.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/helm/chart.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <array>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;

namespace {

struct Closer {
  void operator()(::archive* handle) const { archive_read_free(handle); }
};
using Handle = std::unique_ptr<::archive, Closer>;

/// path.Clean of a relative path.
std::string clean(std::string_view path) {
  std::vector<std::string_view> kept;
  for (std::string_view const part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == ".." && !kept.empty() && kept.back() != "..")
      kept.pop_back();
    else
      kept.push_back(part);
  }
  std::string out;
  for (std::string_view const part : kept) {
    if (!out.empty()) out += '/';
    out += part;
  }
  return out.empty() ? "." : out;
}

bool is_drive_path(std::string_view path) {
  return path.size() >= 3 && path[1] == ':' && path[2] == '/' &&
         ((path[0] >= 'a' && path[0] <= 'z') || (path[0] >= 'A' && path[0] <= 'Z'));
}

Error invalid(std::string text) { return Error(Code::Invalid, std::move(text)); }

/// The path of an entry inside the chart: its first part dropped.
Result<std::string> entry_path(const std::string& name) {
  const char delimiter = name.contains('\\') ? '\\' : '/';
  std::vector<std::string_view> parts = split(name, delimiter);
  std::string rest;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (i > 1) rest += '/';
    rest += parts[i];
  }
  if (rest.starts_with('/')) return invalid("chart illegally contains absolute paths");
  rest = clean(rest);
  if (rest == ".")
    return invalid(fmt::format("chart illegally contains content outside the base directory: {}",
                               gotmpl::quote(name)));
  if (rest.starts_with("..")) return invalid("chart illegally references parent directory");
  if (is_drive_path(rest)) return invalid("chart contains illegally named files");
  if (parts[0] == "Chart.yaml") return invalid("chart yaml not in base directory");
  return rest;
}

Error archive_error(::archive* handle) {
  const char* text = archive_error_string(handle);
  return invalid(text != nullptr ? text : "the archive can't be read");
}

/// One file's bytes. The header's size isn't believed.
Result<std::string> read_entry(::archive* handle, const std::string& name, std::uint64_t remaining,
                               const LoadLimits& limits) {
  std::string bytes;
  std::array<char, 65536> block;
  for (;;) {
    const la_ssize_t got = archive_read_data(handle, block.data(), block.size());
    if (got < 0) return archive_error(handle);
    if (got == 0) break;
    bytes.append(block.data(), static_cast<std::size_t>(got));
    if (bytes.size() > limits.file_bytes)
      return Error(Code::ResourceExhausted,
                   fmt::format("decompressed chart file {} is larger than the maximum file size {}",
                               gotmpl::quote(name), limits.file_bytes));
    if (bytes.size() >= remaining)
      return Error(
          Code::ResourceExhausted,
          fmt::format("decompressed chart is larger than the maximum size {}", limits.total_bytes));
  }
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.erase(0, 3);
  return bytes;
}

}  // namespace

Result<std::vector<File>> unpack_archive(std::string_view bytes, const LoadLimits& limits) {
  if (!bytes.starts_with("\x1f\x8b")) return invalid("gzip: invalid header");
  const Handle handle(archive_read_new());
  if (handle == nullptr) return Error(Code::ResourceExhausted, "no memory for the archive");
  archive_read_support_filter_gzip(handle.get());
  archive_read_support_format_tar(handle.get());
  if (archive_read_open_memory(handle.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
    return archive_error(handle.get());
  std::vector<File> files;
  std::uint64_t remaining = limits.total_bytes;
  ::archive_entry* entry = nullptr;
  for (int status = 0;;) {
    status = archive_read_next_header(handle.get(), &entry);
    if (status == ARCHIVE_EOF) break;
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return archive_error(handle.get());
    const char* raw = archive_entry_pathname(entry);
    const std::string name = raw != nullptr ? raw : "";
    if (archive_entry_filetype(entry) == AE_IFDIR) continue;
    TRY_ASSIGN(std::string path, entry_path(name));
    // Helm reads a link as an empty file; nobody means that, so it is refused.
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr)
      return invalid(
          fmt::format("chart archive entry {} is not a regular file", gotmpl::quote(name)));
    TRY_ASSIGN(std::string data, read_entry(handle.get(), name, remaining, limits));
    remaining -= data.size();
    if (files.size() >= limits.files)
      return Error(Code::ResourceExhausted,
                   fmt::format("chart archive has more than {} files", limits.files));
    files.push_back({std::move(path), std::move(data)});
  }
  if (files.empty()) return invalid("no files in chart archive");
  return files;
}

}  // namespace tiphys::helm
