#include "commands.hpp"
#include "engine.hpp"

#include "tiphys/git/remote.hpp"

#include <unistd.h>

#include <array>
#include <filesystem>
#include <iostream>
#include <set>
#include <thread>

namespace tiphys::main {

namespace {

constexpr std::chrono::seconds kTimeout{30};

/// One right that the controller needs for itself, as deploy/base/role.yaml gives it.
struct Need {
  const char* verb;
  const char* group;
  const char* resource;
};
constexpr std::array<Need, 19> kNeeds = {{{"get", "argoproj.io", "applications"},
                                          {"list", "argoproj.io", "applications"},
                                          {"watch", "argoproj.io", "applications"},
                                          {"patch", "argoproj.io", "applications"},
                                          {"list", "argoproj.io", "appprojects"},
                                          {"watch", "argoproj.io", "appprojects"},
                                          {"create", "argoproj.io", "appprojects"},
                                          {"list", "", "secrets"},
                                          {"watch", "", "secrets"},
                                          {"list", "", "configmaps"},
                                          {"watch", "", "configmaps"},
                                          {"list", "apps", "deployments"},
                                          {"watch", "apps", "deployments"},
                                          {"list", "apps", "statefulsets"},
                                          {"watch", "apps", "statefulsets"},
                                          {"get", "coordination.k8s.io", "leases"},
                                          {"create", "coordination.k8s.io", "leases"},
                                          {"update", "coordination.k8s.io", "leases"},
                                          {"create", "", "events"}}};

class Check {
 public:
  Check(const Config& config, const base::Clock& clock)
      : config_(config), clock_(clock), engine_(config, clock, hooks()) {}
  ~Check() { engine_.stop(); }

  int run() {
    const auto connected = engine_.connect();
    if (!line("API server", connected, connected.ok() ? engine_.client().server() : "")) return 1;
    const auto served = engine_.discovery().refresh(deadline());
    if (!line("version", served, engine_.discovery().version().git_version)) return 1;
    crds();
    permissions();
    const auto started = engine_.start(deadline());
    if (!started.ok()) {
      line("watches", started, "");
      return 1;
    }
    await([this] { return engine_.ready(); });
    line("watches",
         engine_.ready() ? base::Status()
                         : base::Error(base::Code::Timeout, "not listed within 30 s"),
         "listed");
    settings();
    repositories();
    shadow();
    return failed_ ? 1 : 0;
  }

 private:
  static Engine::Hooks hooks() {
    Engine::Hooks hooks;
    hooks.write_gate = [] {
      return base::Status(base::Error(base::Code::Canceled, "tiphys check writes nothing"));
    };
    hooks.wake = [](const k8s::NamespacedName&) {};
    hooks.wake_all = [] {};
    hooks.read_only = true;
    return hooks;
  }
  base::Deadline deadline() const { return base::Deadline::after(clock_, kTimeout); }

  bool line(const std::string& what, const base::Status& status, const std::string& detail) {
    std::cout << (status.ok() ? "ok    " : "FAIL  ") << what << ": "
              << (status.ok() ? detail : status.error().text()) << "\n";
    failed_ = failed_ || !status.ok();
    return status.ok();
  }

  template <class Predicate>
  void await(Predicate done) const {
    const auto until = deadline();
    while (!done() && !until.passed(clock_))
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }

  void crds() {
    for (const char* kind : {"Application", "AppProject"}) {
      const auto resource = engine_.discovery().resource(k8s::GroupKind{"argoproj.io", kind});
      line(std::string("CRD ") + kind,
           resource ? base::Status()
                    : base::Error(base::Code::NotFound, "not installed: kubectl apply -k crds"),
           resource ? resource->api_version() : "");
    }
  }

