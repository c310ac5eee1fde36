#include "tiphys/git/mirror.hpp"

#include "unit/git/cgi_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

namespace tiphys::git {
namespace {

using base::Code;
using base::FileKind;
using testing::GitRepo;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class MirrorTest : public ::testing::Test {
 protected:
  MirrorTest() : transport(server.path()), remote(transport) { reopen(); }

  void reopen() {
    mirror.reset();
    store.reset();
    auto opened = MirrorStore::open(options, make_in_process_checker());
    ASSERT_TRUE(opened.ok()) << opened.error().text();
    store = *opened;
    auto made = store->mirror(repository());
    ASSERT_TRUE(made.ok()) << made.error().text();
    mirror = *made;
  }

  Repository repository() const {
    return {.url = *RepoUrl::parse(repo.url()), .credentials = {}, .scope = ""};
  }
  Limits limits() const {
    return {.deadline = base::Deadline::after(clock, std::chrono::seconds(60))};
  }
  base::Status update() {
    TRY_ASSIGN(const Refs refs, remote.ls_refs(repository(), limits()));
    return mirror->update(repository(), refs, remote, limits());
  }
  std::string read(const std::string& commit, const std::string& path) {
    auto tree = mirror->tree(commit);
    if (!tree.ok()) return "tree: " + tree.error().text();
    auto bytes = (*tree)->read(path);
    return bytes.ok() ? *bytes : "read: " + bytes.error().text();
  }
  std::string generation() const {
    for (const auto& folder : fs::directory_iterator(options.root))
      for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().filename().string().starts_with("gen-")) return entry.path();
    return "";
  }
  std::vector<fs::path> packs() const {
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator(generation() + "/objects/pack"))
      if (entry.path().extension() == ".pack") out.push_back(entry.path());
    return out;
  }

  testing::TempFolder server;
  testing::TempFolder disk;
  GitRepo repo{server.path(), "app"};
  base::SystemClock clock;
  MirrorOptions options{.root = disk.path() + "/mirrors", .limits = {}, .max_packs = 50};
  testing::CgiTransport transport;
  Remote remote;
  std::shared_ptr<MirrorStore> store;
  std::shared_ptr<Mirror> mirror;
};

TEST_F(MirrorTest, ReadsCommitsAndFilesOfEveryKind) {
  repo.git({"config", "core.symlinks", "true"});
  fs::create_symlink("values.yaml", repo.folder() + ".work/link");
  const std::string first =
      repo.commit({{"chart/Chart.yaml", "name: a\n"}, {"values.yaml", "x: 1\n"}});
  repo.git({"update-index", "--add", "--cacheinfo", "160000," + first + ",sub"});
  repo.git({"commit", "-q", "-m", "with a submodule\n\nbody"});
  const std::string second = repo.git({"rev-parse", "HEAD"});
  ASSERT_TRUE(update().ok());

  auto tree = mirror->tree(second);
  ASSERT_TRUE(tree.ok()) << tree.error().text();
  const auto root = *(*tree)->list("");
  ASSERT_EQ(root.size(), 4U);
  EXPECT_EQ(root[0].name, "chart");
  EXPECT_EQ(root[0].kind, FileKind::directory);
  EXPECT_EQ(root[1].kind, FileKind::symlink);
  EXPECT_EQ(root[2].kind, FileKind::submodule);
  EXPECT_EQ(root[3].kind, FileKind::file);
  EXPECT_EQ(*(*tree)->read("chart/Chart.yaml"), "name: a\n");
  EXPECT_EQ(*(*tree)->read("link"), "values.yaml");
  EXPECT_EQ((*tree)->stat("values.yaml")->size, 5U);
  EXPECT_EQ((*tree)->stat("chart")->id, repo.git({"rev-parse", "HEAD:chart"}));
  EXPECT_EQ((*tree)->read("nope").error().code(), Code::NotFound);
  EXPECT_EQ((*tree)->read("values.yaml/x").error().code(), Code::NotFound);
  EXPECT_EQ((*tree)->read("chart").error().code(), Code::Invalid);
  EXPECT_EQ((*tree)->list("values.yaml").error().code(), Code::Invalid);

  const auto info = mirror->commit(second);
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(info->author, "Ann Author <ann@example.org>");
  EXPECT_EQ(info->message, "with a submodule\n\nbody\n");
  EXPECT_EQ(info->parents, std::vector<std::string>{first});
  EXPECT_EQ(base::format_rfc3339(info->date), "2023-11-14T22:13:20Z");
}

