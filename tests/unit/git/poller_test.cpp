#include "tiphys/git/poller.hpp"

#include "unit/git/cgi_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace tiphys::git {
namespace {

using base::Code;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::GitRepo;
using ::testing::HasSubstr;
using Kind = RevisionState::Kind;

/// Counts calls and waits for the next one.
class Bell {
 public:
  void ring() {
    const std::lock_guard lock(mutex_);
    ++rung_;
    changed_.notify_all();
  }
  int rung() {
    const std::lock_guard lock(mutex_);
    return rung_;
  }
  bool wait_for(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, seconds(60), [&] { return rung_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int rung_ = 0;
};

class PollerTest : public ::testing::Test {
 protected:
  PollerTest() : transport(server.path()) {
    auto opened = MirrorStore::open({.root = disk.path(), .limits = {}, .max_packs = 50},
                                    make_in_process_checker());
    EXPECT_TRUE(opened.ok());
    store = *opened;
    first = repo.commit({{"a", "1"}});
  }
  void start(std::size_t threads = 2) {
    PollerOptions options;
    options.threads = threads;
    PollerHooks hooks;
    hooks.observe = [this](const GitRequest& request) {
      if (request.request_type == "ls-remote") listings.ring();
    };
    poller = make_poller(*store, transport, clock, options, hooks);
  }
  Repository repository(const std::string& url) const {
    return {.url = *RepoUrl::parse(url), .credentials = {}, .scope = ""};
  }
  Repository repository() const { return repository(repo.url()); }
  std::unique_ptr<Poller::Subscription> subscribe() {
    return poller->subscribe(repository(), [this] { changes.ring(); });
  }
  /// Asks until the answer is as wanted; waits for the listener in between. It may ring for a poll
  /// whose result has been seen already, so a ring alone says nothing.
  template <class Wanted>
  RevisionState ask_until(const Repository& asked, Ticket ticket, std::string_view target,
                          Wanted wanted) {
    while (true) {
      const int before = changes.rung();
      RevisionState state = poller->ensure(asked, target, ticket);
      if (wanted(state) || !changes.wait_for(before + 1)) return state;
    }
  }
  /// Asks until the answer isn't Pending.
  RevisionState settle(std::string_view target, Ticket ticket = 0) {
    return ask_until(repository(), ticket, target,
                     [](const RevisionState& state) { return state.kind != Kind::pending; });
  }

  testing::TempFolder server;
  testing::TempFolder disk;
  GitRepo repo{server.path(), "app"};
  base::ManualClock clock;
  testing::CgiTransport transport;
  std::shared_ptr<MirrorStore> store;
  Bell changes;
  Bell listings;
  Bell hanging;
  Bell released;
  std::string first;
  // The last: it joins its threads before what they use goes.
  std::unique_ptr<Poller> poller;
};

TEST_F(PollerTest, APendingRevisionBecomesReady) {
  start();
  const auto subscription = subscribe();
  const RevisionState state = settle("main");
  ASSERT_EQ(state.kind, Kind::ready);
  EXPECT_EQ(state.ready->revision.commit, first);
  EXPECT_EQ(state.ready->revision.ref, "refs/heads/main");
  EXPECT_FALSE(state.ready->stale);
  EXPECT_EQ(*(*poller->tree(repository(), first))->read("a"), "1");
  EXPECT_EQ(poller->commit(repository(), first)->id, first);
}

TEST_F(PollerTest, OnePollServesEverySubscriber) {
  start();
  const auto one = subscribe();
  const auto two = subscribe();
  ASSERT_EQ(settle("main").kind, Kind::ready);
  const int before = listings.rung();
  EXPECT_EQ(before, 1);
  const std::string second = repo.commit({{"a", "2"}});
  EXPECT_EQ(settle("main").ready->revision.commit, first) << "not polled yet";
  const int rung = changes.rung();
  clock.advance(milliseconds(181'000));
  poller->wake();
  ASSERT_TRUE(changes.wait_for(rung + 2)) << "each subscriber is told";
  EXPECT_EQ(listings.rung(), before + 1);
  EXPECT_EQ(settle("main").ready->revision.commit, second);
}

TEST_F(PollerTest, ARefreshIsAnsweredByAPollThatBeganAfterIt) {
  start();
  const auto subscription = subscribe();
  ASSERT_EQ(settle("main").kind, Kind::ready);
  const std::string second = repo.commit({{"a", "2"}});
  const Ticket ticket = poller->request_refresh(repository());
  const RevisionState state = settle("main", ticket);
  ASSERT_EQ(state.kind, Kind::ready);
  EXPECT_EQ(state.ready->revision.commit, second);
}

TEST_F(PollerTest, AMissingBranchCostsOnePollAndThenFails) {
  start();
  const auto subscription = subscribe();
  ASSERT_EQ(settle("main").kind, Kind::ready);
  RevisionState state = settle("feature");
  ASSERT_EQ(state.kind, Kind::failed);
  EXPECT_EQ(state.failed->error.text(), "unable to resolve 'feature' to a commit SHA");
  EXPECT_EQ(listings.rung(), 2);
  EXPECT_EQ(settle("feature").kind, Kind::failed);
  EXPECT_EQ(listings.rung(), 2);
  repo.git({"branch", "feature"});
  state = settle("feature", poller->request_refresh(repository()));
  EXPECT_EQ(state.kind, Kind::ready);
}

TEST_F(PollerTest, ABranchMadeAfterThePollIsFoundAtOnce) {
  start();
  const auto subscription = subscribe();
  ASSERT_EQ(settle("main").kind, Kind::ready);
  repo.git({"branch", "fresh"});
  EXPECT_EQ(settle("fresh").kind, Kind::ready);
}

TEST_F(PollerTest, AServerThatFailsKeepsTheLastRevisionAndComesBack) {
  start();
  const auto subscription = subscribe();
  ASSERT_EQ(settle("main").kind, Kind::ready);
  transport.intercept = [](const HttpCall&) {
    return std::optional<base::Result<HttpReply>>(
        base::Error(Code::Unavailable, "connection refused"));
  };
  RevisionState state = settle("main", poller->request_refresh(repository()));
  ASSERT_EQ(state.kind, Kind::ready);
  ASSERT_TRUE(state.ready->stale);
  EXPECT_EQ(state.ready->stale->text(),
            "git ls-remote http://git.test/app.git: connection refused");
  transport.intercept = nullptr;
  clock.advance(milliseconds(5'001));
  poller->wake();
  state = ask_until(repository(), 0, "main", [](const RevisionState& now) {
    return now.kind == Kind::ready && !now.ready->stale;
  });
  ASSERT_EQ(state.kind, Kind::ready);
  EXPECT_FALSE(state.ready->stale);
}

TEST_F(PollerTest, AShorterIntervalHoldsAtOnce) {
  start();
  const auto subscription = subscribe();
  ASSERT_EQ(settle("main").kind, Kind::ready);
  const std::string second = repo.commit({{"a", "2"}});
  poller->set_pace({.interval = milliseconds(10'000), .jitter = milliseconds(0)});
  clock.advance(milliseconds(10'001));
  poller->wake();
  const RevisionState state = ask_until(repository(), 0, "main", [&](const RevisionState& now) {
    return now.kind == Kind::ready && now.ready->revision.commit == second;
  });
  ASSERT_EQ(state.kind, Kind::ready);
  EXPECT_EQ(state.ready->revision.commit, second);
}

TEST_F(PollerTest, WithoutAnIntervalOnlyARefreshPolls) {
  start(1);
  GitRepo other(server.path(), "other");
  other.commit({{"a", "1"}});
  Bell told;
  const auto idle = poller->subscribe(repository(other.url()), [&] { told.ring(); });
  (void)poller->ensure(repository(other.url()), "main");
  const auto subscription = subscribe();
  ASSERT_EQ(settle("main").kind, Kind::ready);
  ASSERT_TRUE(told.wait_for(1));
  ASSERT_EQ(listings.rung(), 2);
  poller->set_pace({.interval = milliseconds(0), .jitter = milliseconds(60'000)});
  clock.advance(std::chrono::hours(10));
  poller->wake();
  // The one thread takes what has been due for longest: between these two it would be the other.
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(settle("main", poller->request_refresh(repository())).kind, Kind::ready);
  }
  EXPECT_EQ(listings.rung(), 4);
}

TEST_F(PollerTest, OtherCredentialsOfTheSameSecretArePolledWithAtOnce) {
  transport.intercept = [](const HttpCall& call) -> std::optional<base::Result<HttpReply>> {
    for (const auto& [name, text] : call.headers) {
      if (name == "Authorization" && text == "Bearer good") return std::nullopt;
    }
    return HttpReply{.status = 401, .content_type = "", .location = ""};
  };
  start();
  auto asked = repository();
  asked.scope = "argocd/secret";
  asked.credentials.bearer_token = "bad";
  const auto subscription = poller->subscribe(asked, [this] { changes.ring(); });
  const auto asked_until = [&](Kind kind) {
    return ask_until(asked, 0, "main",
                     [kind](const RevisionState& state) { return state.kind == kind; })
        .kind;
  };
  ASSERT_EQ(asked_until(Kind::failed), Kind::failed);
  asked.credentials.bearer_token = "good";
  EXPECT_EQ(asked_until(Kind::ready), Kind::ready) << "without the clock being moved";
}

TEST_F(PollerTest, WithoutAnyAnswerTheStateSaysWhy) {
  transport.intercept = [](const HttpCall&) {
    return std::optional<base::Result<HttpReply>>(
        HttpReply{.status = 401, .content_type = "", .location = ""});
  };
  start();
  const auto subscription = subscribe();
  const RevisionState state = settle("main");
  ASSERT_EQ(state.kind, Kind::failed);
  EXPECT_EQ(state.failed->error.code(), Code::Unauthorized);
  EXPECT_THAT(state.failed->error.text(), HasSubstr("authentication required"));
}

TEST_F(PollerTest, OtherRepositoriesGoOnBesideOneThatHangs) {
  const GitRepo slow(server.path(), "slow");
  transport.intercept = [this](const HttpCall& call) -> std::optional<base::Result<HttpReply>> {
    if (call.base.path() != "/slow.git") return std::nullopt;
    hanging.ring();
    released.wait_for(1);
    return base::Result<HttpReply>(base::Error(Code::Timeout, "no answer in time"));
  };
  start(2);
  const auto stuck = poller->subscribe(repository(slow.url()), [] {});
  ASSERT_TRUE(hanging.wait_for(1));
  const auto subscription = subscribe();
  EXPECT_EQ(settle("main").kind, Kind::ready);
  EXPECT_EQ(poller->ensure(repository(slow.url()), "main").kind, Kind::pending);
  released.ring();
}

TEST_F(PollerTest, AfterARestartWithoutTheServerTheMirrorOnDiskAnswers) {
  start();
  {
    const auto subscription = subscribe();
    ASSERT_EQ(settle("main").kind, Kind::ready);
  }
  poller->stop();
  transport.intercept = [](const HttpCall&) {
    return std::optional<base::Result<HttpReply>>(
        base::Error(Code::Unavailable, "connection refused"));
  };
  start();
  const auto subscription = subscribe();
  const RevisionState state = settle("main");
  ASSERT_EQ(state.kind, Kind::ready);
  EXPECT_EQ(state.ready->revision.commit, first);
  EXPECT_TRUE(state.ready->stale);
}

TEST_F(PollerTest, NobodySubscribedMeansNoPoll) {
  start();
  EXPECT_EQ(poller->ensure(repository(), "main").kind, Kind::failed);
  EXPECT_EQ(poller->request_refresh(repository()), 0U);
  {
    const auto subscription = subscribe();
    ASSERT_EQ(settle("main").kind, Kind::ready);
  }
  const int before = listings.rung();
  clock.advance(milliseconds(600'000));
  poller->wake();
  EXPECT_EQ(poller->ensure(repository(), "main").kind, Kind::failed);
  EXPECT_EQ(listings.rung(), before);
}

}  // namespace
}  // namespace tiphys::git
