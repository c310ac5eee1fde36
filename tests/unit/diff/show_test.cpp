#include "unit/diff/objects.hpp"

#include <gmock/gmock.h>

namespace tiphys::diff {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Masked, NoSecretValueIsLeft) {
  const auto secret = object(R"(
apiVersion: v1
kind: Secret
metadata: {name: s, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"data":{"p":"aHVudGVyMg=="}}'}}
data: {p: aHVudGVyMg==}
stringData: {q: hunter2}
)");
  const std::string text = json(masked(secret).tree());
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, Not(HasSubstr("aHVudGVyMg==")));
  EXPECT_THAT(text, HasSubstr(R"("p":"++++++++")"));
  EXPECT_THAT(json(secret.tree()), HasSubstr("hunter2"));
}

TEST(Describe, NamesBothValuesOfEachPath) {
  const auto desired = object("{kind: A, metadata: {name: a}, spec: {num: 2, t: x}}");
  const auto live = object("{kind: A, metadata: {name: a}, spec: {num: 1}}");
  const Diff diff = compare(desired, live, nullptr);
  EXPECT_EQ(describe(diff, desired, live, 9), "/spec/num: 1 -> 2\n/spec/t: (absent) -> \"x\"\n");
  EXPECT_EQ(describe(diff, desired, live, 1), "/spec/num: 1 -> 2\nand 1 more\n");
}

TEST(Describe, ShowsNoSecretValue) {
  const auto desired =
      object("{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {p: bmV3}}");
  const auto live = object("{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {p: b2xk}}");
  const Diff diff = compare(desired, live, nullptr);
  ASSERT_TRUE(diff.modified);
  const std::string text = describe(diff, desired, live, 9);
  EXPECT_THAT(text, HasSubstr("/data/p"));
  EXPECT_THAT(text, Not(HasSubstr("bmV3")));
  EXPECT_THAT(text, Not(HasSubstr("b2xk")));
}

}  // namespace
}  // namespace tiphys::diff
