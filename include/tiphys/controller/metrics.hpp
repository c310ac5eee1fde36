#pragma once

#include "tiphys/api/application.hpp"
#include "tiphys/api/status.hpp"
#include "tiphys/k8s/names.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace tiphys::controller {

/// Argo CD's metric names (reference/argocd.md rows 109 and 110) and a few of our own (tiphys_*).
/// Any thread.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  /// argocd_app_info, one series an application.
  void observe(const k8s::NamespacedName& key, const api::Application& app,
               const api::Status& status);
  void forget(const k8s::NamespacedName& key);
  /// argocd_app_sync_total, argocd_app_sync_duration_seconds_total.
  void operation_finished(const k8s::NamespacedName& key, const std::string& project,
                          std::string_view phase, std::chrono::milliseconds took);
  /// argocd_app_reconcile (histogram).
  void reconciled(const k8s::NamespacedName& key, std::chrono::nanoseconds took);
  /// tiphys_shadow_equal: does our verdict equal the one that Argo CD wrote?
  void shadow(const k8s::NamespacedName& key, std::string_view ours, std::string_view theirs);
  /// Ours and theirs, of every application that was compared without writing.
  std::map<k8s::NamespacedName, std::pair<std::string, std::string>> shadow_verdicts() const;
  /// argocd_git_request_total, argocd_git_request_duration_seconds, and the two failure counters.
  void git_request(const std::string& repo, std::string_view type, std::chrono::milliseconds took,
                   bool ok);
  /// argocd_app_k8s_request_total{verb,resource_kind,response_code}.
  void kube_request(std::string_view verb, std::string_view resource, int code);
  /// tiphys_render_total, tiphys_render_reused_total.
  void rendered();
  void reused();
  /// tiphys_leader: 1 while this process holds the Lease.
  void leader(bool holds);
  void queue_depth(std::size_t depth);

  /// The text format of Prometheus, version 0.0.4.
  std::string text() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace tiphys::controller
