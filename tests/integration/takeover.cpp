#include "integration/takeover.hpp"

#include "support/wait.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tiphys::test {

namespace {

constexpr milliseconds kLimit{90'000};

/// The letter of a process's state in /proc: T is stopped.
char state_of(pid_t pid) {
  const std::string text = read_file("/proc/" + std::to_string(pid) + "/stat");
  const auto end = text.rfind(')');
  return end == std::string::npos || end + 2 >= text.size() ? '?' : text[end + 2];
}

}  // namespace

Takeover::Takeover(ControlPlane& plane, GitServer& git, std::string repository)
    : plane_(plane),
      tiphys_(plane),
      git_(git),
      repository_(std::move(repository)),
      audit_(plane.audit()) {}

Takeover::~Takeover() { (void)plane_.remove("/api/v1/namespaces/" + target_); }

std::string Takeover::deployment() const {
  return "/apis/apps/v1/namespaces/" + target_ + "/deployments/" + app_ + "-harbour";
}

std::string Takeover::config_map(const std::string& suffix) const {
  return "/api/v1/namespaces/" + target_ + "/configmaps/" + app_ + "-harbour" + suffix;
}

void Takeover::apply_app() {
  Installation::App app;
  app.name = app_;
  app.repo_url = git_.url(repository_);
  app.destination = target_;
  tiphys_.apply(app);
}

void Takeover::sync_once(const std::string& commit) {
  auto first = tiphys_.start({.identity = unique_name("first")});
  apply_app();
  tiphys_.wait_for(app_, "Synced", "Healthy", commit);
  first.terminate(kLimit);
}

void Takeover::scale_by_hand() {
  const auto answer = plane_.merge_patch(
      deployment(), value::Value::object({{"spec", value::Value::object({{"replicas", 5}})}}));
  if (answer.status != 200) throw SupportError("scale: " + answer.text);
}

void Takeover::wait_for_self_heal() {
  plane_.wait_for(
      deployment(), "2 replicas again",
      [](const value::Value& object) { return object.at({"spec", "replicas"}).integer_or(0) == 2; },
      kLimit);
}

void Takeover::start_holder(const std::string& failpoint) {
  holder_ = tiphys_.start({.identity = old_name_,
                           .flags = {"--git-poll-interval", "1s"},
                           .environment = {{"TIPHYS_FAILPOINTS", failpoint}}});
  holder_->wait_for_log("leadership won", kLimit);
}

void Takeover::wait_for_stop() {
  require_within(kLimit, "a stopped controller", [&] { return state_of(holder_->pid()) == 'T'; });
}

void Takeover::start_successor() {
  successor_ = tiphys_.start({.identity = new_name_, .flags = {"--git-poll-interval", "1s"}});
}

void Takeover::wait_for_successor() { successor_->wait_for_log("leadership won", kLimit); }

void Takeover::resume_holder() {
  holder_->resume();
  holder_->wait_for_log("leadership lost", kLimit);
  plane_.sync_audit(audit_);
}

std::vector<AuditEvent> Takeover::writes_of(const std::string& identity) {
  std::vector<AuditEvent> found;
  std::ranges::copy_if(audit_.select({.user = tiphys_.user(), .writes_only = true}),
                       std::back_inserter(found), [&](const AuditEvent& event) {
                         return event.user_agent.ends_with("(" + identity + ")") &&
                                event.resource != "leases";
                       });
  return found;
}

std::vector<AuditEvent> Takeover::writes_of_holder() { return writes_of(old_name_); }
std::vector<AuditEvent> Takeover::writes_of_successor() { return writes_of(new_name_); }

std::vector<AuditEvent> Takeover::late_writes() {
  const auto successor = writes_of_successor();
  auto late = writes_of_holder();
  std::erase_if(late, [&](const AuditEvent& event) {
    return successor.empty() || event.received < successor.front().received;
  });
  return late;
}

}  // namespace tiphys::test
