#include "tiphys/k8s/status_error.hpp"

#include "tiphys/k8s/kind_order.hpp"
#include "tiphys/k8s/selector.hpp"

#include <gtest/gtest.h>

namespace tiphys::k8s {
namespace {

using base::Code;
using value::Value;

TEST(StatusError, ReadsAStatus) {
  const auto error = error_from_response(
      409, R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":"AlreadyExists",)"
           R"("message":"configmaps \"a\" already exists","code":409})");
  EXPECT_EQ(error.code(), Code::AlreadyExists);
  EXPECT_EQ(error.message(), "configmaps \"a\" already exists");
  EXPECT_FALSE(error.retry_after().has_value());
}

TEST(StatusError, TakesRetryAfterFromTheHeaderFirst) {
  const char* body =
      R"({"kind":"Status","apiVersion":"v1","reason":"TooManyRequests","details":{"retryAfterSeconds":3}})";
  EXPECT_EQ(error_from_response(429, body).retry_after(), std::chrono::seconds(3));
  EXPECT_EQ(error_from_response(429, body, std::chrono::seconds(7)).retry_after(),
            std::chrono::seconds(7));
}

TEST(StatusError, QuotesOtherBodiesCut) {
  const auto error = error_from_response(502, "<html>" + std::string(1000, 'x'));
  EXPECT_EQ(error.code(), Code::Unavailable);
  EXPECT_LT(error.message().size(), 600U);
  EXPECT_EQ(error_from_response(403, "").message(), "the server answered 403");
  EXPECT_EQ(error_from_response(403, "").code(), Code::Forbidden);
}

TEST(StatusError, A403ThatPassesIsAConflict) {
  const auto body = [](const char* rest) {
    return std::string(R"({"kind":"Status","apiVersion":"v1","reason":"Forbidden","code":403,)") +
           rest + "}";
  };
  const auto code = [&](const char* rest) { return error_from_response(403, body(rest)).code(); };
  EXPECT_EQ(code(R"("message":"no","details":{"causes":[{"reason":"NamespaceTerminating",)"
                 R"("field":"metadata.namespace"}]})"),
            Code::Conflict);
  EXPECT_EQ(code(R"("message":"pods \"a\" is forbidden: exceeded quota: q, requested: pods=1")"),
            Code::Conflict);
  EXPECT_EQ(code(R"("message":"cannot create","details":{"causes":[{"reason":"Other"}]})"),
            Code::Forbidden);
  EXPECT_EQ(code(R"("message":"exceeding nothing")"), Code::Forbidden);
}

TEST(StatusError, ReadsTheErrorEventOfAWatch) {
  const auto error = error_from_status(Value::object(
      {{"kind", "Status"}, {"code", 410}, {"reason", "Expired"}, {"message", "too old"}}));
  EXPECT_EQ(error.code(), Code::Expired);
}

TEST(KindOrder, RanksAsArgoCd) {
  EXPECT_EQ(kind_rank("Namespace"), 0);
  EXPECT_LT(kind_rank("CustomResourceDefinition"), kind_rank("Deployment"));
  EXPECT_LT(kind_rank("Ingress"), kind_rank("APIService"));
  EXPECT_LT(kind_rank("APIService"), kind_rank("Whatever"));
  EXPECT_EQ(kind_rank("Whatever"), kind_rank("ValidatingWebhookConfiguration"));
}

TEST(Selector, ReadsALabelSelector) {
  const auto selector = Selector::from(Value::object(
      {{"matchLabels", Value::object({{"app", "web"}})},
       {"matchExpressions",
        Value::array({Value::object(
            {{"key", "tier"}, {"operator", "NotIn"}, {"values", Value::array({"back"})}})})}}));
  ASSERT_TRUE(selector.ok());
  EXPECT_TRUE(selector->matches(Value::object({{"app", "web"}})));
  EXPECT_FALSE(selector->matches(Value::object({{"app", "web"}, {"tier", "back"}})));
  EXPECT_FALSE(selector->matches(Value()));
  EXPECT_TRUE(Selector::from(Value::object({}))->matches(Value()));
  EXPECT_FALSE(Selector::from(Value())->matches(Value()));
  const auto bad = Selector::from(Value::object(
      {{"matchExpressions", Value::array({Value::object({{"key", "a"}, {"operator", "Like"}})})}}));
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().message(), "\"Like\" is not a valid label selector operator");
}

}  // namespace
}  // namespace tiphys::k8s
