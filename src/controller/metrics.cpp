#include "tiphys/controller/metrics.hpp"

#include "tiphys/api/source.hpp"
#include "tiphys/base/guarded.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <sstream>

namespace tiphys::controller {

namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

// The buckets of Argo CD's argocd_app_reconcile and argocd_git_request_duration_seconds, and finer
// ones below them: a reconcile here takes milliseconds.
const Histogram::BucketBoundaries kReconcileBuckets = {0.001, 0.005, 0.01, 0.05, 0.1, 0.25,
                                                       0.5,   1,     2,    4,    8,   16};
const Histogram::BucketBoundaries kGitBuckets = {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 10, 20};

double seconds(std::chrono::nanoseconds span) {
  return std::chrono::duration<double>(span).count();
}

}  // namespace

struct Metrics::Families {
  prometheus::Registry registry;
  Family<Gauge>& info = prometheus::BuildGauge()
                            .Name("argocd_app_info")
                            .Help("Information about application.")
                            .Register(registry);
  Family<Counter>& sync_total = prometheus::BuildCounter()
                                    .Name("argocd_app_sync_total")
                                    .Help("Number of application syncs.")
                                    .Register(registry);
  Family<Counter>& sync_seconds = prometheus::BuildCounter()
                                      .Name("argocd_app_sync_duration_seconds_total")
                                      .Help("Application sync performance in seconds total.")
                                      .Register(registry);
  Family<Histogram>& reconcile = prometheus::BuildHistogram()
                                     .Name("argocd_app_reconcile")
                                     .Help("Application reconciliation performance in seconds.")
                                     .Register(registry);
  Family<Counter>& kube =
      prometheus::BuildCounter()
          .Name("argocd_app_k8s_request_total")
          .Help("Number of kubernetes requests executed during application reconciliation.")
          .Register(registry);
  Family<Counter>& git = prometheus::BuildCounter()
                             .Name("argocd_git_request_total")
                             .Help("Number of git requests performed by the controller.")
                             .Register(registry);
  Family<Histogram>& git_seconds = prometheus::BuildHistogram()
                                       .Name("argocd_git_request_duration_seconds")
                                       .Help("Git requests duration seconds.")
                                       .Register(registry);
  Family<Counter>& fetch_fail = prometheus::BuildCounter()
                                    .Name("argocd_git_fetch_fail_total")
                                    .Help("Number of git fetch requests failures.")
                                    .Register(registry);
  Family<Counter>& ls_fail = prometheus::BuildCounter()
                                 .Name("argocd_git_lsremote_fail_total")
                                 .Help("Number of git ls-remote requests failures.")
                                 .Register(registry);
  Family<Counter>& render = prometheus::BuildCounter()
                                .Name("tiphys_render_total")
                                .Help("Number of renders that ran.")
                                .Register(registry);
  Family<Counter>& reuse = prometheus::BuildCounter()
                               .Name("tiphys_render_reused_total")
                               .Help("Number of renders answered from the cache.")
                               .Register(registry);
  Family<Gauge>& shadow =
      prometheus::BuildGauge()
          .Name("tiphys_shadow_equal")
          .Help("1 where the comparison equals the one that Argo CD wrote, in shadow mode.")
          .Register(registry);
  Family<Gauge>& leader = prometheus::BuildGauge()
                              .Name("tiphys_leader")
                              .Help("1 while this process holds the Lease.")
                              .Register(registry);
  Family<Gauge>& depth = prometheus::BuildGauge()
                             .Name("tiphys_queue_depth")
                             .Help("Applications that wait for a worker.")
                             .Register(registry);

