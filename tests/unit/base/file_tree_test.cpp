#include "tiphys/base/file_tree.hpp"

#include <gtest/gtest.h>

namespace tiphys::base {
namespace {

TEST(CleanPath, CleansLexically) {
  const std::pair<std::string, std::string> cases[] = {
      {"", ""}, {".", ""}, {"a", "a"}, {"a//b/./c/", "a/b/c"}, {"a/../b", "b"}, {"a/b/../..", ""}};
  for (const auto& [in, out] : cases) {
    const auto cleaned = clean_path(in);
    ASSERT_TRUE(cleaned.ok()) << in;
    EXPECT_EQ(*cleaned, out) << in;
  }
}

TEST(CleanPath, RefusesWhatLeavesTheTree) {
  for (const std::string path : {"..", "a/../..", "/a", "a\\b"}) {
    const auto cleaned = clean_path(path);
    ASSERT_FALSE(cleaned.ok()) << path;
    EXPECT_EQ(cleaned.error().code(), Code::Invalid);
    EXPECT_NE(cleaned.error().text().find(path), std::string::npos);
  }
  EXPECT_FALSE(clean_path(std::string_view("a\0b", 3)).ok());
}

MemoryTree sample() {
  MemoryTree tree;
  tree.add("chart/Chart.yaml", "name: x");
  tree.add("chart/templates/a.yaml", "a");
  tree.add("chart/templates/b.yaml", "b");
  tree.add("chart-2/Chart.yaml", "name: y");
  tree.add("readme", "hi");
  return tree;
}

TEST(MemoryTree, ListsFoldersAndFilesSorted) {
  const MemoryTree tree = sample();
  const auto root = tree.list("");
  ASSERT_TRUE(root.ok());
  std::vector<std::string> names;
  for (const auto& entry : *root) names.push_back(entry.name);
  EXPECT_EQ(names, (std::vector<std::string>{"chart", "chart-2", "readme"}));
  EXPECT_EQ(tree.list("chart")->at(1).kind, FileKind::directory);
  EXPECT_EQ(tree.list("nowhere").error().code(), Code::NotFound);
}

TEST(MemoryTree, GivesEqualFoldersEqualIds) {
  const MemoryTree one = sample();
  MemoryTree two = sample();
  EXPECT_EQ(one.stat("chart")->id, two.stat("chart")->id);
  two.add("chart/templates/b.yaml", "changed");
  EXPECT_NE(one.stat("chart")->id, two.stat("chart")->id);
  EXPECT_EQ(one.stat("chart-2")->id, two.stat("chart-2")->id);
}

TEST(SubTree, SeesOnlyItsFolder) {
  const SubTree sub(std::make_shared<MemoryTree>(sample()), "chart");
  EXPECT_EQ(*sub.read("templates/a.yaml"), "a");
  EXPECT_FALSE(sub.read("readme").ok());
  EXPECT_EQ(sub.list("")->size(), 2U);
}

}  // namespace
}  // namespace tiphys::base
