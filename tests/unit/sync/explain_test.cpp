#include "tiphys/sync/explain.hpp"

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

namespace tiphys::sync {
namespace {

k8s::Object parse(const std::string& json) {
  auto tree = value::parse_json(json);
  return k8s::Object::trusted(tree.ok() ? *std::move(tree) : value::Value());
}

k8s::Object pod(const std::string& status, const std::string& metadata = "") {
  return parse(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-1","uid":"p1")" +
               metadata + R"(},"status":{)" + status + "}}");
}

std::string container(const std::string& rest) {
  return R"("containerStatuses":[{"name":"app","image":"web:1",)" + rest + "}]";
}

k8s::Object warning(const std::string& reason, const std::string& message,
                    const std::string& at = "2026-01-01T00:00:00Z", const std::string& uid = "p1") {
  return parse(R"({"kind":"Event","type":"Warning","reason":")" + reason + R"(","message":")" +
               message + R"(","lastTimestamp":")" + at +
               R"(","involvedObject":{"kind":"Pod","name":"web-1","uid":")" + uid + R"("}})");
}

Evidence evidence(std::vector<k8s::Object> pods, std::vector<k8s::Object> events = {},
                  const std::string& conditions = "[]") {
  return {
      .object = parse(R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},)"
                      R"("status":{"conditions":)" +
                      conditions + "}}"),
      .pods = std::move(pods),
      .events = std::move(events)};
}

const char* const kCrashing =
    R"("restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 40s"}},)"
    R"("lastState":{"terminated":{"reason":"Error","exitCode":3,"finishedAt":"2026-01-01T00:00:09Z"}})";

TEST(Explain, NamesTheImageThatCannotBePulled) {
  const auto found = explain(evidence({pod(container(
      R"("state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image"}})"))}));
  EXPECT_EQ(found.text,
            "container app of pod web-1 can't start: ImagePullBackOff (image web:1): Back-off "
            "pulling image");
  EXPECT_FALSE(found.terminal);
}

TEST(Explain, ANameThatIsNoImageIsFinal) {
  EXPECT_TRUE(
      explain(evidence({pod(container(R"("state":{"waiting":{"reason":"InvalidImageName"}})"))}))
          .terminal);
}

TEST(Explain, QuotesTheEndOfTheLogOfACrash) {
  auto seen = evidence({pod(container(kCrashing))});
  const auto wanted = log_wanted(seen);
  ASSERT_TRUE(wanted.has_value());
  EXPECT_EQ(wanted->pod, "web-1");
  EXPECT_EQ(wanted->container, "app");
  EXPECT_TRUE(wanted->previous);
  seen.logs["web-1/app"] = "no database\n";
  EXPECT_EQ(explain(seen).text,
            "container app of pod web-1 crashes: Error, exit code 3, restarted 4 times, last at "
            "2026-01-01T00:00:09Z; its log ends: no database");
}

TEST(Explain, AnEndWithoutAnErrorIsNoCrash) {
  const auto seen =
      evidence({pod(container(R"("state":{"terminated":{"reason":"Completed","exitCode":0}})"))});
  EXPECT_FALSE(log_wanted(seen).has_value());
  EXPECT_EQ(explain(seen).text, "");
}

TEST(Explain, SaysWhyAPodHasNoNode) {
  const auto found = explain(evidence({pod(
      R"("phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available: 3 Insufficient cpu.","lastTransitionTime":"2026-01-01T00:00:00Z"}])")}));
  EXPECT_EQ(found.text,
            "pod web-1 has no node since 2026-01-01T00:00:00Z: Unschedulable: 0/3 nodes are "
            "available: 3 Insufficient cpu.");
}

TEST(Explain, SaysWhatTheProbeOfAPodThatIsNotReadySaid) {
  const auto found = explain(evidence(
      {pod(container(R"("ready":false,"state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}})"))},
      {warning("Unhealthy", "old", "2026-01-01T00:00:01Z"),
       warning("Unhealthy", "Readiness probe failed: 503", "2026-01-01T00:00:02Z")}));
  EXPECT_EQ(found.text,
            "container app of pod web-1 runs since 2026-01-01T00:00:00Z and isn't ready: Readiness "
            "probe failed: 503");
}

TEST(Explain, SaysWhichQuotaRefusesThePods) {
  const auto found =
      explain(evidence({}, {warning("FailedCreate", "pods is forbidden: exceeded quota: small")}));
  EXPECT_EQ(found.text, "its pods are refused: pods is forbidden: exceeded quota: small");
}

TEST(Explain, TakesTheConditionOfTheObjectAndTheNewestWarning) {
  const auto found = explain(evidence(
      {}, {warning("FailedMount", "no volume")},
      R"([{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"timed out","lastTransitionTime":"2026-01-01T00:00:00Z"}])"));
  EXPECT_EQ(found.text,
            "ProgressDeadlineExceeded since 2026-01-01T00:00:00Z: timed out; Pod web-1: "
            "FailedMount: no volume");
}

TEST(Explain, PodsThatGoDoNotCount) {
  EXPECT_EQ(explain(evidence({pod(container(kCrashing),
                                  R"(,"deletionTimestamp":"2026-01-01T00:00:00Z")")}))
                .text,
            "");
}

TEST(Explain, KnowsNothingOfWhatIsWell) {
  EXPECT_EQ(explain(evidence({pod(container(R"("ready":true,"state":{"running":{}})"))}, {},
                             R"([{"type":"Available","status":"True","reason":"x"}])"))
                .text,
            "");
}

TEST(Explain, CutsLongMessagesBetweenCharacters) {
  std::string message;
  for (int i = 0; i < 300; ++i) message += "\xC3\xA9";
  const auto text = explain(evidence({}, {warning("FailedMount", "x" + message)})).text;
  EXPECT_LT(text.size(), 450U);
  EXPECT_TRUE(text.ends_with("\xC3\xA9...")) << text;
}

}  // namespace
}  // namespace tiphys::sync
