#include "tiphys/api/sync_windows.hpp"

#include "tiphys/api/project.hpp"
#include "tiphys/value/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace tiphys::api {
namespace {

using value::Value;

base::Result<std::string> read_zone(std::string_view name) {
  std::ifstream file("/usr/share/zoneinfo/" + std::string(name), std::ios::binary);
  if (!file.is_open())
    return base::Error(base::Code::NotFound, "unknown time zone " + std::string(name));
  return std::string(std::istreambuf_iterator<char>(file), {});
}
const text::ZoneLoader kZones = read_zone;

Time at(std::string_view text) {
  const auto time = base::parse_rfc3339(text);
  EXPECT_TRUE(time.has_value()) << text;
  return time.value_or(Time{});
}

Project project_with(const Value& windows) {
  auto project = parse_project(
      k8s::Object::trusted(Value::object({{"spec", Value::object({{"syncWindows", windows}})}})));
  EXPECT_TRUE(project.ok()) << project.error().text();
  return *std::move(project);
}

Application app_of(const Value& in) {
  Application app;
  app.key.name = in["app"].text();
  const Value& to = in["destination"];
  app.spec.destination = {.server = std::string(to["server"].text()),
                          .name = std::string(to["name"].text()),
                          .namespace_ = std::string(to["namespace"].text())};
  return app;
}

/// Where the answer is better than Argo CD's on purpose: docs/deviations.md.
bool deviates(const Value& vector) {
  // A schedule that never comes is always active there.
  static const std::set<std::string, std::less<>> kNever = {"0 0 31 2 *"};
  return kNever.contains(vector["in"]["windows"].items().front()["schedule"].text());
}

void replay(const Value& vector) {
  const Value& in = vector["in"];
  const Value& want = vector["want"];
  const Project project = project_with(in["windows"]);
  const Application app = app_of(in);
  const auto matching = windows_for(project.sync_windows, app);
  EXPECT_EQ(matching.size(), want["matching"].items().size());
  const Time now = at(in["now"].text());
  WindowInputs inputs{
      .trigger = in["manual"].boolean_or(false) ? Trigger::manual : Trigger::automated, .now = now};
  if (!in["startedAt"].is_null()) inputs.started_at = at(in["startedAt"].text());
  const auto verdict = can_sync(matching, inputs, kZones);
  EXPECT_EQ(verdict.ok(), want["error"].is_null())
      << (verdict.ok() ? "read" : verdict.error().text());
  if (!verdict.ok()) return;
  EXPECT_EQ(verdict->allowed, want["canSync"].boolean_or(false));
  EXPECT_EQ(verdict->reason.empty(), verdict->allowed);
  std::size_t active = 0;
  for (const SyncWindow& window : matching) active += *is_active(window, now, kZones) ? 1 : 0;
  EXPECT_EQ(active, want["active"].items().size());
}

// Recorded by tests/oracle/argocd from Argo CD 3.6.1.
TEST(SyncWindowVectors, AnswerAsArgoCdDoes) {
  std::ifstream file(TIPHYS_SOURCE_DIR "/tests/vectors/argocd/windows.jsonl");
  ASSERT_TRUE(file.is_open());
  int replayed = 0;
  for (std::string line; std::getline(file, line);) {
    const auto vector = value::parse_json(line);
    ASSERT_TRUE(vector.ok()) << vector.error().text();
    if (deviates(*vector)) continue;
    SCOPED_TRACE(line);
    replay(*vector);
    ++replayed;
  }
  EXPECT_GE(replayed, 1000);
}

Value window(std::string_view kind, std::string_view schedule, std::string_view duration,
             std::string_view zone = "") {
  return Value::object({{"applications", Value::array({Value("*")})},
                        {"duration", Value(duration)},
                        {"kind", Value(kind)},
                        {"schedule", Value(schedule)},
                        {"timeZone", Value(zone)}});
}

base::Result<WindowVerdict> ask(const Value& windows, std::string_view now) {
  Application app;
  app.key.name = "web";
  return can_sync(windows_for(project_with(windows).sync_windows, app), {.now = at(now)}, kZones);
}

TEST(SyncWindow, AScheduleThatNeverComesIsNeverActive) {
  const auto verdict =
      ask(Value::array({window("deny", "0 0 31 2 *", "1h")}), "2026-11-23T09:00:00Z");
  ASSERT_TRUE(verdict.ok());
  EXPECT_TRUE(verdict->allowed);
  EXPECT_FALSE(verdict->next_change.has_value());
}

TEST(SyncWindow, NextChangeIsTheEndOfAnOpenWindowOrTheNextOpening) {
  const Value windows = Value::array({window("deny", "0 9 * * *", "1h", "Europe/Berlin")});
  const auto open = ask(windows, "2026-11-23T08:30:00Z");
  ASSERT_TRUE(open.ok());
  EXPECT_FALSE(open->allowed);
  EXPECT_EQ(open->next_change, at("2026-11-23T09:00:00Z"));
  EXPECT_EQ(open->reason, "deny window '0 9 * * *' for 1h in Europe/Berlin");
  const auto closed = ask(windows, "2026-11-23T09:30:00Z");
  ASSERT_TRUE(closed.ok());
  EXPECT_TRUE(closed->allowed);
  EXPECT_EQ(closed->next_change, at("2026-11-24T08:00:00Z"));
}

TEST(SyncWindow, WhatCantBeReadIsNamed) {
  const auto text = [](std::string_view schedule, std::string_view duration,
                       std::string_view zone) {
    const auto verdict =
        ask(Value::array({window("deny", schedule, duration, zone)}), "2026-11-23T09:00:00Z");
    return verdict.ok() ? std::string("read") : verdict.error().text();
  };
  EXPECT_EQ(text("0 9 * * 7", "1h", ""),
            "sync window schedule '0 9 * * 7': day of week '7': beyond 0-6");
  EXPECT_EQ(text("0 9 * * 1", "soon", ""),
            "sync window duration 'soon': time: invalid duration \"soon\"");
  EXPECT_THAT(text("0 9 * * 1", "1h", "Mars/Base"),
              testing::StartsWith("sync window timeZone 'Mars/Base': "));
  EXPECT_THAT(text("TZ=UTC 0 9 * * 1", "1h", ""), testing::HasSubstr("use timeZone"));
}

}  // namespace
}  // namespace tiphys::api
