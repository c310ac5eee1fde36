#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/base/log.hpp"
#include "tiphys/kube/client.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <string>
#include <thread>

namespace tiphys::controller {

/// Leader election by a Lease, with client-go's algorithm (tools/leaderelection) and the fencing of
/// decision 12: who holds it may write until a deadline that counts from the start of the last good
/// renewal, on a clock that goes on while the machine sleeps; gate() is asked right before every
/// write is sent.
class Lease {
 public:
  struct Options {
    std::string namespace_;
    std::string name = "tiphys-controller";
    std::string identity;
    std::chrono::milliseconds duration{15'000};  ///< others wait this long after the last renewal
    std::chrono::milliseconds renew_deadline{10'000};  ///< we stop writing this long after it
    std::chrono::milliseconds retry{2'000};
  };
  struct Listener {
    std::function<void()> won;
    std::function<void()> lost;
  };

  /// client may not exist yet when gate() is first needed: it is given to start().
  Lease(const base::Clock& clock, base::Logger log, Options options);
  ~Lease();

  void start(kube::Client& client, Listener listener);
  /// Stops and, if held, gives the Lease up so that the next one need not wait. Call it after the
  /// workers.
  void stop();

  bool held() const;
  /// Canceled "not the leader" unless held. Cheap; io threads call it.
  base::Status gate() const;

 private:
  void run();
  /// One attempt to get or to renew; returns whether it is held now.
  bool attempt();
  base::Result<k8s::Object> write(const k8s::Object* current, base::WallTime now, bool release);
  void release();

  const base::Clock& clock_;
  base::Logger log_;
  Options options_;
  Listener listener_;
  kube::Client* client_ = nullptr;
  std::atomic<base::SteadyTime::rep> held_until_{0};

  struct Observed {
    k8s::Object object;  ///< as last read or written by us
    std::string record;  ///< holder and renewTime as last seen
    base::SteadyTime at{};
    bool stopping = false;
  };
  base::Guarded<Observed> observed_;
  std::condition_variable wake_;
  std::thread thread_;
};

}  // namespace tiphys::controller
