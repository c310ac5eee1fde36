#pragma once

#include "support/api_client.hpp"
#include "support/audit_log.hpp"
#include "support/process.hpp"

#include "tiphys/value/value.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::test {

/// A real control plane (tools/devcluster). Everything here acts as the administrator unless it
/// says otherwise; what fails throws SupportError. Not thread-safe.
class ControlPlane {
 public:
  /// The one that this binary's tests share: the cluster that ctest's fixture has started
  /// (TIPHYS_TEST_CLUSTER names it), else one started now that ends with this process.
  static ControlPlane& shared();
  /// One of its own, for a test that stops it or looks at the whole of it; ends with the object.
  static std::unique_ptr<ControlPlane> start();

  ~ControlPlane();
  ControlPlane(const ControlPlane&) = delete;
  ControlPlane& operator=(const ControlPlane&) = delete;

  const std::string& name() const { return name_; }
  int port() const { return port_; }
  std::string server() const;  ///< https://127.0.0.1:PORT
  const std::filesystem::path& kubeconfig() const { return kubeconfig_; }
  const std::filesystem::path& ca_certificate() const { return ca_certificate_; }
  /// The text that `kubectl logs` reads for every container of every pod; a test may rewrite it
  /// (lines "TIME stdout F text").
  const std::filesystem::path& container_log() const { return container_log_; }
  AuditLog audit() const { return AuditLog(audit_); }
  /// Waits until all requests that were answered before this call are in `log`.
  void sync_audit(AuditLog& log) const;

  /// kubectl as the administrator; ~0.2 s a call.
  Output kubectl(std::vector<std::string> args, std::string_view input = {}) const;
  /// The same; throws with kubectl's message when it fails. Returns its stdout.
  std::string kubectl_ok(std::vector<std::string> args, std::string_view input = {}) const;
  /// `kubectl apply --server-side` of YAML text in a namespace.
  void apply(std::string_view yaml, const std::string& name_space = "default") const;

  /// One API request, ~10 ms. `path` as in /api/v1/namespaces/x/pods/y.
  ApiAnswer call(const ApiRequest& request) const;
  ApiAnswer get(const std::string& path) const { return call({.path = path}); }
  ApiAnswer remove(const std::string& path) const {
    return call({.method = "DELETE", .path = path});
  }
  ApiAnswer create(const std::string& path, const value::Value& object) const;
  ApiAnswer merge_patch(const std::string& path, const value::Value& patch) const;
  /// Waits until GET path answers with an object that `predicate` takes; throws naming `what` and
  /// the last answer.
  value::Value wait_for(const std::string& path, const std::string& what,
                        const std::function<bool(const value::Value&)>& predicate,
                        milliseconds limit = milliseconds(30'000)) const;
  void wait_until_gone(const std::string& path, milliseconds limit = milliseconds(30'000)) const;

  /// A token of a ServiceAccount (TokenRequest) for as long as a test may take.
  std::string token(const std::string& name_space, const std::string& account) const;
  /// A kubeconfig that logs in as that ServiceAccount, written to `path`. `server` other than the
  /// cluster's own: a FaultProxy's url(). `token_file`: the token goes to path + ".token" and is
  /// read from there.
  enum class TokenIn { kubeconfig, file };
  void write_kubeconfig(const std::filesystem::path& path, const std::string& name_space,
                        const std::string& account, const std::string& server = {},
                        TokenIn token_in = TokenIn::kubeconfig) const;

  /// A certificate of the cluster's CA for 127.0.0.1 and localhost: folder/CN.crt, folder/CN.key.
  struct KeyPair {
    std::filesystem::path certificate;
    std::filesystem::path key;
  };
  KeyPair issue_certificate(const std::string& common_name,
                            const std::filesystem::path& folder) const;

  /// Crashes and starts only the API server (same port). Only with a cluster of your own (start()).
  void stop_apiserver() const;
  void start_apiserver() const;

 private:
  enum class Ends { never, with_object };
  ControlPlane(std::string name, Ends ends);
  Output tool(std::vector<std::string> args) const;

  std::string name_;
  Ends ends_;
  int port_ = 0;
  std::filesystem::path kubeconfig_;
  std::filesystem::path audit_;
  std::filesystem::path ca_certificate_;
  std::filesystem::path container_log_;
  std::filesystem::path binary_;
  ApiUser admin_;
};

/// A namespace of its own for one test; deleted (without waiting for the end) with the object.
class TestNamespace {
 public:
  /// A unique name that begins with `prefix`. Waits until its default ServiceAccount is there.
  explicit TestNamespace(const ControlPlane& plane, const std::string& prefix = "test");
  ~TestNamespace();
  TestNamespace(const TestNamespace&) = delete;
  TestNamespace& operator=(const TestNamespace&) = delete;

  const std::string& name() const { return name_; }
  std::string uid() const;

 private:
  const ControlPlane& plane_;
  std::string name_;
};

/// Distinct in all processes of this machine: "prefix-1f3a-2".
std::string unique_name(const std::string& prefix);

}  // namespace tiphys::test
