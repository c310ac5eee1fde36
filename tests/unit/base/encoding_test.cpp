#include "tiphys/base/encoding.hpp"

#include <gtest/gtest.h>

namespace tiphys::base {
namespace {

// RFC 4648 section 10.
TEST(Base64, MatchesTheRfcsVectors) {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(base64_encode(plain), coded);
    EXPECT_EQ(base64_decode(coded), plain);
  }
}

TEST(Base64, SkipsLineBreaksAndRefusesTheRest) {
  EXPECT_EQ(base64_decode("Zm9v\r\nYmFy\n"), "foobar");
  for (const char* text : {"Z", "Zg", "Zg=", "Z===", "Zm9v!", "Zm-_"}) {
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
  }
}

TEST(Base64Url, ReadsTheUrlAlphabetWithoutPadding) {
  EXPECT_EQ(base64url_decode("-_8"), "\xfb\xff");
  EXPECT_EQ(base64url_decode("+/8"), std::nullopt);
}

TEST(Hex, GoesBothWays) {
  EXPECT_EQ(to_hex(std::string_view("\x00\xff\x10", 3)), "00ff10");
  EXPECT_EQ(from_hex("00FF10"), std::string("\x00\xff\x10", 3));
  EXPECT_EQ(from_hex("0"), std::nullopt);
  EXPECT_EQ(from_hex("0g"), std::nullopt);
}

// FIPS 180-2, appendix B.1.
TEST(Sha256, MatchesTheStandardsVectorInOnePieceAndInMany) {
  const std::string expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(sha256_hex("abc"), expected);
  Sha256Stream stream;
  stream.update("a");
  stream.update("bc");
  EXPECT_EQ(to_hex(stream.finish()), expected);
}

}  // namespace
}  // namespace tiphys::base
