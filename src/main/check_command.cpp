#include "commands.hpp"
#include "engine.hpp"
#include "rights.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/git/remote.hpp"
#include "tiphys/value/json.hpp"
#include "tiphys/worker/job.hpp"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <set>
#include <thread>
#include <vector>

namespace tiphys::main {

namespace {

// What isn't there within these is reported as missing: a check is read by somebody who waits.
constexpr std::chrono::seconds kAnswer{10};    ///< one question to the API server
constexpr std::chrono::seconds kListed{20};    ///< the first lists of all watches
constexpr std::chrono::seconds kRefs{10};      ///< a repository's refs, each
constexpr std::chrono::seconds kCompared{15};  ///< all applications, in shadow mode
constexpr std::size_t kAtOnce = 16;            ///< repositories

/// Calls `work` for 0..count-1, several at once; returns when all are done.
void for_each_at_once(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  threads.reserve(std::min(count, kAtOnce));
  for (std::size_t i = 0; i < std::min(count, kAtOnce); ++i) {
    threads.emplace_back([&] {
      for (std::size_t mine = next++; mine < count; mine = next++) work(mine);
    });
  }
}

/// Is there no point in waiting for it?
bool is_final(const base::Error& error) {
  using base::Code;
  return error.code() == Code::Forbidden || error.code() == Code::NotFound ||
         error.code() == Code::Unauthorized;
}

class Check {
 public:
  Check(const Config& config, const base::Clock& clock)
      : config_(config), clock_(clock), engine_(config, clock, hooks()) {}
  ~Check() { engine_.stop(); }