TEST_F(MirrorTest, FetchesOnlyWhatIsNewAndAnswersShortShas) {
  const std::string first = repo.commit({{"a", "1"}});
  ASSERT_TRUE(update().ok());
  const std::string second = repo.commit({{"a", "2"}});
  repo.git({"tag", "-a", "-m", "release", "v1"});
  ASSERT_TRUE(update().ok());
  EXPECT_EQ(transport.fetches, 2);
  ASSERT_TRUE(update().ok());
  EXPECT_EQ(transport.fetches, 2) << "nothing new: nothing is fetched";
  EXPECT_EQ(packs().size(), 2U);
  EXPECT_EQ(read(first, "a"), "1");
  EXPECT_EQ(read(second, "a"), "2");
  EXPECT_EQ(*mirror->find_commit(first.substr(0, 8)), first);
  EXPECT_EQ(mirror->find_commit("0000000").error().code(), Code::NotFound);
  EXPECT_EQ(mirror->refs().find("refs/tags/v1")->commit(), second);
  // git itself agrees that the mirror is whole.
  testing::run(generation(), {"git", "--git-dir=.", "fsck", "--full", "--strict"});
}

TEST_F(MirrorTest, SpeaksVersion0WithOldServers) {
  transport.old_server = true;
  const std::string first = repo.commit({{"a", "1"}});
  ASSERT_TRUE(update().ok());
  const std::string second = repo.commit({{"a", "2"}});
  const auto updated = update();
  ASSERT_TRUE(updated.ok()) << updated.error().text();
  EXPECT_EQ(read(first, "a"), "1");
  EXPECT_EQ(read(second, "a"), "2");
  EXPECT_EQ(mirror->refs().head, second);
}

TEST_F(MirrorTest, AnEmptyRepositoryIsNoError) {
  const auto updated = update();
  ASSERT_TRUE(updated.ok()) << updated.error().text();
  EXPECT_TRUE(mirror->refs().list.empty());
}

TEST_F(MirrorTest, ACutOrFlippedPackChangesNothing) {
  const std::string first = repo.commit({{"a", "1"}});
  ASSERT_TRUE(update().ok());
  const std::string second = repo.commit({{"a", std::string(5000, 'x')}, {"b", "other"}});
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    transport.tamper = [&](const HttpCall& call, std::string& body) {
      if (call.body.find("command=fetch") == std::string::npos) return;
      const std::size_t pack = body.find("PACK");
      ASSERT_NE(pack, std::string::npos);
      const std::size_t at = pack + random() % (body.size() - pack - 4);
      if (round % 2 == 0)
        body.resize(at);
      else
        body[at] = static_cast<char>(body[at] ^ 1);
    };
    const auto updated = update();
    // A flip may hit a progress message or a length in a way that still ends in the same pack.
    if (updated.ok()) {
      EXPECT_EQ(read(second, "b"), "other");
      return;
    }
    EXPECT_EQ(read(first, "a"), "1") << updated.error().text();
    EXPECT_EQ(mirror->refs().head, first);
    EXPECT_FALSE(mirror->has_commit(second));
    EXPECT_EQ(packs().size(), 1U);
  }
  transport.tamper = nullptr;
  ASSERT_TRUE(update().ok());
  EXPECT_EQ(read(second, "b"), "other");
}

TEST_F(MirrorTest, APackThatLacksAnObjectIsRefused) {
  repo.commit({{"a", "1"}, {"b", "2"}});
  // A server that sends a whole pack, but of another history than the one it listed.
  GitRepo other(server.path(), "other");
  other.commit({{"c", "3"}});
  const auto refs = remote.ls_refs(repository(), limits());
  ASSERT_TRUE(refs.ok());
  const std::string pack = other.git({"pack-objects", "--all", "--stdout", "-q"}, "");
  transport.tamper = [&](const HttpCall& call, std::string& body) {
    if (call.body.find("command=fetch") == std::string::npos) return;
    std::string framed = "000dpackfile\n";
    char head[5];
    std::snprintf(head, sizeof head, "%04zx", pack.size() + 5);
    framed += std::string(head) + "\1" + pack + "0000";
    body = framed;
  };
  const auto updated = mirror->update(repository(), *refs, remote, limits());
  ASSERT_FALSE(updated.ok());
  EXPECT_THAT(updated.error().text(), HasSubstr("lacks object"));
  EXPECT_TRUE(mirror->refs().list.empty());
}

