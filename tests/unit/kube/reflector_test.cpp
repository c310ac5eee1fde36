#include "tiphys/kube/reflector.hpp"

#include "unit/kube/scripted_api.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <future>

namespace tiphys::kube {
namespace {

using base::Code;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::client_of;
using testing::json;
using testing::pods;
using testing::ScriptedApi;
using testing::status;

/// Collects what a reflector delivers, as words.
class Collector {
 public:
  WatchSink sink() {
    return [this](const WatchEvent& event) {
      static constexpr const char* kNames[] = {"Init", "InitApply", "InitDone", "Apply", "Delete"};
      std::string word = kNames[static_cast<int>(event.type)];
      if (!event.object.name().empty())
        word += ":" + std::string(event.object.kind()) + "/" + std::string(event.object.name());
      words_.lock()->push_back(std::move(word));
      changed_.notify_all();
    };
  }
  bool wait_for(const std::string& word) {
    auto words = words_.lock();
    return changed_.wait_for(words.handle(), seconds(20),
                             [&] { return std::ranges::find(*words, word) != words->end(); });
  }
  std::string text() const {
    const auto words = words_.lock();
    std::string all;
    for (const auto& word : *words) all += word + " ";
    return all;
  }

 private:
  base::Guarded<std::vector<std::string>> words_;
  std::condition_variable changed_;
};

std::string list(const std::string& version, const std::string& names) {
  return R"({"kind":"PodList","metadata":{"resourceVersion":")" + version + R"("},"items":[)" +
         names + "]}";
}

std::string named(const std::string& name, const std::string& version) {
  return R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":")" + name +
         R"(","resourceVersion":")" + version + R"("}})";
}

std::string event(const std::string& type, const std::string& name, const std::string& version) {
  return R"({"type":")" + type + R"(","object":)" + named(name, version) + "}\n";
}

class ReflectorTest : public ::testing::Test {
 protected:
  ReflectorTest() {
    ReflectorOptions options;
    options.backoff.min_backoff = milliseconds(10);
    options.silence = milliseconds(300);
    factory_ = make_reflector_factory(*client_, {}, options);
  }
  void TearDown() override {
    reflector_.reset();
    stay_.set_value();
  }
  std::unique_ptr<Reflector> start(StatusSink on_status = {}) {
    WatchRequest request;
    request.resource = pods();
    return factory_->start(request, seen_.sink(), std::move(on_status));
  }
  /// A watch that sends these pieces and then stays open, or ends.
  enum class Then : unsigned char { stay, end };
  void then_watch(std::vector<std::string> pieces, Then then) {
    net::ServerResponse response;
    response.stream = [pieces = std::move(pieces), then,
                       stay = stay_future_](net::ResponseWriter& writer) {
      for (const auto& piece : pieces) {
        if (!writer.write(piece).ok()) return;
      }
      if (then == Then::stay) stay.wait();
    };
    api_.then(response);
  }

  base::SystemClock clock_;
  net::IoRuntime io_;
  net::HttpClient http_{io_, clock_};
  std::promise<void> stay_;
  std::shared_future<void> stay_future_ = stay_.get_future().share();
  ScriptedApi api_{io_};
  std::unique_ptr<Client> client_ = client_of(api_, http_, io_, clock_);
  std::unique_ptr<ReflectorFactory> factory_;
  Collector seen_;
  std::unique_ptr<Reflector> reflector_;
};

TEST_F(ReflectorTest, DeliversListAndWatchAsOneStream) {
  api_.then(json(200, list("5", named("a", "3"))));
  const auto added = event("ADDED", "b", "6");
  then_watch({added.substr(0, 20), added.substr(20) + event("DELETED", "a", "7")}, Then::stay);
  reflector_ = start();
  ASSERT_TRUE(seen_.wait_for("Delete:Pod/a"));
  EXPECT_EQ(seen_.text(), "Init InitApply:Pod/a InitDone Apply:Pod/b Delete:Pod/a ");
  EXPECT_TRUE(reflector_->status().synced);
  EXPECT_FALSE(reflector_->status().problem.has_value());
  const auto watch = api_.requests().at(1).query;
  EXPECT_NE(watch.find("watch=true&allowWatchBookmarks=true&resourceVersion=5&timeoutSeconds="),
            std::string::npos)
      << watch;
}

