#include "tiphys/api/application.hpp"

#include "api/field.hpp"
#include "api/json.hpp"

#include "tiphys/api/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tiphys::api {

using value::Value;

namespace {

base::Result<Spec> parse_spec(const Value& spec) {
  FieldReader reader(spec, "spec");
  Spec out;
  out.project = reader.text("project");
  if (out.project.empty()) out.project = kDefaultProject;
  FieldReader to(reader.map("destination"), "spec.destination");
  out.destination = {
      .server = to.text("server"), .name = to.text("name"), .namespace_ = to.text("namespace")};
  reader.merge(to.status());
  out.revision_history_limit = reader.integer("revisionHistoryLimit").value_or(10);
  reader.maps("ignoreDifferences");
  out.ignore_differences = spec["ignoreDifferences"];
  const Value& source = reader.map("source");
  const value::List& sources = reader.maps("sources");
  const Value& policy = reader.map("syncPolicy");
  reader.map("sourceHydrator");
  TRY(reader.status());
  if (!source.is_null()) {
    TRY_ASSIGN(out.source, parse_source(source, "spec.source"));
  }
  for (std::size_t i = 0; i < sources.size(); ++i) {
    TRY_ASSIGN(Source parsed, parse_source(sources[i], reader.path_of("sources", i)));
    out.sources.push_back(std::move(parsed));
  }
  TRY_ASSIGN(out.sync_policy, parse_sync_policy(policy, "spec.syncPolicy"));
  return out;
}

std::map<std::string, std::string> texts(const Value& map) {
  std::map<std::string, std::string> out;
  for (const auto& [key, item] : map.entries()) out.emplace(key, item.text());
  return out;
}

void single_source_problem(const Application& app, std::vector<std::string>& out) {
  const Source source = app.spec.source.value_or(Source{});
  if (source.repo_url.empty() || (source.path.empty() && source.chart.empty()))
    out.emplace_back(
        "spec.source.repoURL and either spec.source.path or spec.source.chart are required");
  else if (!source.chart.empty() && source.target_revision.empty())
    out.emplace_back(
        "spec.source.targetRevision is required if the manifest source is a helm chart");
}

void destination_problem(const Destination& to, std::vector<std::string>& out) {
  if (!to.server.empty() && !to.name.empty())
    out.push_back(
        fmt::format("application destination can't have both name and server defined: {} {}",
                    to.name, to.server));
  else if (to.server.empty() && to.name.empty())
    out.emplace_back("Destination server missing from app spec");
}

}  // namespace

std::string Application::annotation(std::string_view name) const {
  const auto found = annotations.find(std::string(name));
  return found == annotations.end() ? std::string() : found->second;
}

Refresh Application::refresh() const {
  const auto found = annotations.find(std::string(kRefreshAnnotation));
  if (found == annotations.end()) return Refresh::none;
  return found->second == "hard" ? Refresh::hard : Refresh::normal;
}

bool Application::skips_reconcile() const {
  return annotation(kSkipReconcileAnnotation) == "true" &&
         annotation(kTiphysReconcileAnnotation) != "true";
}

bool Application::has_finalizer(std::string_view name) const {
  return std::ranges::find(finalizers, name) != finalizers.end();
}

bool Application::cascades() const {
  return has_finalizer(kResourcesFinalizer) || has_finalizer(kResourcesFinalizerForeground) ||
         has_finalizer(kResourcesFinalizerBackground);
}

Propagation Application::deletion_propagation() const {
  return has_finalizer(kResourcesFinalizerBackground) ? Propagation::background
                                                      : Propagation::foreground;
}

std::optional<Time> Application::deletion_approved() const {
  return base::parse_rfc3339(annotation(kDeletionApprovedAnnotation));
}

std::vector<Source> Application::all_sources() const {
  if (!spec.sources.empty()) return spec.sources;
  if (spec.source) return {*spec.source};
  return {};
}

Application read_bare_application(const k8s::Object& object) {
  Application out;
  out.key = {.namespace_ = std::string(object.namespace_()), .name = std::string(object.name())};
  out.uid = object.uid();
  out.resource_version = object.resource_version();
  out.generation = object.generation();
  out.deletion_timestamp = base::parse_rfc3339(object.deletion_timestamp());
  out.finalizers = object.finalizers();
  out.annotations = texts(object.metadata()["annotations"]);
  out.labels = texts(object.metadata()["labels"]);
  out.status = read_status(object.status());
  out.status_json = object.status();
  return out;
}

base::Result<Application> parse_application(const k8s::Object& object) {
  Application out = read_bare_application(object);
  TRY_ASSIGN(out.spec, parse_spec(object.spec()));
  if (const Value& operation = object.tree()["operation"]; !operation.is_null()) {
    TRY_ASSIGN(out.operation, parse_operation(operation, "operation"));
  }
  return out;
}

std::vector<std::string> spec_problems(const Application& app) {
  std::vector<std::string> out;
  if (app.spec.sources.empty()) single_source_problem(app, out);
  for (const Source& source : app.spec.sources)
    if (source.repo_url.empty() ||
        (source.path.empty() && source.chart.empty() && source.ref.empty()))
      out.push_back(
          fmt::format("spec.source.repoURL and either source.path, source.chart, or "
                      "source.ref are required for source {}",
                      source.repo_url));
  destination_problem(app.spec.destination, out);
  return out;
}

}  // namespace tiphys::api
