#include "sync/redaction.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tiphys::sync {
namespace {

using base::Code;
using base::Error;

k8s::Object object(const std::string& json) {
  return k8s::Object::trusted(*value::parse_json(json));
}

/// What is left of an error that quotes `quoted`, for a Secret with these members.
std::string left(const std::string& members, const std::string& quoted) {
  const auto secret =
      object(R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},)" + members + "}");
  return without_secret_values(Error(Code::Invalid, "refused: " + quoted), secret).text();
}

TEST(Redaction, HidesWhatASecretHoldsPlainAndAsBase64) {
  EXPECT_EQ(left(R"("stringData":{"a":"hunter2"})", "got hunter2!"), "refused: got ++++++++!");
  const std::string encoded = base::base64_encode("hunter2");
  EXPECT_EQ(left(R"("stringData":{"a":"hunter2"})", encoded), "refused: ++++++++");
  EXPECT_EQ(left(R"("data":{"a":")" + encoded + R"("})", encoded), "refused: ++++++++");
  EXPECT_EQ(left(R"("data":{"a":")" + encoded + R"("})", "hunter2"), "refused: ++++++++");
}

TEST(Redaction, HidesEveryOccurrenceAndTheLongerValueFirst) {
  EXPECT_EQ(left(R"("stringData":{"a":"pass","b":"password"})", "password and pass"),
            "refused: ++++++++ and ++++++++");
}

TEST(Redaction, HidesWhatIsNoString) {
  EXPECT_EQ(
      left(R"("stringData":{"pin":730418,"list":["deep",{"er":"still"}]})", "730418 deep still"),
      "refused: ++++++++ ++++++++ ++++++++");
}

TEST(Redaction, HidesAValueOfManyLinesAsTheServerQuotesIt) {
  EXPECT_EQ(
      left(R"("stringData":{"key":"-----BEGIN\nab\"c<d>\n"})",
           R"(invalid value "-----BEGIN\nab\"c<d>\n" and "-----BEGIN\nab\"c\u003cd\u003e\n")"),
      R"(refused: invalid value "++++++++" and "++++++++")");
}

TEST(Redaction, KeepsCodeContextAndDelay) {
  const auto secret = object(R"({"apiVersion":"v1","kind":"Secret","data":{"a":"aHVudGVyMg=="}})");
  const auto hidden = without_secret_values(Error(Code::TooManyRequests, "hunter2")
                                                .after(std::chrono::seconds(3))
                                                .with_context("apply secrets ns/s"),
                                            secret);
  EXPECT_EQ(hidden.code(), Code::TooManyRequests);
  EXPECT_EQ(hidden.text(), "apply secrets ns/s: ++++++++");
  EXPECT_EQ(hidden.retry_after(), std::chrono::seconds(3));
}

TEST(Redaction, LeavesOtherObjectsAndEmptyValuesAlone) {
  const auto map = object(R"({"apiVersion":"v1","kind":"ConfigMap","data":{"a":"plain"}})");
  EXPECT_EQ(without_secret_values(Error(Code::Invalid, "plain"), map).text(), "plain");
  EXPECT_EQ(left(R"("stringData":{"a":"","b":null})", "nothing"), "refused: nothing");
}

}  // namespace
}  // namespace tiphys::sync
