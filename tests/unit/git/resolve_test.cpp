#include "tiphys/git/refs.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tiphys::git {
namespace {

std::string id(char c) { return std::string(40, c); }

class Commits final : public CommitLookup {
 public:
  base::Result<std::string> find_commit(std::string_view prefix) const override {
    std::vector<std::string> found;
    for (const auto& one : all)
      if (one.starts_with(prefix)) found.push_back(one);
    if (found.empty()) return base::Error(base::Code::NotFound, "no commit");
    if (found.size() > 1) return base::Error(base::Code::Invalid, "ambiguous");
    return found.front();
  }
  std::vector<std::string> all{id('a'), id('b'), id('e'), "fffffff1" + std::string(32, '0'),
                               "fffffff2" + std::string(32, '0')};
};

Refs sample() {
  return {.head = id('a'),
          .head_target = "refs/heads/main",
          .list = {{"refs/heads/main", id('a'), ""},
                   {"refs/heads/both", id('b'), ""},
                   {"refs/heads/team/feature", id('b'), ""},
                   {"refs/heads/1.x", id('b'), ""},
                   {"refs/tags/both", id('c'), ""},
                   {"refs/tags/v1.0.0", id('d'), id('e')},
                   {"refs/tags/v1.2.0", id('1'), ""},
                   {"refs/tags/1.10.0", id('2'), ""},
                   {"refs/tags/v2.0.0-rc.1", id('3'), ""}}};
}

struct Row {
  const char* target;
  std::string commit;
  const char* ref;
};

TEST(ResolveRevision, FindsWhatArgoCdFinds) {
  const Row rows[] = {
      {"", id('a'), "refs/heads/main"},
      {"HEAD", id('a'), "refs/heads/main"},
      {"main", id('a'), "refs/heads/main"},
      {"refs/heads/main", id('a'), "refs/heads/main"},
      {"team/feature", id('b'), "refs/heads/team/feature"},
      {"both", id('b'), "refs/heads/both"},
      {"refs/tags/both", id('c'), "refs/tags/both"},
      {"v1.0.0", id('e'), "refs/tags/v1.0.0"},
      {"1.*", id('2'), "refs/tags/1.10.0"},
      {"~1.2", id('1'), "refs/tags/v1.2.0"},
      {"*", id('2'), "refs/tags/1.10.0"},
      {"1.x", id('2'), "refs/tags/1.10.0"},
      {">=2.0.0-0", id('3'), "refs/tags/v2.0.0-rc.1"},
      {"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", id('b'), ""},
      {"BBBBBBB", id('b'), ""},
  };
  for (const auto& row : rows) {
    const auto found = resolve_revision(sample(), row.target, Commits());
    ASSERT_TRUE(found.ok()) << row.target << ": " << found.error().text();
    EXPECT_EQ(found->commit, row.commit) << row.target;
    EXPECT_EQ(found->ref, row.ref) << row.target;
  }
}

TEST(ResolveRevision, SaysWhatIsMissing) {
  const auto message = [](std::string_view target) {
    const auto found = resolve_revision(sample(), target, Commits());
    return found.ok() ? "found" : found.error().text();
  };
  EXPECT_EQ(message("nosuch"), "unable to resolve 'nosuch' to a commit SHA");
  EXPECT_EQ(message("mai"), "unable to resolve 'mai' to a commit SHA");
  EXPECT_EQ(message("bbbbbb"), "unable to resolve 'bbbbbb' to a commit SHA");
  EXPECT_EQ(message("7777777"), "no branch or tag of the repository reaches commit 7777777");
  EXPECT_EQ(message(id('9')), "no branch or tag of the repository reaches commit " + id('9'));
  EXPECT_EQ(message("fffffff"), "ambiguous");
}

TEST(ResolveRevision, AnUnbornHeadIsAnError) {
  const Refs empty{.head = "", .head_target = "refs/heads/main", .list = {}};
  EXPECT_EQ(resolve_revision(empty, "HEAD", Commits()).error().text(),
            "unable to resolve 'HEAD' to a commit SHA");
}

}  // namespace
}  // namespace tiphys::git
