#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/kube/client.hpp"
#include "tiphys/kube/discovery.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// A failure explains itself: which object blocks, since when, and why.
namespace tiphys::sync {

/// Everything that is known of one object that a sync waits for.
struct Evidence {
  k8s::Object object;
  std::vector<k8s::Object> pods{};    ///< below it
  std::vector<k8s::Object> events{};  ///< about it and its pods
  /// "pod/container": the last lines of its log.
  std::map<std::string, std::string> logs{};
};

struct Explanation {
  std::string text;  ///< "" when nothing is known to be wrong
  /// No waiting helps, only another manifest: a name of an image, or a command, that can't be.
  bool terminal = false;
};

/// Pure. The worst that the evidence shows, first match wins: a container that can't start
/// (its waiting reason, image and message), crashes (reason, exit code, how often, the end of its
/// log), a pod without a node, a container that isn't ready (with the probe's last failure), a
/// condition of the object that says why (quota, admission, deadline), a claim without a volume;
/// then the newest Warning event.
Explanation explain(const Evidence& evidence);

/// The container whose log tells why it crashes; nullopt: none does.
struct LogWanted {
  std::string pod;
  std::string container;
  bool previous = false;  ///< of the run before
};
std::optional<LogWanted> log_wanted(const Evidence& evidence);

/// Reads the evidence about the first few of `blocking` from the API server and puts the
/// explanations together: "apps/Deployment/web: ...; ...". Blocks, within one call timeout
/// altogether. What can't be read is left out: an explanation never fails a sync.
class Explainer {
 public:
  Explainer(kube::Client& client, const kube::Discovery& discovery, const base::Clock& clock)
      : client_(client), discovery_(discovery), clock_(clock) {}

  Explanation explain_wait(const std::vector<k8s::ObjectKey>& blocking,
                           const kube::Identity& identity = {}) const;

 private:
  std::optional<Evidence> evidence_of(const k8s::ObjectKey& key,
                                      const kube::CallOptions& options) const;
  void add_events(Evidence& evidence, const k8s::Object& about,
                  const kube::CallOptions& options) const;

  kube::Client& client_;
  const kube::Discovery& discovery_;
  const base::Clock& clock_;
};

}  // namespace tiphys::sync