  Counter& renders = render.Add({});
  Counter& reuses = reuse.Add({});
  Gauge& is_leader = leader.Add({});
  Gauge& queue = depth.Add({});
  /// The one series of each application, so that a change of a label does not leave the old one
  /// behind.
  base::Guarded<std::map<k8s::NamespacedName, std::pair<prometheus::Labels, Gauge*>>> series;
  struct Shadow {
    Gauge* gauge = nullptr;
    std::pair<std::string, std::string> verdicts;
  };
  base::Guarded<std::map<k8s::NamespacedName, Shadow>> shadows;
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::observe(const k8s::NamespacedName& key, const api::Application& app,
                      const api::Status& status) {
  const auto sources = app.all_sources();
  const bool running = status.operation_state && !api::is_completed(status.operation_state->phase);
  prometheus::Labels labels = {
      {"name", key.name},
      {"namespace", key.namespace_},
      {"project", app.spec.project},
      {"repo", sources.empty() ? "" : sources.front().repo_url},
      {"dest_server", app.spec.destination.server},
      {"dest_namespace", app.spec.destination.namespace_},
      {"sync_status", std::string(to_string(status.sync.status))},
      {"health_status", status.health.status},
      {"operation", app.deleting() ? "delete"
                    : running      ? "sync"
                                   : ""},
      {"autosync_enabled", app.spec.sync_policy.is_automated() ? "true" : "false"}};
  auto series = families_->series.lock();
  auto& known = (*series)[key];
  if (known.second != nullptr) {
    if (known.first == labels) return;
    families_->info.Remove(known.second);
  }
  known.second = &families_->info.Add(labels);
  known.second->Set(1);
  known.first = std::move(labels);
}

void Metrics::forget(const k8s::NamespacedName& key) {
  {
    auto series = families_->series.lock();
    if (const auto known = series->find(key); known != series->end()) {
      families_->info.Remove(known->second.second);
      series->erase(known);
    }
  }
  auto shadows = families_->shadows.lock();
  if (const auto known = shadows->find(key); known != shadows->end()) {
    families_->shadow.Remove(known->second.gauge);
    shadows->erase(known);
  }
}

void Metrics::operation_finished(const k8s::NamespacedName& key, const std::string& project,
                                 std::string_view phase, std::chrono::milliseconds took) {
  const prometheus::Labels labels = {{"name", key.name},
                                     {"namespace", key.namespace_},
                                     {"project", project},
                                     {"dest_server", "https://kubernetes.default.svc"}};
  prometheus::Labels with_phase = labels;
  with_phase.emplace("phase", phase);
  with_phase.emplace("dry_run", "false");
  families_->sync_total.Add(with_phase).Increment();
  families_->sync_seconds.Add(labels).Increment(seconds(took));
}

void Metrics::reconciled(const k8s::NamespacedName& key, std::chrono::nanoseconds took) {
  families_->reconcile
      .Add({{"namespace", key.namespace_}, {"dest_server", "https://kubernetes.default.svc"}},
           kReconcileBuckets)
      .Observe(seconds(took));
}

void Metrics::shadow(const k8s::NamespacedName& key, std::string_view ours,
                     std::string_view theirs) {
  auto shadows = families_->shadows.lock();
  auto& known = (*shadows)[key];
  if (known.gauge == nullptr) {
    known.gauge = &families_->shadow.Add({{"name", key.name}, {"namespace", key.namespace_}});
  }
  known.verdicts = {std::string(ours), std::string(theirs)};
  known.gauge->Set(ours == theirs ? 1 : 0);
}

std::map<k8s::NamespacedName, std::pair<std::string, std::string>> Metrics::shadow_verdicts()
    const {
  std::map<k8s::NamespacedName, std::pair<std::string, std::string>> verdicts;
  const auto shadows = families_->shadows.lock();
  for (const auto& [key, known] : *shadows) verdicts.emplace(key, known.verdicts);
  return verdicts;
}

void Metrics::git_request(const std::string& repo, std::string_view type,
                          std::chrono::milliseconds took, bool ok) {
  const prometheus::Labels labels = {{"repo", repo}, {"request_type", std::string(type)}};
  families_->git.Add(labels).Increment();
  families_->git_seconds.Add(labels, kGitBuckets).Observe(seconds(took));
  if (ok) return;
  (type == "fetch" ? families_->fetch_fail : families_->ls_fail).Add({{"repo", repo}}).Increment();
}

void Metrics::kube_request(std::string_view verb, std::string_view resource, int code) {
  families_->kube
      .Add({{"verb", std::string(verb)},
            {"resource_kind", std::string(resource)},
            {"response_code", std::to_string(code)},
            {"server", "https://kubernetes.default.svc"}})
      .Increment();
}

void Metrics::rendered() { families_->renders.Increment(); }
void Metrics::reused() { families_->reuses.Increment(); }
void Metrics::leader(bool holds) { families_->is_leader.Set(holds ? 1 : 0); }
void Metrics::queue_depth(std::size_t depth) { families_->queue.Set(static_cast<double>(depth)); }

std::string Metrics::text() const {
  std::ostringstream out;
  const prometheus::TextSerializer serializer;
  serializer.Serialize(out, families_->registry.Collect());
  return out.str();
}

}  // namespace tiphys::controller
