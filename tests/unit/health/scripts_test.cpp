#include "tiphys/health/scripts.hpp"

#include "tiphys/value/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tiphys::health {
namespace {

using testing::HasSubstr;

k8s::Object gadget() {
  const auto tree = value::parse_json(
      R"({"apiVersion":"example.com/v1","kind":"Gadget","metadata":{"name":"g"},"spec":{"n":1}})");
  return k8s::Object::trusted(*tree);
}

std::string failure(const std::string& lua, const ScriptLimits& limits = {}, bool open = false) {
  const auto answer = run_script({.lua = lua, .open_libs = open}, gadget(), limits);
  return answer.ok() ? "no failure" : answer.error().text();
}

TEST(ScriptBudget, StepsEndALoop) {
  EXPECT_EQ(failure("while true do end", {.steps = 100'000}),
            "the health script needs too many steps");
}

TEST(ScriptBudget, NoProtectedCallOutlivesTheSteps) {
  EXPECT_EQ(
      failure("while true do pcall(function() while true do end end) end", {.steps = 100'000}),
      "the health script needs too many steps");
  EXPECT_EQ(failure("coroutine.wrap(function() while true do end end)()", {.steps = 100'000}),
            "the health script needs too many steps");
}

TEST(ScriptBudget, MemoryEndsAString) {
  EXPECT_EQ(failure("local s = 'x' while true do s = s .. s end", {.memory = 1 << 20U}),
            "the health script needs too much memory");
  EXPECT_EQ(failure("local t = {} for i = 1, 1e9 do t[i] = {} end", {.memory = 1 << 20U}),
            "the health script needs too much memory");
  EXPECT_EQ(failure("return {}", {.memory = 100}), "the health script needs too much memory");
}

/// A clock that goes on by itself, a second a look.
class RunningClock final : public base::Clock {
 public:
  base::SteadyTime now() const override {
    at_ += std::chrono::seconds(1);
    return base::SteadyTime(at_);
  }
  base::WallTime wall() const override { return {}; }

 private:
  mutable std::chrono::nanoseconds at_{0};
};

TEST(ScriptBudget, TimeEndsALoop) {
  const RunningClock clock;
  EXPECT_EQ(failure("while true do end", {.clock = &clock}),
            "the health script needs too much time");
}

TEST(ScriptSandbox, NothingReachesTheMachine) {
  for (const char* name : {"io", "string", "math", "package", "debug", "jit", "ffi", "load",
                           "loadstring", "loadfile", "dofile", "newproxy", "print"}) {
    const auto answer =
        run_script({.lua = std::string("if ") + name +
                           " == nil then return {status='Healthy'} end return {status='Degraded'}",
                    .open_libs = false},
                   gadget(), {});
    ASSERT_TRUE(answer.ok()) << answer.error().text();
    EXPECT_EQ((*answer)->status, HealthStatus{}) << name;
  }
  EXPECT_THAT(failure("os.execute('true')"), HasSubstr("execute"));
  EXPECT_THAT(failure("os.getenv('HOME')"), HasSubstr("getenv"));
  EXPECT_THAT(failure("require('ffi')"), HasSubstr("module ffi not found"));
  EXPECT_THAT(failure("require('io')"), HasSubstr("module io not found"));
}

TEST(ScriptSandbox, OpenLibrariesStillCantEndTheProcessOrLeaveTheBudgets) {
  EXPECT_THAT(failure("os.exit(0)", {}, true), HasSubstr("os.exit isn't allowed"));
  for (const char* name : {"debug", "jit", "ffi", "load", "loadstring", "newproxy"})
    EXPECT_THAT(failure(std::string(name) + ".x()", {}, true), HasSubstr("nil value")) << name;
  EXPECT_THAT(failure("require('ffi')", {}, true), HasSubstr("module ffi not found"));
}

TEST(Script, BytecodeIsRefused) {
  EXPECT_THAT(failure("\x1bLJ\x02"), HasSubstr("attempt to load chunk with wrong mode"));
}

TEST(Script, SyntaxErrorsNameTheLine) {
  EXPECT_THAT(failure("local a = 1\nreturn {"), HasSubstr("health.lua:2:"));
}

TEST(Script, ADeepObjectIsReadWhole) {
  std::string text = R"({"apiVersion":"v1","kind":"Gadget","metadata":{"name":"g"},"spec":)";
  for (int i = 0; i < 90; ++i) text += R"({"a":)";
  text += "1";
  text += std::string(90, '}') + "}";
  const auto tree = value::parse_json(text);
  ASSERT_TRUE(tree.ok()) << tree.error().text();
  const auto answer = run_script({.lua = "return {status='Healthy'}", .open_libs = false},
                                 k8s::Object::trusted(*tree), {});
  ASSERT_TRUE(answer.ok()) << answer.error().text();
  EXPECT_EQ((*answer)->status, HealthStatus{});
}

TEST(Script, NamesOfTheAnswerAreReadInAnyCase) {
  const auto answer = run_script(
      {.lua = "return {Status='Degraded', MESSAGE='down'}", .open_libs = false}, gadget(), {});
  ASSERT_TRUE(answer.ok()) << answer.error().text();
  EXPECT_EQ((*answer)->status, (HealthStatus{Code::degraded, "down"}));
}

TEST(Scripts, TheFirstGlobInTheOrderOfKeysCounts) {
  const Scripts scripts({{"*.com/*", {.lua = "b"}}, {"*/*", {.lua = "c"}}, {"a/B", {.lua = ""}}});
  ASSERT_NE(scripts.find({.group = "example.com", .kind = "Gadget"}), nullptr);
  EXPECT_EQ(scripts.find({.group = "example.com", .kind = "Gadget"})->lua, "b");
  EXPECT_EQ(scripts.find({.group = "a", .kind = "B"})->lua, "c");
  EXPECT_EQ(scripts.find({.group = "", .kind = "ConfigMap"}), nullptr);
}

}  // namespace
}  // namespace tiphys::health
