#include "tiphys/helm/chart.hpp"
#include "tiphys/helm/render.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <vector>

namespace tiphys::helm {
namespace {

struct Entry {
  std::string path;
  std::string data;
  unsigned type = AE_IFREG;
};

std::string pack(const std::vector<Entry>& entries) {
  std::string out(4 << 20, '\0');
  std::size_t used = 0;
  ::archive* handle = archive_write_new();
  archive_write_add_filter_gzip(handle);
  archive_write_set_format_ustar(handle);
  archive_write_open_memory(handle, out.data(), out.size(), &used);
  for (const Entry& item : entries) {
    ::archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, item.path.c_str());
    archive_entry_set_filetype(entry, item.type);
    archive_entry_set_perm(entry, 0644);
    if (item.type == AE_IFLNK) archive_entry_set_symlink(entry, item.data.c_str());
    archive_entry_set_size(entry,
                           item.type == AE_IFREG ? static_cast<la_int64_t>(item.data.size()) : 0);
    archive_write_header(handle, entry);
    if (item.type == AE_IFREG) archive_write_data(handle, item.data.data(), item.data.size());
    archive_entry_free(entry);
  }
  archive_write_close(handle);
  archive_write_free(handle);
  out.resize(used);
  return out;
}

std::string error_of(const std::vector<Entry>& entries, const LoadLimits& limits = {}) {
  const auto files = unpack_archive(pack(entries), limits);
  return files.ok() ? "" : files.error().text();
}

TEST(Archive, LoadsAChart) {
  const auto chart = load_archive(
      pack({{"c/Chart.yaml", "name: c\nversion: 1.0.0\n"}, {"c/templates/a.yaml", "a: b\n"}}),
      Profile::v4_2);
  ASSERT_TRUE(chart.ok()) << chart.error().text();
  EXPECT_EQ((*chart)->name(), "c");
  EXPECT_EQ((*chart)->content->templates.size(), 1U);
}

TEST(Archive, RefusesPathsThatLeave) {
  EXPECT_EQ(error_of({{"c/../../x", "y"}}), "chart illegally references parent directory");
  EXPECT_EQ(error_of({{"c//etc/x", "y"}}), "chart illegally contains absolute paths");
  EXPECT_EQ(error_of({{"Chart.yaml", "y"}}),
            "chart illegally contains content outside the base directory: \"Chart.yaml\"");
  EXPECT_EQ(error_of({{"c/C:/x", "y"}}), "chart contains illegally named files");
}

TEST(Archive, RefusesLinksAndBombs) {
  EXPECT_EQ(error_of({{"c/x", "/etc/passwd", AE_IFLNK}}),
            "chart archive entry \"c/x\" is not a regular file");
  EXPECT_EQ(error_of({{"c/x", std::string((5 << 20) + 1, 'a')}}),
            "decompressed chart file \"c/x\" is larger than the maximum file size 5242880");
  LoadLimits limits;
  limits.total_bytes = 1000;
  EXPECT_EQ(error_of({{"c/x", std::string(600, 'a')}, {"c/y", std::string(600, 'a')}}, limits),
            "decompressed chart is larger than the maximum size 1000");
}

TEST(Archive, SaysWhenItIsNone) {
  EXPECT_EQ(unpack_archive("plain text").error().text(), "gzip: invalid header");
}

}  // namespace
}  // namespace tiphys::helm
