#include "unit/sprig/render.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tiphys::sprig {
namespace {

/// Writes down what it was asked, and answers what it is told to.
class Remembering final : public Entropy {
 public:
  base::Result<value::Value> answer(const Question& question, const Make& make) override {
    asked.push_back(std::string(question.function) + "@" + std::string(question.template_name) +
                    "#" + std::to_string(question.ordinal) + "/" +
                    std::to_string(question.arguments.size()));
    if (!remembered.is_null()) return remembered;
    return make(source_);
  }
  value::Value remembered;
  std::vector<std::string> asked;

 private:
  SystemSource source_;
};

TEST(Entropy, IsToldFunctionTemplateAndOrdinal) {
  Remembering entropy;
  const auto out = render("{{ randAlpha 3 }}{{ randAlpha 4 }}{{ uuidv4 }}{{ now | date \"2006\" }}",
                          {}, entropy);
  ASSERT_TRUE(out.ok()) << out.error().text();
  EXPECT_EQ(entropy.asked, (std::vector<std::string>{"randAlpha@t#0/1", "randAlpha@t#1/1",
                                                     "uuidv4@t#0/0", "now@t#0/0"}));
}

TEST(Entropy, AnswersFromMemory) {
  Remembering entropy;
  entropy.remembered = value::Value("kept");
  for (const char* call : {"randAlpha 3", "randAlphaNum 3", "randNumeric 3", "randAscii 3",
                           "randBytes 3", "uuidv4", "shuffle \"abc\"", "bcrypt \"p\"",
                           "encryptAES \"k\" \"text\"", "genPrivateKey \"ecdsa\""}) {
    const auto out = render("{{ " + std::string(call) + " }}", {}, entropy);
    ASSERT_TRUE(out.ok()) << call << out.error().text();
    EXPECT_EQ(*out, "kept") << call;
  }
}

TEST(Entropy, RemembersTimesAsNanoseconds) {
  Remembering entropy;
  entropy.remembered = value::Value(std::int64_t{1'600'000'000'500'000'000});
  const auto out =
      render("{{ now | date \"2006-01-02T15:04:05.000\" }} {{ htmlDate nil }} {{ now.Unix }}", {},
             entropy);
  ASSERT_TRUE(out.ok()) << out.error().text();
  EXPECT_EQ(*out, "2020-09-13T12:26:40.500 2020-09-13 1600000000");
}

TEST(Entropy, RemembersCertificates) {
  Remembering entropy;
  entropy.remembered = value::Value::object({{"Cert", "C"}, {"Key", "K"}});
  const auto out = render("{{ $c := genCA \"x\" 1 }}{{ $c.Cert }}{{ $c.Key }}", {}, entropy);
  ASSERT_TRUE(out.ok()) << out.error().text();
  EXPECT_EQ(*out, "CK");
}

TEST(Entropy, ReportsARememberedValueOfTheWrongKind) {
  Remembering entropy;
  entropy.remembered = value::Value("no number");
  EXPECT_FALSE(render("{{ now }}", {}, entropy).ok());
  EXPECT_FALSE(render("{{ randInt 1 9 }}", {}, entropy).ok());
}

TEST(SystemSource, FillsDifferently) {
  SystemSource source;
  std::vector<std::uint8_t> a(32);
  std::vector<std::uint8_t> b(32);
  ASSERT_TRUE(source.fill(a).ok());
  ASSERT_TRUE(source.fill(b).ok());
  EXPECT_NE(a, b);
}

TEST(Random, StaysInItsAlphabetAndUsesAllOfIt) {
  const auto out = render("{{ randNumeric 2000 }}");
  ASSERT_TRUE(out.ok());
  for (char c = '0'; c <= '9'; ++c) EXPECT_GT(std::ranges::count(*out, c), 100) << c;
  EXPECT_EQ(out->find_first_not_of("0123456789"), std::string::npos);
}

}  // namespace
}  // namespace tiphys::sprig
