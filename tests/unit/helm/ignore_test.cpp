#include "helm/ignore.hpp"

#include <gtest/gtest.h>

namespace tiphys::helm {
namespace {

bool ignores(std::string_view rules, std::string_view path, EntryKind kind = EntryKind::file) {
  return IgnoreRules::parse(rules)->ignores(path, kind);
}

TEST(Ignore, MatchesNamesAndPaths) {
  EXPECT_TRUE(ignores("*.bak\n", "a/b.bak"));
  EXPECT_TRUE(ignores("/top\n", "top"));
  EXPECT_FALSE(ignores("/top\n", "a/top"));
  EXPECT_TRUE(ignores("a/b\n", "a/b"));
  EXPECT_FALSE(ignores("a/b\n", "x/a/b"));
  EXPECT_FALSE(ignores("docs/\n", "docs"));
  EXPECT_TRUE(ignores("docs/\n", "docs", EntryKind::directory));
}

TEST(Ignore, ANegatedRuleThatDoesNotMatchIgnores) {
  EXPECT_TRUE(ignores("!keep\n", "other"));
  EXPECT_FALSE(ignores("!keep\n", "keep"));
}

TEST(Ignore, HiddenTemplatesAreAlwaysIgnored) {
  EXPECT_TRUE(ignores("", "templates/.x.yaml"));
  EXPECT_FALSE(ignores("", "templates/x.yaml"));
}

TEST(Ignore, RefusesDoubleStars) {
  EXPECT_EQ(IgnoreRules::parse("a/**").error().text(), "double-star (**) syntax is not supported");
}

}  // namespace
}  // namespace tiphys::helm
