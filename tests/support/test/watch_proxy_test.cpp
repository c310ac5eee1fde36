#include "support/control_plane.hpp"
#include "support/fault_proxy.hpp"
#include "support/process.hpp"

#include "tiphys/value/value.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace tiphys::test {
namespace {

using value::Value;

/// curl watches through the proxy as a ServiceAccount, over HTTP/1.1.
class WatchProxy : public ::testing::Test {
 protected:
  Command curl(const std::string& query) const {
    return {.argv = {"curl", "--silent", "--show-error", "--no-buffer", "--http1.1", "--cacert",
                     plane_.ca_certificate().string(), "-H", "Authorization: Bearer " + token_,
                     proxy_->url() + path() + query},
            .piped = true};
  }
  std::string path() const { return "/api/v1/namespaces/" + space_.name() + "/configmaps"; }
  void create(const std::string& name) {
    const auto made = plane_.create(
        path(), Value::object({{"metadata", Value::object({{"name", Value(name)}})}}));
    ASSERT_EQ(made.status, 201) << made.text;
  }
  Process watch() {
    Process watcher(curl("?watch=true"));
    require_within(milliseconds(10'000), "the watch is open",
                   [&] { return proxy_->connections().watches == 1; });
    return watcher;
  }
  /// Reads events until one is about this object.
  static void read_until(Process& watcher, const std::string& name,
                         milliseconds limit = milliseconds(20'000)) {
    const std::string wanted = R"("name":")" + name + '"';
    for (std::string line; !line.contains(wanted);) line = watcher.read_line(limit);
  }
  std::string list() const { return run(curl("")).out; }

  ControlPlane& plane_ = ControlPlane::shared();
  TestNamespace space_{plane_};
  std::string token_ = [this] {
    plane_.kubectl_ok({"create", "rolebinding", "view", "--clusterrole=view",
                       "--serviceaccount=" + space_.name() + ":default", "-n", space_.name()});
    return plane_.token(space_.name(), "default");
  }();
  std::unique_ptr<FaultProxy> proxy_ = FaultProxy::api_server(plane_);
};

TEST_F(WatchProxy, PassesTokensAndStreams) {
  auto watcher = watch();
  create("one");
  read_until(watcher, "one");
  create("two");
  read_until(watcher, "two");
  EXPECT_TRUE(list().contains("ConfigMapList"));
}

TEST_F(WatchProxy, DelaysWatchesOnly) {
  auto watcher = watch();
  proxy_->delay(milliseconds(700));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(list().contains("ConfigMapList"));
  const auto listed = std::chrono::steady_clock::now();
  create("late");
  create("later");
  const auto created = std::chrono::steady_clock::now();
  read_until(watcher, "late");
  EXPECT_GE(std::chrono::steady_clock::now() - listed, milliseconds(700));
  read_until(watcher, "later");
  // Each piece is late by the same time: they do not add up.
  EXPECT_LT(std::chrono::steady_clock::now() - created, milliseconds(1'400));
  EXPECT_LT(listed - began, milliseconds(700));
}

TEST_F(WatchProxy, CutsAndResetsWatchesOnly) {
  auto first = watch();
  EXPECT_EQ(proxy_->cut(), 1);
  EXPECT_TRUE(first.wait(milliseconds(10'000)).has_value());
  auto second = watch();
  EXPECT_EQ(proxy_->reset(), 1);
  EXPECT_NE(second.wait(milliseconds(10'000)).value_or(0), 0);
  EXPECT_EQ(proxy_->cut(), 0);
  EXPECT_TRUE(list().contains("ConfigMapList"));
}

TEST_F(WatchProxy, HalfOpenWatchesSayNothingAndStayOpen) {
  auto watcher = watch();
  proxy_->half_open();
  create("unseen");
  EXPECT_TRUE(list().contains("unseen"));
  EXPECT_EQ(watcher.wait(milliseconds(300)), std::nullopt);
  proxy_->heal();
  create("unseen-too");
  EXPECT_THROW(read_until(watcher, "unseen-too", milliseconds(500)), SupportError);
}

TEST_F(WatchProxy, AnswersWatchesWithExpired) {
  proxy_->expire_watches(1, FaultProxy::Expired::as_event);
  Process event(curl("?watch=true&resourceVersion=1"));
  EXPECT_TRUE(event.read_line().contains(R"("type": "ERROR")"));
  proxy_->expire_watches(1, FaultProxy::Expired::as_status);
  const auto status = run({.argv = {"curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}",
                                    proxy_->url() + path() + "?watch=1"}});
  EXPECT_EQ(status.out, "410");
  watch();
}

TEST_F(WatchProxy, NarrowsFaultsByTheRequest) {
  proxy_->scope(FaultProxy::Requests::watches, "/secrets");
  auto watcher = watch();
  EXPECT_EQ(proxy_->cut(), 0);
  proxy_->scope(FaultProxy::Requests::watches, "/configmaps");
  EXPECT_EQ(proxy_->cut(), 1);
}

}  // namespace
}  // namespace tiphys::test
