#include "unit/sprig/render.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tiphys::sprig {
namespace {

base::Result<std::string> render_small(const std::string& text) {
  SystemSource source;
  FreshEntropy entropy(source);
  gotmpl::Budgets budgets;
  budgets.memory_bytes = 1 << 20;
  budgets.steps = 1'000'000;
  return render(text, {}, entropy, budgets);
}

class Hostile : public testing::TestWithParam<std::string> {};

TEST_P(Hostile, IsRefusedByABudgetThatNamesTheTemplate) {
  const auto out = render_small("{{ $x := " + GetParam() + " }}");
  ASSERT_FALSE(out.ok()) << GetParam();
  EXPECT_EQ(out.error().code(), base::Code::ResourceExhausted) << out.error().text();
  EXPECT_NE(out.error().text().find("t:1"), std::string::npos) << out.error().text();
}

INSTANTIATE_TEST_SUITE_P(
    Calls, Hostile,
    testing::Values("repeat 1000000000 \"x\"", "until 1000000000", "untilStep 0 1000000000 1",
                    "seq 1000000000", "seq -9223372036854775807 9223372036854775806",
                    "untilStep -9223372036854775807 9223372036854775807 1",
                    "indent 2000000000 \"a\"", "nindent 2000000000 \"a\\nb\"",
                    "randAlphaNum 2000000000", "randBytes 2000000000",
                    "replace \"\" (repeat 10000 \"x\") (repeat 10000 \"y\")",
                    "join (repeat 10000 \"x\") (until 1000)",
                    "regexReplaceAll \"\" (repeat 10000 \"y\") (repeat 10000 \"x\")",
                    "splitList \"\" (repeat 200000 \"x\")",
                    "wrapWith 1 (repeat 10000 \"x\") (repeat 10000 \"y\")"));

TEST(Limits, SequenceWhoseEndWrapsAroundIsEmptyAsInGo) {
  const auto out = render("[{{ seq -9223372036854775807 9223372036854775807 }}]");
  ASSERT_TRUE(out.ok()) << out.error().text();
  EXPECT_EQ(*out, "[]");
}

TEST(Limits, CountsWhatManyCallsMake) {
  EXPECT_FALSE(
      render_small("{{ $l := list }}{{ range until 2000 }}{{ $l = append $l . }}{{ end }}").ok());
  EXPECT_FALSE(
      render_small("{{ $s := \"x\" }}{{ range until 30 }}{{ $s = cat $s $s }}{{ end }}").ok());
}

TEST(Limits, RefusesTreesTooDeepToCompare) {
  const auto out = render(
      "{{ $a := dict }}{{ $b := dict }}{{ range until 5000 }}{{ $a = dict \"k\" $a }}"
      "{{ $b = dict \"k\" $b }}{{ end }}{{ deepEqual $a $b }}");
  ASSERT_FALSE(out.ok());
  EXPECT_NE(out.error().text().find("depth limit"), std::string::npos) << out.error().text();
}

TEST(Limits, DividesTheSmallestNumberByMinusOne) {
  const auto out = render(
      "{{ div -9223372036854775808 -1 }} {{ mod -9223372036854775808 -1 }} "
      "{{ add 9223372036854775807 1 }} {{ mul -9223372036854775808 -1 }}");
  ASSERT_TRUE(out.ok()) << out.error().text();
  EXPECT_EQ(*out, "-9223372036854775808 0 -9223372036854775808 -9223372036854775808");
}

}  // namespace
}  // namespace tiphys::sprig