  int run() {
    const auto connected = engine_.connect();
    if (!connected.ok()) {
      line("API server", connected, "");
      return 1;
    }
    const auto served = engine_.discovery().refresh(in(kAnswer));
    if (!line("API server", served, engine_.client().server())) return 1;
    line("version", {}, engine_.discovery().version().git_version);
    confinement();
    crds();
    permissions();
    const auto started = engine_.start(in(kAnswer));
    if (!line("cluster", started, started.ok() ? identity() : "")) return 1;
    watches();
    settings();
    clusters();
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
  base::Deadline in(std::chrono::seconds span) const { return base::Deadline::after(clock_, span); }
  std::string identity() {
    const auto identity = engine_.cluster().identity();
    return identity.uid + " (UID of " + identity.of + ")";
  }

  bool line(const std::string& what, const base::Status& status, const std::string& detail) {
    std::cout << (status.ok() ? "ok    " : "FAIL  ") << what << ": "
              << (status.ok() ? detail : status.error().text()) << "\n";
    failed_ = failed_ || !status.ok();
    return status.ok();
  }

  template <class Predicate>
  void await(std::chrono::seconds limit, Predicate done) const {
    const auto until = in(limit);
    while (!done() && !until.passed(clock_))
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }

  /// No failure: the container confines workers too.
  static void confinement() {
    constexpr long kWithNetwork = 4;
    const long version = worker::landlock_version();
    if (version == 0)
      std::cout << "note  workers: the kernel has no Landlock: files and network are not closed to "
                   "them\n";
    else
      std::cout << "ok    workers: confined by Landlock, version " << version
                << (version < kWithNetwork ? ", which leaves the network open" : "") << "\n";
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

  void permissions() {
    const auto missing = missing_rights(engine_.client(), config_.namespace_, in(kAnswer));
    for (const auto& error : missing) line("permission", error, "");
    if (missing.empty()) {
      line("permissions of its own", {},
           std::to_string(own_rights()) + " in " + config_.namespace_);
    }
    auto places = config_.namespaces;
    if (places.empty()) places.emplace_back();
    for (const auto& place : places) {
      line("permissions for users' objects",
           may_do_everything(engine_.client(), place, in(kAnswer)),
           place.empty() ? "everything in the cluster" : "everything in " + place);
    }
  }

  void watches() {
    const auto refusal = [this]() -> std::optional<base::Error> {
      auto problem = engine_.registry().problem();
      if (problem && is_final(*problem)) return problem;
      return std::nullopt;
    };
    await(kListed, [&] { return engine_.ready() || refusal(); });
    base::Status status;
    if (!engine_.ready()) {
      auto problem = engine_.registry().problem();
      status = problem ? *std::move(problem)
                       : base::Error(base::Code::Timeout,
                                     "not listed within " + std::to_string(kListed.count()) + " s");
    }
    line("watches", status, "listed");
  }

  void settings() {
    for (const auto& row : engine_.registry().settings().rows) {
      line("setting " + row.name, {},
           (row.value.empty() ? "\"\"" : row.value) + " (" + row.origin + ")");
    }
    if (const auto error = engine_.registry().settings_error()) line("settings", *error, "");
  }

  /// Does it answer to what the Secret says? Its version.
  base::Result<std::string> ask(const live::DeclaredClusters::Item& item) {
    if (item.problem) return *item.problem;
    if (item.cluster.is_local()) return engine_.discovery().version().git_version;
    TRY_ASSIGN(const auto client, engine_.client_of(item.cluster));
    TRY_ASSIGN(const auto text, client->get_raw("/version", in(kAnswer)));
    TRY_ASSIGN(const auto version, value::parse_json(text).context("GET /version"));
    return std::string(version["gitVersion"].text());
  }

  void clusters() {
    const auto declared = engine_.registry().clusters();
    const auto& items = declared->items();
    std::vector<base::Result<std::string>> versions(items.size(), std::string());
    for_each_at_once(items.size(), [&](std::size_t at) { versions[at] = ask(items[at]); });
    for (std::size_t at = 0; at < items.size(); ++at) {
      const auto& [cluster, problem] = items[at];
      const auto& version = versions[at];
      line("cluster " + cluster.name + " (" + cluster.server + ")",
           version.ok() ? base::Status() : base::Status(base::Error(version.error())),
           version.ok() ? *version : "");
    }
  }

  /// Each repository that an application names, once a project.
  std::vector<std::pair<std::string, std::string>> named_repositories() {
    std::set<std::pair<std::string, std::string>> named;
    for (const auto& key : engine_.registry().applications()) {
      const auto object = engine_.registry().application(key);
      const auto app =
          object ? api::parse_application(*object)
                 : base::Result<api::Application>(base::Error(base::Code::NotFound, "gone"));
      if (!app.ok()) continue;
      for (const auto& source : app->all_sources())
        named.emplace(source.repo_url, app->spec.project);
    }
    return {named.begin(), named.end()};
  }

  void repositories() {
    const auto named = named_repositories();
    const auto declared = engine_.registry().repositories();
    git::Remote remote(engine_.transport());
    std::vector<base::Result<std::size_t>> refs(named.size(), std::size_t{0});
    for_each_at_once(named.size(), [&](std::size_t at) {
      refs[at] = [&]() -> base::Result<std::size_t> {
        TRY_ASSIGN(const auto repository, declared->find(named[at].first, named[at].second));
        const git::Limits limits{.deadline = in(kRefs), .silence = kRefs};
        TRY_ASSIGN(const auto listed, remote.ls_refs(repository, limits));
        return listed.list.size();
      }();
    });
    for (std::size_t at = 0; at < named.size(); ++at) {
      line("repository " + named[at].first,
           refs[at].ok() ? base::Status() : base::Status(base::Error(refs[at].error())),
           refs[at].ok() ? std::to_string(*refs[at]) + " refs" : "");
    }
  }

  void shadow() {
    if (!engine_.registry().shadow()) return;
    line("Argo CD", {},
         "an application controller is installed (or can't be looked for): shadow mode");
    const auto keys = engine_.registry().applications();
    // One that is skipped or being deleted gets no verdict: then the limit ends it.
    await(kCompared, [&] {
      std::size_t waiting = 0;
      for (const auto& key : keys) {
        if (engine_.metrics().shadow_verdicts().contains(key)) continue;
        const auto object = engine_.registry().application(key);
        if (!object || is_left_alone(*object)) continue;
        (void)engine_.reconciler().reconcile(key);
        ++waiting;
      }
      return waiting == 0;
    });
    const auto verdicts = engine_.metrics().shadow_verdicts();
    for (const auto& key : keys) tell_verdict(key, verdicts);
  }

  static bool is_left_alone(const k8s::Object& object) {
    const auto& metadata = object.metadata();
    const auto is_true = [&](std::string_view name) {
      return metadata["annotations"][name].text() == "true";
    };
    return !metadata["deletionTimestamp"].is_null() ||
           (is_true(api::kSkipReconcileAnnotation) && !is_true(api::kTiphysReconcileAnnotation));
  }

  static void tell_verdict(
      const k8s::NamespacedName& key,
      const std::map<k8s::NamespacedName, std::pair<std::string, std::string>>& verdicts) {
    const auto verdict = verdicts.find(key);
    if (verdict == verdicts.end()) {
      std::cout << "note  application " << key.text() << ": not compared\n";
      return;
    }
    const auto& [ours, theirs] = verdict->second;
    std::cout << (ours == theirs ? "ok    " : "note  ") << "application " << key.text() << ": "
              << ours << ", Argo CD says " << (theirs.empty() ? "nothing" : theirs)
              << (ours == theirs ? ": equal" : ": not equal") << "\n";
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