TEST_F(ReflectorTest, OpensASilentWatchAgainFromTheLastVersion) {
  api_.then(json(200, list("5", "")));
  then_watch({event("BOOKMARK", "", "8")}, Then::stay);
  then_watch({event("ADDED", "b", "9")}, Then::stay);
  reflector_ = start();
  ASSERT_TRUE(seen_.wait_for("Apply:Pod/b"));
  EXPECT_EQ(seen_.text(), "Init InitDone Apply:Pod/b ");
  EXPECT_NE(api_.requests().at(2).query.find("resourceVersion=8&"), std::string::npos);
}

TEST_F(ReflectorTest, ListsAgainAfter410InTheStream) {
  api_.then(json(200, list("5", "")));
  then_watch(
      {event("ADDED", "a", "6") +
       R"({"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","code":410,"reason":"Expired","message":"too old"}})"
       "\n"},
      Then::stay);
  api_.then(json(200, list("20", named("z", "19"))));
  then_watch({}, Then::stay);
  reflector_ = start();
  ASSERT_TRUE(seen_.wait_for("InitApply:Pod/z"));
  EXPECT_TRUE(seen_.text().starts_with("Init InitDone Apply:Pod/a Init InitApply:Pod/z "))
      << seen_.text();
}

TEST_F(ReflectorTest, RepeatsATruncatedWatch) {
  api_.then(json(200, list("5", "")));
  then_watch({event("ADDED", "a", "6"), R"({"type":"ADD)"}, Then::end);
  then_watch({"garbage\n"}, Then::stay);
  then_watch({event("ADDED", "b", "7")}, Then::stay);
  reflector_ = start();
  ASSERT_TRUE(seen_.wait_for("Apply:Pod/b"));
  EXPECT_EQ(seen_.text(), "Init InitDone Apply:Pod/a Apply:Pod/b ");
}

TEST_F(ReflectorTest, SaysThatAKindMayNotBeListed) {
  api_.then(status(403, "Forbidden", "pods is forbidden"));
  std::promise<ReflectorStatus> told;
  reflector_ = start([&](const ReflectorStatus& now) { told.set_value(now); });
  const auto now = told.get_future().get();
  EXPECT_FALSE(now.synced);
  ASSERT_TRUE(now.problem.has_value());
  EXPECT_EQ(now.problem->code(), Code::Forbidden);
  EXPECT_EQ(now.problem->text(), "list pods: pods is forbidden");
  EXPECT_EQ(seen_.text(), "");
}

TEST_F(ReflectorTest, RecoversFromAServerThatFails) {
  api_.then(status(500, "InternalError", "oops"));
  api_.then(json(200, "<html>login</html>"));
  api_.then(json(200, list("5", named("a", "3"))));
  then_watch({}, Then::stay);
  reflector_ = start();
  ASSERT_TRUE(seen_.wait_for("InitDone"));
  EXPECT_EQ(seen_.text(), "Init InitApply:Pod/a InitDone ");
}

TEST_F(ReflectorTest, IsQuietWhenItsDestructorReturns) {
  api_.then(json(200, list("5", "")));
  then_watch({event("ADDED", "a", "6")}, Then::stay);
  reflector_ = start();
  ASSERT_TRUE(seen_.wait_for("Apply:Pod/a"));
  reflector_.reset();
  EXPECT_EQ(seen_.text(), "Init InitDone Apply:Pod/a ");
}

TEST_F(ReflectorTest, MayBeDestroyedByItsOwnSink) {
  api_.then(json(200, list("5", "")));
  then_watch({}, Then::stay);
  std::promise<void> gone;
  std::promise<void> ready;
  auto is_ready = ready.get_future().share();
  WatchRequest request;
  request.resource = pods();
  reflector_ = factory_->start(request, [&, is_ready](const WatchEvent& what) {
    if (what.type != WatchEvent::Type::InitDone) return;
    is_ready.wait();
    reflector_.reset();
    gone.set_value();
  });
  ready.set_value();
  EXPECT_EQ(gone.get_future().wait_for(seconds(20)), std::future_status::ready);
}

}  // namespace
}  // namespace tiphys::kube
