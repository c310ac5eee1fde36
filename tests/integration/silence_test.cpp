// Watches that nothing comes from any more, though nobody closed them.
#include "integration/faults_bed.hpp"
#include "support/fault_proxy.hpp"

#include <gtest/gtest.h>

namespace tiphys::test {
namespace {

/// A watch that is silent for 90 s is opened again.
constexpr milliseconds kSilence{90'000};
constexpr milliseconds kLimit{60'000};

using SilentWatches = FaultsBed;

TEST_F(SilentWatches, AreOpenedAgain) {
  const auto proxy = FaultProxy::api_server(plane_);
  const auto commit = first_commit();
  auto controller = tiphys_.start({.server = proxy->url()});
  tiphys_.apply(app());
  tiphys_.wait_for(name_, "Synced", "Healthy", commit);
  proxy->half_open();
  scale_by_hand(5);
  const auto before = proxy->connections().accepted;
  // New watches answer again; those that hang go on hanging, and nothing closes them.
  proxy->heal();
  plane_.wait_for(
      deployment(), "2 replicas again",
      [](const value::Value& object) { return object.at({"spec", "replicas"}).integer_or(0) == 2; },
      kSilence + kLimit);
  EXPECT_GT(proxy->connections().accepted, before);
  tiphys_.wait_for(name_, "Synced", "Healthy", commit);
}

}  // namespace
}  // namespace tiphys::test
