#pragma once

#include "support/control_plane.hpp"
#include "support/git_server.hpp"
#include "support/process.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::test {

/// One Tiphys in a control namespace of its own: CRDs, the ServiceAccount and roles of deploy/, and
/// the program itself, logged in as that ServiceAccount. Applications of the test go to
/// namespace_(). At its end the test fails for every 403 that this account was answered, unless it
/// said that it provokes some.
class Installation {
 public:
  enum class Overlay { cluster, namespaced };

  explicit Installation(ControlPlane& plane, Overlay overlay = Overlay::cluster);

  ~Installation();
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;

  const std::string& namespace_() const { return control_.name(); }
  /// The ServiceAccount, as the audit log names it.
  std::string user() const { return "system:serviceaccount:" + control_.name() + ":tiphys"; }
  /// This test provokes 403s.
  void expect_forbidden() { forbidden_expected_ = true; }
  ControlPlane& plane() { return plane_; }

  struct Run {
    std::string identity = "tiphys-a";
    std::vector<std::string> flags = {};
    std::map<std::string, std::string> environment = {};
    std::string server = {};  ///< of a FaultProxy; empty: the API server itself
  };
  /// Starts a controller and waits until it is ready.
  Process start(const Run& run);
  Process start() { return start(Run()); }
  /// The value of a metric's line that begins with `series`, as the running controller tells it
  /// now.
  double metric(const std::string& series);
  /// The whole answer of /metrics.
  std::string metrics() const;

  /// An Application of the test's: YAML with a spec like the quickstart's.
  struct App {
    std::string name = "app";
    std::string repo_url = {};
    std::string path = "chart";
    std::string revision = "main";
    std::string destination = {};  ///< namespace
    bool automated = true;
    bool create_namespace = true;
    bool finalizer = false;
    std::string more_spec = {};  ///< YAML, two blanks deep
  };
  void apply(const App& app);
  std::string path(const std::string& app) const;
  value::Value get(const std::string& app);
  void refresh(const std::string& app);
  /// Waits until sync and health are so and, unless empty, the revision is too.
  value::Value wait_for(const std::string& app, const std::string& sync, const std::string& health,
                        const std::string& revision = {});
  value::Value wait_for_condition(const std::string& app, const std::string& type,
                                  const std::string& words);

 private:
  /// The CRDs and the roles of deploy/, by one call: each costs a start of kubectl.
  void install(Overlay overlay);

  ControlPlane& plane_;
  TestNamespace control_;
  Overlay overlay_;
  AuditLog audit_;
  TempDir folder_;
  bool forbidden_expected_ = false;
  int starts_ = 0;
  int port_ = 0;
};

/// A chart with a Deployment, a Service and a ConfigMap, as files of a repository under `folder`.
std::map<std::string, std::string> sample_chart(const std::string& folder);

}  // namespace tiphys::test
