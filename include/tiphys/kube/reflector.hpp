#pragma once

#include "tiphys/base/error.hpp"
#include "tiphys/base/log.hpp"
#include "tiphys/kube/client.hpp"
#include "tiphys/kube/watch_machine.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tiphys::kube {

/// What one reflector follows.
struct WatchRequest {
  ResourceInfo resource;
  std::string namespace_;  ///< "" is all namespaces
  Detail detail = Detail::full;
  std::string label_selector;
  std::string field_selector;
};

struct ReflectorStatus {
  bool synced = false;  ///< a list was complete once
  /// Why it does not follow now; Forbidden or NotFound: the kind can't be listed.
  std::optional<base::Error> problem;
};

/// Follows one resource and delivers what it sees, list and watch as one stream (WatchEvent).
/// managedFields are still in the objects. Destroying it stops it: when the destructor returns, the
/// sink is not running and never runs again (on the sink's own thread it returns at once). Any
/// thread.
class Reflector {
 public:
  virtual ~Reflector() = default;
  virtual ReflectorStatus status() const = 0;
};

/// Called on io threads, one event at a time; must be quick and must not throw.
using WatchSink = std::function<void(WatchEvent event)>;
/// Called on an io thread after status() changed; may be empty. `synced` or `problem` is new.
using StatusSink = std::function<void(const ReflectorStatus& status)>;

class ReflectorFactory {
 public:
  virtual ~ReflectorFactory() = default;
  /// Starts at once; never calls a sink before it has returned.
  virtual std::unique_ptr<Reflector> start(WatchRequest request, WatchSink sink,
                                           StatusSink on_status = {}) = 0;
};

struct ReflectorOptions {
  WatchMachine::Options backoff;
  std::chrono::milliseconds silence{90'000};       ///< decision 13
  std::chrono::milliseconds list_timeout{60'000};  ///< one page
  std::size_t page = 500;
};

/// The real one. client must outlive it and every reflector.
std::unique_ptr<ReflectorFactory> make_reflector_factory(Client& client, base::Logger log,
                                                         ReflectorOptions options = {});

}  // namespace tiphys::kube
