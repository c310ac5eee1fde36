#pragma once

#include "tiphys/base/deadline.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/kube/config.hpp"
#include "tiphys/kube/resource.hpp"
#include "tiphys/net/http_client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::kube {

/// As whom a call is made: ourselves, or a user that we impersonate.
struct Identity {
  std::string user;  ///< "" is ourselves
  std::vector<std::string> groups;
};

struct CallOptions {
  // NOLINTNEXTLINE(google-explicit-constructor): a deadline alone is a call's options
  CallOptions(base::Deadline when) : deadline(when) {}

  base::Deadline deadline;
  Identity identity;
  std::string field_manager;  ///< apply needs one
  bool dry_run = false;
  bool force = true;  ///< apply: take fields over from other managers
  /// apply, create, patches: "Strict", "Warn", "Ignore"; "" is the server's default.
  std::string field_validation;
  /// Not asked of the write gate: the calls that win the lease.
  bool ungated = false;
  std::stop_token stop;
};

struct DeleteOptions {
  std::string propagation = "Foreground";  ///< Foreground, Background, Orphan
  std::string uid;                         ///< precondition, where set
  std::string resource_version;            ///< precondition, where set
  std::optional<std::int64_t> grace_seconds;
};

/// full: whole objects. metadata: PartialObjectMetadata, whose apiVersion and kind are put right.
enum class Detail : std::uint8_t { full, metadata };

struct ListOptions {
  std::string label_selector;
  std::string field_selector;
  Detail detail = Detail::full;
  std::size_t page = 500;
};

struct ObjectList {
  std::vector<k8s::Object> items;
  std::string resource_version;
};

/// One API server. Blocking; any thread but io threads. All calls are repeated after 429 and 5xx
/// with a Retry-After, reads also after a broken connection, with a jittered backoff, inside their
/// deadline (client-go's rule); writes whose outcome is unknown are not. A 401 re-reads the token
/// file and tries once more.
///
/// Errors: what the server's Status says (k8s/status_error.hpp), with the call as context
/// ("patch deployments.apps ns/name"); Unavailable for 5xx and a server that can't be reached;
/// Timeout past the deadline; what the gate returned.
class Client {
 public:
  struct Options {
    std::string user_agent;  ///< "tiphys/VERSION (HOLDER)"
    /// Asked on the io thread right before a write's bytes are sent (decision 12): not ok and the
    /// write isn't sent. Dry runs and CallOptions::ungated are not asked.
    std::function<base::Status()> write_gate;
    /// Told of every attempt: get, list, watch, create, update, patch, apply, delete, or dryrun;
    /// resource as ResourceInfo::text() or ""; the HTTP status, 0 for no answer. Any thread, io
    /// threads too; must be quick.
    std::function<void(std::string_view verb, std::string_view resource, int code,
                       std::chrono::nanoseconds took)>
        observer;
  };

  /// http, io and clock must outlive it. Errors: Invalid (certificates).
  static base::Result<std::unique_ptr<Client>> make(net::HttpClient& http, net::IoRuntime& io,
                                                    const base::Clock& clock, ClusterConfig config,
                                                    Options options);
  ~Client();

  base::Result<k8s::Object> get(const ResourceInfo& resource, std::string_view namespace_,
                                std::string_view name, const CallOptions& options);
  /// All pages. namespace_ "" is all namespaces. An expired continue token starts over, once.
  base::Result<ObjectList> list(const ResourceInfo& resource, std::string_view namespace_,
                                const ListOptions& what, const CallOptions& options);
  /// A generateName will do for a name.
  base::Result<k8s::Object> create(const ResourceInfo& resource, const k8s::Object& object,
                                   const CallOptions& options);
  /// Server-side apply of the object as it is (managedFields must be absent).
  base::Result<k8s::Object> apply(const ResourceInfo& resource, const k8s::Object& object,
                                  const CallOptions& options);
  base::Result<k8s::Object> merge_patch(const ResourceInfo& resource, std::string_view namespace_,
                                        std::string_view name, const value::Value& patch,
                                        const CallOptions& options);
  base::Result<k8s::Object> json_patch(const ResourceInfo& resource, std::string_view namespace_,
                                       std::string_view name, const value::Value& operations,
                                       const CallOptions& options);
  /// PUT. With a resourceVersion in the object only over that version.
  base::Result<k8s::Object> replace(const ResourceInfo& resource, const k8s::Object& object,
                                    const CallOptions& options);
  base::Status remove(const ResourceInfo& resource, std::string_view namespace_,
                      std::string_view name, const DeleteOptions& how, const CallOptions& options);
  /// GET of any path ("/version", "/readyz", "/apis?x=y"); the answer's text.
  base::Result<std::string> get_raw(std::string_view target, const CallOptions& options,
                                    std::string_view accept = "application/json");

  const base::Clock& clock() const;
  /// "https://10.0.0.1:6443", for messages.
  std::string server() const;

  struct Impl;
  /// For kube's own files.
  Impl& impl() { return *impl_; }

 private:
  explicit Client(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace tiphys::kube
