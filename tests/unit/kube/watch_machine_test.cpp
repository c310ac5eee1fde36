#include "tiphys/kube/watch_machine.hpp"

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

namespace tiphys::kube {
namespace {

using base::Code;
using base::Error;
using std::chrono::milliseconds;
using Type = WatchEvent::Type;

/// "list", "list TOKEN", "watch RV", "wait MS", "read", and the events in front of it.
std::string text_of(const WatchMachine::Step& step) {
  std::string text;
  for (const auto& event : step.events) {
    static constexpr const char* kNames[] = {"Init", "InitApply", "InitDone", "Apply", "Delete"};
    text += kNames[static_cast<int>(event.type)];
    if (!event.object.name().empty()) text += ":" + std::string(event.object.name());
    text += " ";
  }
  text += "-> ";
  if (const auto* list = std::get_if<WatchMachine::List>(&step.action)) {
    return text + "list" + (list->continue_token.empty() ? "" : " " + list->continue_token);
  }
  if (const auto* watch = std::get_if<WatchMachine::Watch>(&step.action))
    return text + "watch " + watch->resource_version;
  if (const auto* wait = std::get_if<WatchMachine::Wait>(&step.action))
    return text + "wait " + std::to_string(wait->delay.count());
  return text + "read";
}

WatchMachine machine(double random = 0.999999999) {
  WatchMachine::Options options;
  options.random = [random] { return random; };
  return WatchMachine(options);
}

k8s::Object object(const std::string& name) {
  return k8s::Object::trusted(value::Value::object(
      {{"metadata", value::Value::object({{"name", std::string_view(name)}})}}));
}

value::Value line(const std::string& type, const std::string& name, const std::string& version) {
  return *value::parse_json(R"({"type":")" + type + R"(","object":{"metadata":{"name":")" + name +
                            R"(","resourceVersion":")" + version + R"("}}})");
}

value::Value error_line(int code, const std::string& reason) {
  return *value::parse_json(
      R"({"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","message":"m","code":)" +
      std::to_string(code) + R"(,"reason":")" + reason + R"("}})");
}

/// Listed (nothing there) and watching from 10.
WatchMachine watching() {
  auto made = machine();
  (void)made.start();
  (void)made.listed({}, "10", "");
  made.watch_opened();
  return made;
}

TEST(WatchMachine, ListsInPagesAndThenWatches) {
  auto m = machine();
  EXPECT_EQ(text_of(m.start()), "-> list");
  EXPECT_FALSE(m.synced());
  EXPECT_EQ(text_of(m.listed({object("a"), object("b")}, "5", "page2")),
            "Init InitApply:a InitApply:b -> list page2");
  EXPECT_FALSE(m.synced());
  EXPECT_EQ(text_of(m.listed({object("c")}, "7", "")), "InitApply:c InitDone -> watch 7");
  EXPECT_TRUE(m.synced());
}

TEST(WatchMachine, TurnsLinesIntoEvents) {
  auto m = watching();
  EXPECT_EQ(text_of(m.watch_event(line("ADDED", "a", "11"))), "Apply:a -> read");
  EXPECT_EQ(text_of(m.watch_event(line("MODIFIED", "a", "12"))), "Apply:a -> read");
  EXPECT_EQ(text_of(m.watch_event(line("DELETED", "a", "13"))), "Delete:a -> read");
  EXPECT_EQ(text_of(m.watch_event(line("NEWTYPE", "a", "14"))), "-> read");
  EXPECT_EQ(m.resource_version(), "14");
}

TEST(WatchMachine, GoesOnFromABookmarkAfterSilence) {
  auto m = watching();
  EXPECT_EQ(text_of(m.watch_event(line("BOOKMARK", "", "20"))), "-> read");
  EXPECT_EQ(text_of(m.watch_ended(Error(Code::Timeout, "silent"))), "-> watch 20");
  EXPECT_FALSE(m.problem().has_value());
}

TEST(WatchMachine, OpensAgainAtOnceWhenTheServersTimeIsOver) {
  auto m = watching();
  (void)m.watch_event(line("ADDED", "a", "11"));
  EXPECT_EQ(text_of(m.watch_ended(std::nullopt)), "-> watch 11");
}

