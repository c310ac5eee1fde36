#pragma once

#include "tiphys/base/error.hpp"
#include "tiphys/k8s/object.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tiphys::kube {

/// List and watch as one stream. Init: a new list begins. InitApply: one object of it. InitDone:
/// the list is complete; what was not in it is gone. Apply: added or changed. Delete: gone, in its
/// last state. Events may repeat and may skip states in between.
struct WatchEvent {
  enum class Type : std::uint8_t { Init, InitApply, InitDone, Apply, Delete };
  Type type = Type::Init;
  k8s::Object object;  ///< of InitApply, Apply, Delete
};

/// Decides what a watcher does next: lists in pages, watches from there, lists again after 410,
/// waits after errors. Sans-io: it only sees events and answers with actions, so that every path is
/// tested as data. Not thread safe.
class WatchMachine {
 public:
  struct Options {
    std::chrono::milliseconds min_backoff{800};
    std::chrono::milliseconds max_backoff{30'000};
    /// Of a kind that we may not list, or that isn't there: asked again only so often.
    std::chrono::milliseconds refused_backoff{60'000};
    /// A number in [0, 1): the jitter.
    std::function<double()> random;
  };

  // What the machine asks for; exactly one a step.
  struct List {
    std::string continue_token;  ///< "" is the first page
  };
  struct Watch {
    std::string resource_version;
  };
  struct Wait {
    std::chrono::milliseconds delay;
  };
  struct Read {};  ///< go on reading the watch
  using Action = std::variant<List, Watch, Wait, Read>;

  explicit WatchMachine(Options options);

  struct Step {
    Action action;
    std::vector<WatchEvent> events;  ///< to deliver, in order, before the action
  };

  Step start();
  /// One page of the list.
  Step listed(std::vector<k8s::Object> items, std::string resource_version,
              std::string continue_token);
  Step list_failed(const base::Error& error);
  /// The server has accepted the watch.
  void watch_opened();
  /// A line of the watch: {"type": ..., "object": ...}. ERROR events are handled here.
  Step watch_event(const value::Value& line);
  /// The server ended the watch, or it was silent (Timeout: decision 13): opened again at once, or
  /// after a wait if it ended in an error or brought nothing at all.
  Step watch_ended(const std::optional<base::Error>& error);
  /// The Wait is over.
  Step waited();

  bool synced() const { return synced_; }
  /// Why it does not follow the cluster now; nothing while it does.
  const std::optional<base::Error>& problem() const { return problem_; }
  const std::string& resource_version() const { return resource_version_; }

 private:
  enum class State : std::uint8_t { listing, watching, waiting_to_list, waiting_to_watch };
  Step begin_list();
  Step open_watch(std::vector<WatchEvent> events);
  Step back_off(State after, const base::Error* error);
  Step watch_error(const base::Error& error);
  std::chrono::milliseconds next_delay(const base::Error* error) const;

  Options options_;
  State state_ = State::listing;
  std::string resource_version_;
  int failures_ = 0;
  bool announced_ = false;  ///< Init was delivered for the list under way
  bool heard_ = false;      ///< the open watch brought something
  bool synced_ = false;
  std::optional<base::Error> problem_;
};

}  // namespace tiphys::kube
