#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/base/log.hpp"
#include "tiphys/controller/lease.hpp"
#include "tiphys/controller/metrics.hpp"
#include "tiphys/controller/reconciler.hpp"
#include "tiphys/controller/registry.hpp"
#include "tiphys/controller/work_queue.hpp"

#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace tiphys::controller {

/// The work queue and the workers that empty it into a Reconciler. Any thread may enqueue; start()
/// and stop() belong to the composition root.
class Controller {
 public:
  struct Options {
    int workers = 8;
  };
  /// All outlive it. `ready`: the watches have delivered what a comparison needs.
  struct Parts {
    const base::Clock& clock;
    base::Logger log;
    WorkQueue& queue;
    Reconciler& reconciler;
    Registry& registry;
    const Lease& lease;
    Metrics& metrics;
    std::function<bool()> ready;
  };

  Controller(Parts parts, Options options);
  ~Controller();
  void start();
  /// Lets each worker end what it does, takes no new key.
  void stop();
  void enqueue_all();
  /// After leadership was won: nothing from before counts.
  void begin_leading();

 private:
  void work();
  void process(const k8s::NamespacedName& key);
  std::chrono::milliseconds resync_delay() const;

  Parts parts_;
  Options options_;
  std::vector<std::thread> workers_;
};

}  // namespace tiphys::controller
