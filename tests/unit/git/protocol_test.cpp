#include "git/protocol.hpp"

#include "git/pkt_line.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tiphys::git {
namespace {

const std::string kA(40, 'a');
const std::string kB(40, 'b');
const std::string kC(40, 'c');

/// Feeds a stream in pieces of every size: framing must not depend on how bytes arrive.
template <class Reader>
base::Status feed_in(Reader& reader, std::string_view bytes, std::size_t size) {
  for (std::size_t at = 0; at < bytes.size(); at += size) TRY(reader.feed(bytes.substr(at, size)));
  return reader.finish();
}

TEST(PktLine, WritesLengthWithItsOwnFourBytes) {
  EXPECT_EQ(pkt("hi\n"), "0007hi\n");
  EXPECT_EQ(pkt(""), "0004");
}

TEST(PktLine, ReadsPiecesOfEverySize) {
  const std::string stream = pkt("one\n") + "0001" + pkt("two") + "0002" + "0000";
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    std::string seen;
    PktReader reader([&](const Pkt& p) -> base::Status {
      seen += std::to_string(static_cast<int>(p.kind)) + std::string(p.data) + ";";
      return {};
    });
    ASSERT_TRUE(feed_in(reader, stream, size).ok());
    EXPECT_EQ(seen, "0one\n;2;0two;3;1;") << size;
  }
}

TEST(PktLine, RefusesWhatIsNoLength) {
  for (const std::string_view bad : {"zzzz", "0003", "fff1x", "-001", " 007", "<!DO"}) {
    PktReader reader([](const Pkt&) -> base::Status { return {}; });
    EXPECT_FALSE(reader.feed(bad).ok()) << bad;
  }
}

TEST(PktLine, ReportsAStreamThatEndsInsideALine) {
  PktReader reader([](const Pkt&) -> base::Status { return {}; });
  ASSERT_TRUE(reader.feed("0009ab").ok());
  EXPECT_EQ(reader.finish().error().code(), base::Code::Unavailable);
}

TEST(Advertisement, ReadsVersion2Capabilities) {
  const std::string stream = pkt("# service=git-upload-pack\n") + "0000" + pkt("version 2\n") +
                             pkt("agent=git/2.39\n") + pkt("ls-refs=unborn\n") +
                             pkt("fetch=shallow wait-for-done\n") + pkt("object-format=sha1\n") +
                             "0000";
  for (std::size_t size = 1; size < 40; ++size) {
    AdvertisementReader reader;
    ASSERT_TRUE(feed_in(reader, stream, size).ok());
    EXPECT_TRUE(reader.version2());
    for (const auto* name : {"agent", "ls-refs", "unborn", "fetch"})
      EXPECT_TRUE(reader.capabilities().contains(name)) << name;
  }
}

TEST(Advertisement, ReadsVersion0Refs) {
  using namespace std::string_literals;
  const std::string stream =
      pkt("# service=git-upload-pack\n") + "0000" +
      pkt(kA + " HEAD\0side-band-64k ofs-delta symref=HEAD:refs/heads/main object-format=sha1\n"s) +
      pkt(kA + " refs/heads/main\n") + pkt(kB + " refs/pull/1/head\n") +
      pkt(kC + " refs/tags/v1\n") + pkt(kB + " refs/tags/v1^{}\n") + "0000";
  AdvertisementReader reader;
  ASSERT_TRUE(feed_in(reader, stream, 7).ok());
  EXPECT_FALSE(reader.version2());
  const Refs refs = reader.take_refs();
  EXPECT_EQ(refs.head, kA);
  EXPECT_EQ(refs.head_target, "refs/heads/main");
  const std::vector<Ref> expected{{"refs/heads/main", kA, ""}, {"refs/tags/v1", kC, kB}};
  EXPECT_EQ(refs.list, expected);
}

TEST(Advertisement, ReadsAnEmptyVersion0Repository) {
  using namespace std::string_literals;
  AdvertisementReader reader;
  const std::string zeros(40, '0');
  ASSERT_TRUE(feed_in(reader, pkt(zeros + " capabilities^{}\0ofs-delta\n"s) + "0000", 100).ok());
  EXPECT_EQ(reader.take_refs(), Refs{});
}

