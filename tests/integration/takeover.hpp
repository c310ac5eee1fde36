#pragma once

#include "integration/installation.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::test {

/// Two controllers and one Lease: the holder stops itself (SIGSTOP) at a failpoint, another one
/// takes over. An installation of its own, so that several may wait for their Leases at once.
class Takeover {
 public:
  /// Its application is the folder "chart" of that repository.
  Takeover(ControlPlane& plane, GitServer& git, std::string repository = "gitops");
  ~Takeover();
  Takeover(const Takeover&) = delete;
  Takeover& operator=(const Takeover&) = delete;

  Installation& tiphys() { return tiphys_; }
  const std::string& app() const { return app_; }
  /// Of the sample chart's Deployment.
  std::string deployment() const;
  std::string config_map(const std::string& suffix) const;
  void apply_app();
  /// Synced by a controller that has ended since.
  void sync_once(const std::string& commit);
  /// An edit that the leader takes back.
  void scale_by_hand();
  void wait_for_self_heal();

  /// The one that will stop; ready and leading when this returns.
  void start_holder(const std::string& failpoint);
  /// Waits until it has stopped.
  void wait_for_stop();
  /// Starts the other one; it leads once the Lease has run out.
  void start_successor();
  void wait_for_successor();
  /// Lets the stopped one go on, until it knows that it lost the Lease.
  void resume_holder();

  /// What was written under a holder's name, its Lease left out.
  std::vector<AuditEvent> writes_of_holder();
  std::vector<AuditEvent> writes_of_successor();
  /// Of the old holder, received after the new one's first.
  std::vector<AuditEvent> late_writes();

 private:
  std::vector<AuditEvent> writes_of(const std::string& identity);

  ControlPlane& plane_;
  Installation tiphys_;
  GitServer& git_;
  std::string repository_;
  std::string app_ = unique_name("app");
  std::string target_ = unique_name("target");
  std::string old_name_ = unique_name("old");
  std::string new_name_ = unique_name("new");
  AuditLog audit_;
  std::optional<Process> holder_;
  std::optional<Process> successor_;
};

}  // namespace tiphys::test
