#include "tiphys/api/tracking.hpp"
#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

namespace tiphys::api {
namespace {

using value::Value;

TrackingSettings settings_of(const Value& in) {
  TrackingSettings settings;
  // Argo CD reads what it doesn't know as the default.
  settings.method = parse_tracking_method(in["method"].text()).value_or(settings.method);
  settings.installation_id = in["installation"].text();
  if (!in["labelKey"].is_null()) settings.instance_label = in["labelKey"].text();
  return settings;
}

void replay_parse(const Value& in, const Value& want) {
  const auto id = parse_tracking_id(in["text"].text());
  EXPECT_EQ(id.has_value(), want["error"].is_null());
  if (!id || want["value"].is_null()) return;
  EXPECT_EQ(id->app, want.at({"value", "app"}).text());
  EXPECT_EQ(id->key.group, want.at({"value", "group"}).text());
  EXPECT_EQ(id->key.kind, want.at({"value", "kind"}).text());
  EXPECT_EQ(id->key.namespace_, want.at({"value", "namespace"}).text());
  EXPECT_EQ(id->key.name, want.at({"value", "name"}).text());
  EXPECT_EQ(id->text(), want["printed"].text());
}

void replay_set(const Value& in, const Value& want) {
  auto object = k8s::Object::trusted(in["object"].deep_copy());
  set_tracking(object, in["app"].text(), in["namespace"].text(), settings_of(in));
  EXPECT_EQ(value::write_json(object.tree()).value_or(""),
            value::write_json(want["object"]).value_or("-"));
}

void replay_owner(const Value& in, const Value& want) {
  EXPECT_EQ(owner_of(k8s::Object::trusted(in["object"]), settings_of(in)).app, want["app"].text());
}

/// Where we differ on purpose: an object with an installation id is foreign to an installation
/// without one (docs/deviations.md 10).
bool deviates(const Value& in) {
  const Value& id =
      in.at({"object", "metadata", "annotations", "argocd.argoproj.io/installation-id"});
  return in["op"].text() == "owner" && in["installation"].text().empty() && !id.is_null();
}

// Recorded by tests/oracle/argocd from Argo CD 3.6.1.
TEST(TrackingVectors, AnswerAsArgoCdDoes) {
  const std::map<std::string_view, void (*)(const Value&, const Value&)> ops = {
      {"parse", replay_parse}, {"set", replay_set}, {"owner", replay_owner}};
  std::ifstream file(TIPHYS_SOURCE_DIR "/tests/vectors/argocd/tracking.jsonl");
  ASSERT_TRUE(file.is_open());
  int replayed = 0;
  for (std::string line; std::getline(file, line);) {
    const auto vector = value::parse_json(line);
    ASSERT_TRUE(vector.ok()) << vector.error().text();
    const Value& in = (*vector)["in"];
    const auto op = ops.find(in["op"].text());
    if (op == ops.end() || deviates(in)) continue;
    SCOPED_TRACE(line);
    op->second(in, (*vector)["want"]);
    ++replayed;
  }
  EXPECT_GE(replayed, 300);
}

}  // namespace
}  // namespace tiphys::api