TEST(WatchMachine, DoesNotSpinOnAWatchThatEndsWithoutAnything) {
  auto m = watching();
  EXPECT_EQ(text_of(m.watch_ended(std::nullopt)), "-> wait 799");
  EXPECT_EQ(text_of(m.waited()), "-> watch 10");
  EXPECT_EQ(text_of(m.watch_ended(std::nullopt)), "-> wait 1599");
  EXPECT_FALSE(m.problem().has_value());
}

TEST(WatchMachine, ListsAgainAfter410) {
  auto m = watching();
  (void)m.watch_event(line("ADDED", "a", "11"));
  EXPECT_EQ(text_of(m.watch_event(error_line(410, "Expired"))), "-> list");
  EXPECT_TRUE(m.synced()) << "what was listed before still holds";
  EXPECT_EQ(text_of(m.listed({}, "30", "")), "Init InitDone -> watch 30");
  // The watch itself can be refused with 410, too; without a word in between it must not spin.
  EXPECT_EQ(text_of(m.watch_ended(Error(Code::Expired, "gone"))), "-> wait 799");
  EXPECT_EQ(text_of(m.waited()), "-> list");
}

TEST(WatchMachine, StartsTheListOverWhenItsPageExpired) {
  auto m = machine();
  (void)m.start();
  (void)m.listed({object("a")}, "5", "page2");
  EXPECT_EQ(text_of(m.list_failed(Error(Code::Expired, "too old"))), "-> wait 799");
  EXPECT_EQ(text_of(m.waited()), "-> list");
  EXPECT_EQ(text_of(m.listed({object("b")}, "9", "")), "Init InitApply:b InitDone -> watch 9");
}

TEST(WatchMachine, WaitsLongerWithEachFailureAndForgetsItAfterAnEvent) {
  auto m = watching();
  const Error cut(Code::Unavailable, "cut");
  const std::string expected[] = {"799",   "1599",  "3199",  "6399",
                                  "12799", "25599", "29999", "29999"};
  for (const auto& delay : expected) {
    EXPECT_EQ(text_of(m.watch_ended(cut)), "-> wait " + delay);
    ASSERT_TRUE(m.problem().has_value());
    EXPECT_EQ(text_of(m.waited()), "-> watch 10");
  }
  m.watch_opened();
  EXPECT_FALSE(m.problem().has_value());
  (void)m.watch_event(line("ADDED", "a", "11"));
  EXPECT_EQ(text_of(m.watch_ended(cut)), "-> wait 799");
  EXPECT_EQ(text_of(m.waited()), "-> watch 11");
}

TEST(WatchMachine, JittersItsWaits) {
  auto m = machine(0.0);
  (void)m.start();
  EXPECT_EQ(text_of(m.list_failed(Error(Code::Unavailable, "down"))), "-> wait 400");
}

TEST(WatchMachine, HonoursRetryAfterWithinReason) {
  auto m = machine();
  (void)m.start();
  Error busy(Code::TooManyRequests, "busy");
  EXPECT_EQ(text_of(m.list_failed(std::move(busy).after(milliseconds(7'000)))), "-> wait 7000");
  Error long_wait(Code::TooManyRequests, "busy");
  EXPECT_EQ(text_of(m.list_failed(std::move(long_wait).after(milliseconds(1'000'000'000)))),
            "-> wait 300000");
}

TEST(WatchMachine, AsksSeldomForWhatItMayNotList) {
  for (const Code code : {Code::Forbidden, Code::NotFound}) {
    auto m = machine();
    (void)m.start();
    EXPECT_EQ(text_of(m.list_failed(Error(code, "no"))), "-> wait 59999");
    EXPECT_FALSE(m.synced());
    EXPECT_EQ(m.problem()->code(), code);
    EXPECT_EQ(text_of(m.waited()), "-> list");
    (void)m.listed({}, "1", "");
    EXPECT_FALSE(m.problem().has_value());
  }
}

TEST(WatchMachine, ListsAgainWhenTheRightToWatchWasTakenAway) {
  auto m = watching();
  EXPECT_EQ(text_of(m.watch_ended(Error(Code::Forbidden, "no"))), "-> wait 59999");
  EXPECT_EQ(m.problem()->code(), Code::Forbidden);
  EXPECT_EQ(text_of(m.waited()), "-> list");
}

}  // namespace
}  // namespace tiphys::kube