TEST_F(MirrorTest, RefusesObjectsAndPacksOverTheLimit) {
  options.limits.object_bytes = 100'000;
  reopen();
  repo.commit({{"big", std::string(200'000, '\0')}});
  auto updated = update();
  ASSERT_FALSE(updated.ok());
  EXPECT_EQ(updated.error().code(), Code::ResourceExhausted);
  EXPECT_THAT(updated.error().text(), HasSubstr("200000 bytes; the limit is 100000"));

  options.limits = {};
  options.limits.pack_bytes = 100;
  reopen();
  updated = update();
  ASSERT_FALSE(updated.ok());
  EXPECT_THAT(updated.error().text(), HasSubstr("larger than 100 bytes"));
}

TEST_F(MirrorTest, KeepsWhatItKnowsOverARestart) {
  const std::string first = repo.commit({{"a", "1"}});
  ASSERT_TRUE(update().ok());
  fs::create_directories(fs::path(generation()).parent_path() / "quarantine");
  reopen();
  EXPECT_EQ(mirror->refs().head, first);
  EXPECT_EQ(read(first, "a"), "1");
  EXPECT_FALSE(fs::exists(fs::path(generation()).parent_path() / "quarantine"));
  ASSERT_TRUE(update().ok());
  EXPECT_EQ(transport.fetches, 1);
}

TEST_F(MirrorTest, IsBuiltAnewWhenDamaged) {
  const std::string first = repo.commit({{"a", std::string(3000, 'q')}});
  ASSERT_TRUE(update().ok());
  reopen();
  {
    const fs::path pack = packs().at(0);
    fs::permissions(pack, fs::perms::owner_all);
    std::fstream file(pack, std::ios::in | std::ios::out | std::ios::binary);
    for (int at = 20; at < 200; at += 3) {
      file.seekp(at);
      file.put('\x55');
    }
  }
  EXPECT_THAT(read(first, "a"), HasSubstr(first.substr(0, 6)));
  ASSERT_TRUE(update().ok());
  EXPECT_EQ(read(first, "a"), std::string(3000, 'q'));
}

TEST_F(MirrorTest, ALostPackMeansANewMirror) {
  const std::string first = repo.commit({{"a", "1"}});
  ASSERT_TRUE(update().ok());
  fs::remove_all(generation() + "/objects/pack");
  reopen();
  EXPECT_TRUE(mirror->refs().list.empty());
  ASSERT_TRUE(update().ok());
  EXPECT_EQ(read(first, "a"), "1");
}

TEST_F(MirrorTest, ManyPacksBecomeOneAndKeptCommitsStay) {
  options.max_packs = 3;
  reopen();
  const std::string base = repo.commit({{"a", "0"}});
  ASSERT_TRUE(update().ok());
  const std::string dropped = repo.commit({{"a", "dropped"}});
  ASSERT_TRUE(update().ok());
  repo.git({"reset", "-q", "--hard", base});
  const std::string kept = repo.commit({{"a", "kept"}});
  repo.git({"tag", "-a", "-m", "tag", "gone"});
  ASSERT_TRUE(update().ok());
  ASSERT_TRUE(mirror->keep(kept).ok());
  EXPECT_EQ(mirror->keep(std::string(40, '1')).error().code(), Code::NotFound);
  auto old_tree = mirror->tree(kept);
  repo.git({"tag", "-d", "gone"});
  repo.git({"reset", "-q", "--hard", base});
  const std::string last = repo.commit({{"a", "last"}});
  repo.git({"tag", "-a", "-m", "tag", "v1"});
  const auto updated = update();
  ASSERT_TRUE(updated.ok()) << updated.error().text();
  EXPECT_EQ(packs().size(), 1U);
  EXPECT_EQ(read(kept, "a"), "kept");
  EXPECT_EQ(read(last, "a"), "last");
  EXPECT_FALSE(mirror->has_commit(dropped));
  EXPECT_EQ(*(*old_tree)->read("a"), "kept") << "a tree in use outlives the generation";
  testing::run(generation(), {"git", "--git-dir=.", "fsck", "--full", "--strict"});
  reopen();
  EXPECT_EQ(read(kept, "a"), "kept");
}

TEST_F(MirrorTest, OtherCredentialsHaveAnotherMirror) {
  const std::string first = repo.commit({{"a", "1"}});
  ASSERT_TRUE(update().ok());
  Repository other = repository();
  other.scope = "argocd/team-b";
  auto second = store->mirror(other);
  ASSERT_TRUE(second.ok());
  EXPECT_FALSE((*second)->has_commit(first));
}

}  // namespace
}  // namespace tiphys::git