  base::Status may(const Need& need, const std::string& namespace_) {
    static const kube::ResourceInfo kReviews{
        "authorization.k8s.io",    "v1",  "selfsubjectaccessreviews",
        "SelfSubjectAccessReview", false, {}};
    using value::Value;
    auto review = Value::object(
        {{"apiVersion", "authorization.k8s.io/v1"},
         {"kind", "SelfSubjectAccessReview"},
         {"metadata", Value::object({})},
         {"spec",
          Value::object({{"resourceAttributes", Value::object({{"namespace", namespace_},
                                                               {"verb", need.verb},
                                                               {"group", need.group},
                                                               {"resource", need.resource}})}})}});
    auto options = kube::CallOptions(deadline());
    options.ungated = true;  // a question, not a write
    TRY_ASSIGN(const auto answer,
               engine_.client().create(kReviews, k8s::Object::trusted(std::move(review)), options));
    if (answer.status()["allowed"].boolean_or(false)) return {};
    return base::Error(
        base::Code::Forbidden,
        std::string("missing: ") + need.verb + " " + need.resource +
            (*need.group != '\0' ? std::string(".") + need.group : "") +
            (namespace_.empty() ? " in the cluster" : " in namespace " + namespace_));
  }

  void permissions() {
    bool all = true;
    for (const auto& need : kNeeds) {
      const auto allowed = may(need, config_.namespace_);
      if (!allowed.ok()) all = line("permission", allowed, "");
    }
    if (all)
      line("permissions of its own", {},
           std::to_string(kNeeds.size()) + " in " + config_.namespace_);
    const Need everything{"*", "*", "*"};
    if (config_.namespaces.empty()) {
      line("permissions for users' objects", may(everything, ""), "everything in the cluster");
    }
    for (const auto& name : config_.namespaces) {
      line("permissions for users' objects", may(everything, name), "everything in " + name);
    }
  }

  void settings() {
    for (const auto& row : engine_.registry().settings().rows) {
      line("setting " + row.name, {},
           (row.value.empty() ? "\"\"" : row.value) + " (" + row.origin + ")");
    }
    if (const auto error = engine_.registry().settings_error()) line("settings", *error, "");
  }

  void repositories() {
    std::set<std::string> seen;
    git::Remote remote(engine_.transport());
    const auto declared = engine_.registry().repositories();
    for (const auto& key : engine_.registry().applications()) {
      const auto object = engine_.registry().application(key);
      const auto app =
          object ? api::parse_application(*object)
                 : base::Result<api::Application>(base::Error(base::Code::NotFound, "gone"));
      if (!app.ok() || app->all_sources().empty()) continue;
      const std::string url = app->all_sources().front().repo_url;
      if (!seen.insert(url + " " + app->spec.project).second) continue;
      const auto repository = declared->find(url, app->spec.project);
      if (!repository.ok()) {
        line("repository " + url, base::Error(repository.error()), "");
        continue;
      }
      const auto refs = remote.ls_refs(*repository, git::Limits{deadline()});
      line("repository " + url,
           refs.ok() ? base::Status() : base::Status(base::Error(refs.error())),
           refs.ok() ? std::to_string(refs->list.size()) + " refs" : "");
    }
  }

  void shadow() {
    if (!engine_.registry().shadow()) return;
    line("Argo CD", {},
         "an application controller is installed (or can't be looked for): shadow mode");
    const auto keys = engine_.registry().applications();
    await([&] {
      for (const auto& key : keys) (void)engine_.reconciler().reconcile(key);
      return engine_.metrics().shadow_verdicts().size() == keys.size();
    });
    for (const auto& [key, verdicts] : engine_.metrics().shadow_verdicts()) {
      const auto& [ours, theirs] = verdicts;
      std::cout << (ours == theirs ? "ok    " : "note  ") << "application " << key.text() << ": "
                << ours << ", Argo CD says " << (theirs.empty() ? "nothing" : theirs)
                << (ours == theirs ? ": equal" : ": not equal") << "\n";
    }
  }

  const Config& config_;
  const base::Clock& clock_;
  Engine engine_;
  bool failed_ = false;
};

}  // namespace

int run_check(const Config& given) {
  Config config = given;
  config.log_format = "text";
  // Its own mirrors: a controller that runs beside it has its cache locked to itself.
  std::string folder = "/tmp/tiphys-check-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) {
    std::cerr << "tiphys check: no folder can be made in /tmp\n";
    return 1;
  }
  config.cache_dir = folder;
  if (!config.settings.contains("log-level")) config.settings["log-level"] = "error";
  const base::SystemClock clock;
  int code = 1;
  {
    Check check(config, clock);
    code = check.run();
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return code;
}

}  // namespace tiphys::main