struct BadAdvertisement {
  const char* name;
  std::string stream;
  base::Code code;
};

TEST(Advertisement, RefusesWithAReason) {
  const BadAdvertisement rows[] = {
      {"empty", "", base::Code::Invalid},
      {"html", "<html>", base::Code::Invalid},
      {"sha256", pkt("version 2\n") + pkt("object-format=sha256\n") + "0000",
       base::Code::Unimplemented},
      {"server error", pkt("ERR access denied\n"), base::Code::Unavailable},
      {"bad id", pkt("nothex refs/heads/main\n") + "0000", base::Code::Invalid},
  };
  for (const auto& row : rows) {
    AdvertisementReader reader;
    const auto outcome = feed_in(reader, row.stream, 5);
    ASSERT_FALSE(outcome.ok()) << row.name;
    EXPECT_EQ(outcome.error().code(), row.code) << row.name;
  }
}

TEST(LsRefs, ReadsSymrefsPeeledTagsAndUnborn) {
  LsRefsReader reader;
  const std::string stream = pkt(kA + " HEAD symref-target:refs/heads/main\n") +
                             pkt(kA + " refs/heads/main\n") +
                             pkt(kC + " refs/tags/v1 peeled:" + kB + "\n") + "0000";
  ASSERT_TRUE(feed_in(reader, stream, 3).ok());
  const Refs refs = reader.take_refs();
  EXPECT_EQ(refs.head, kA);
  EXPECT_EQ(refs.head_target, "refs/heads/main");
  ASSERT_EQ(refs.list.size(), 2U);
  EXPECT_EQ(refs.list[1].commit(), kB);

  LsRefsReader unborn;
  ASSERT_TRUE(feed_in(unborn, pkt("unborn HEAD symref-target:refs/heads/main\n") + "0000", 9).ok());
  const Refs none = unborn.take_refs();
  EXPECT_EQ(none.head, "");
  EXPECT_EQ(none.head_target, "refs/heads/main");
  EXPECT_TRUE(none.list.empty());
}

TEST(LsRefs, AListThatEndsEarlyIsAnErrorAndNotAShortList) {
  LsRefsReader reader;
  const auto outcome = feed_in(reader, pkt(kA + " refs/heads/main\n"), 100);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code(), base::Code::Unavailable);
}

base::Result<std::string> demux(bool version2, const std::string& stream, std::size_t size) {
  std::string pack;
  FetchReader reader(version2, [&](std::string_view piece) -> base::Status {
    pack.append(piece);
    return {};
  });
  TRY(feed_in(reader, stream, size));
  return pack;
}

TEST(Fetch, TakesThePackOutOfTheSideBands) {
  const std::string v2 =
      pkt("packfile\n") + pkt("\2Counting\n") + pkt("\1PAC") + pkt("\1K...") + "0000";
  const std::string v0 = pkt("NAK\n") + pkt("\2Counting\n") + pkt("\1PAC") + pkt("\1K...") + "0000";
  for (std::size_t size = 1; size < 30; ++size) {
    EXPECT_EQ(*demux(true, v2, size), "PACK...");
    EXPECT_EQ(*demux(false, v0, size), "PACK...");
  }
}

TEST(Fetch, EverythingButAWholePackIsAnError) {
  EXPECT_EQ(demux(true, pkt("packfile\n") + pkt("\1PACK"), 9).error().code(),
            base::Code::Unavailable);
  EXPECT_EQ(demux(true, pkt("packfile\n") + "0000", 9).error().code(), base::Code::Unavailable);
  EXPECT_EQ(demux(true, pkt("packfile\n") + pkt("\3out of\nmemory"), 9).error().message(),
            "the git server says: out of memory");
  EXPECT_EQ(demux(true, pkt("ERR upload-pack: not our ref\n"), 9).error().code(),
            base::Code::Unavailable);
  EXPECT_EQ(demux(true, pkt("packfile\n") + pkt("\7x") + "0000", 9).error().code(),
            base::Code::Invalid);
}

}  // namespace
}  // namespace tiphys::git
