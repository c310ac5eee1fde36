#include "tiphys/controller/event_recorder.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::controller {
namespace {

k8s::Object event(const std::string& name) {
  return k8s::Object::trusted(
      value::Value::object({{"apiVersion", "v1"},
                            {"kind", "Event"},
                            {"metadata", value::Value::object({{"name", name}})}}));
}

/// What was sent; while `gate` is closed the first send waits, as with an API server that is slow.
struct Server {
  std::promise<void> reached;
  std::promise<void> gate;
  std::vector<std::string> sent;
  base::Status answer;

  EventRecorder::Send send() {
    return [this](const k8s::Object& one) {
      sent.emplace_back(one.name());
      if (sent.size() == 1) {
        reached.set_value();
        gate.get_future().wait();
      }
      return answer;
    };
  }
};

TEST(EventRecorder, NobodyWaitsAndTheOrderStays) {
  Server server;
  const base::ManualClock clock;
  EventRecorder recorder(server.send(), clock, {}, EventRecorder::Limits());
  recorder.record(event("a"));
  server.reached.get_future().wait();
  recorder.record(event("b"));  // returns while "a" is still on its way
  recorder.record(event("c"));
  server.gate.set_value();
  recorder.stop();
  EXPECT_EQ(server.sent, (std::vector<std::string>{"a", "b", "c"}));
}

TEST(EventRecorder, DropsWhatIsOverTheLimit) {
  Server server;
  const base::ManualClock clock;
  EventRecorder recorder(server.send(), clock, {}, {.waiting = 2});
  recorder.record(event("a"));
  server.reached.get_future().wait();
  for (const char* name : {"b", "c", "d"}) recorder.record(event(name));
  server.gate.set_value();
  recorder.stop();
  EXPECT_EQ(server.sent, (std::vector<std::string>{"a", "b", "c"}));
}

TEST(EventRecorder, AFailureDropsThatOneOnly) {
  Server server;
  server.answer = base::Error(base::Code::Unavailable, "no");
  server.gate.set_value();
  const base::ManualClock clock;
  EventRecorder recorder(server.send(), clock, {}, EventRecorder::Limits());
  recorder.record(event("a"));
  recorder.record(event("b"));
  recorder.stop();
  EXPECT_EQ(server.sent, (std::vector<std::string>{"a", "b"}));
}

TEST(EventRecorder, TheStopHasALimit) {
  Server server;
  base::ManualClock clock;
  EventRecorder recorder(server.send(), clock, {}, {.at_stop = std::chrono::seconds(5)});
  recorder.record(event("a"));
  server.reached.get_future().wait();
  recorder.record(event("b"));
  auto stopped = std::async(std::launch::async, [&] { recorder.stop(); });
  // Only stop() makes the recorder refuse; the time passes after it has set its limit.
  while (!recorder.stopping()) std::this_thread::yield();
  clock.advance(std::chrono::seconds(6));
  server.gate.set_value();
  stopped.wait();
  EXPECT_EQ(server.sent, std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace tiphys::controller
