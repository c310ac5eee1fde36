#include "source/build_env.hpp"
#include "source/directory_source.hpp"
#include "source/helm_source.hpp"
#include "source/links.hpp"
#include "source/overrides.hpp"
#include "source/render_cache.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/base/wire.hpp"
#include "tiphys/helm/wire.hpp"
#include "tiphys/source/renderer.hpp"
#include "tiphys/source/source.hpp"
#include "tiphys/value/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace tiphys::source {
namespace {

using base::Code;
using base::Error;
using base::FileKind;
using git::RevisionState;
using value::Value;

using Tree = std::shared_ptr<const base::FileTree>;

/// Everything about one render that is known before it runs.
struct Job {
  Tree tree;
  std::string path;
  api::Source source;  ///< overrides merged in
  SourceType type = SourceType::Directory;
};

class DefaultSources final : public Sources {
 public:
  DefaultSources(git::Poller& poller, Renderer& renderer, SourceOptions options, SourceHooks hooks)
      : poller_(poller),
        renderer_(renderer),
        options_(options),
        hooks_(std::move(hooks)),
        cache_(options.cache_bytes, hooks_.cache_evict) {}

  base::Result<git::Repository> repository(const Repositories& repositories,
                                           const api::Source& source,
                                           std::string_view project) const override;
  Resolved resolve(const Repositories& repositories, std::span<const api::Source> sources,
                   std::string_view project, git::Ticket ticket) const override;
  Resolved resolve_at(const Repositories& repositories, const api::Source& source,
                      std::string_view revision, std::string_view project) const override;
  base::Result<RenderedSource> render(const ResolvedSource& source,
                                      const RenderContext& context) override;

 private:
  Resolved resolve_one(const Repositories& repositories, const api::Source& source,
                       std::string_view target, std::string_view project, git::Ticket ticket) const;
  base::Result<Job> prepare(const ResolvedSource& source, const RenderContext& context);
  base::Result<RenderedSource> render_helm(const Job& job, const ResolvedSource& source,
                                           const RenderContext& context);
  base::Result<RenderedSource> render_directory(const Job& job, const RenderContext& context);
  base::Result<RenderedSource> render_chart(const helm::RenderInput& input, const std::string& key,
                                            const RenderContext& context);
  std::optional<RenderedSource> reuse(SourceType type, const CachedRender& known);
  base::Result<RenderedSource> keep(SourceType type, const std::string& key, CachedRender render,
                                    const std::vector<Value>& trees);

  git::Poller& poller_;
  Renderer& renderer_;
  SourceOptions options_;
  SourceHooks hooks_;
  RenderCache cache_;
  base::Guarded<std::set<std::string>> clean_folders_;
};

Resolved failed(Error error) {
  return {.kind = Resolved::Kind::failed, .sources = {}, .error = std::move(error)};
}

/// spec.source.path as a folder of the repository.
base::Result<std::string> app_folder(const base::FileTree& tree, const std::string& path) {
  if (path.starts_with('/')) return Error(Code::Invalid, path + ": app path is absolute");
  auto cleaned = base::clean_path(path);
  if (!cleaned.ok()) return Error(Code::Invalid, path + ": app path outside root");
  auto real = real_path(tree, *cleaned);
  if (!real.ok() && real.error().code() == Code::NotFound)
    return Error(Code::NotFound, path + ": app path does not exist");
  if (!real.ok()) return real;
  TRY_ASSIGN(const base::FileEntry entry, tree.stat(*real));
  if (entry.kind == FileKind::submodule)
    return Error(Code::Unimplemented, fmt::format("not supported: git submodule {}", path));
  if (entry.kind != FileKind::directory)
    return Error(Code::Invalid, path + ": app path is not a directory");
  return real;
}

/// argocd.md row 9. An explicit field decides; else what lies in the folder.
base::Result<SourceType> detect_type(const api::Source& source, const base::FileTree& tree,
                                     const std::string& path) {
  if (source.helm && source.directory)
    return Error(Code::Invalid, "multiple application sources defined: Helm,Directory");
  if (source.helm) return SourceType::Helm;
  if (source.directory) return SourceType::Directory;
  static constexpr std::array<std::string_view, 3> kKustomize = {
      "kustomization.yaml", "kustomization.yml", "Kustomization"};
  TRY_ASSIGN(const auto entries, tree.list(path));
  bool chart = false;
  for (const auto& entry : entries) {
    if (entry.kind == FileKind::directory) continue;
    if (std::ranges::find(kKustomize, entry.name) != kKustomize.end())
      return Error(Code::Unimplemented,
                   fmt::format("not supported: kustomize ({})", base::join_path(path, entry.name)));
    chart = chart || entry.name == "Chart.yaml";
  }
  return chart ? SourceType::Helm : SourceType::Directory;
}

/// Lists (kind: XyzList with items) become their items, as Argo CD does for every source type.
base::Result<std::vector<k8s::Object>> to_objects(const std::vector<Value>& trees) {
  std::vector<k8s::Object> out;
  for (const Value& tree : trees) {
    if (!tree["items"].is_list()) {
      TRY_ASSIGN(k8s::Object object, k8s::Object::from(tree));
      out.push_back(std::move(object));
      continue;
    }
    for (const Value& item : tree["items"].items()) {
      TRY_ASSIGN(k8s::Object object,
                 k8s::Object::from(item).context(fmt::format("items of {}", tree["kind"].text())));
      out.push_back(std::move(object));
    }
  }
  return out;
}

std::string directory_digest(const Job& job, const std::vector<ManifestFile>& files) {
  base::Sha256Stream digest;
  const auto add = [&](std::string_view text) {
    digest.update(std::to_string(text.size()) + ":");
    digest.update(text);
  };
  add("directory " TIPHYS_VERSION);
  add(job.path);
  for (const ManifestFile& file : files) {
    add(file.name);
    add(file.id);
  }
  return base::to_hex(digest.finish());
}

/// Of a render that serves one application alone.
std::string own_key(const std::string& key, const RenderContext& context) {
  base::WireWriter out;
  out.text(key);
  out.text(context.app_namespace);
  out.text(context.app_name);
  return base::sha256_hex(out.bytes());
}

base::Result<git::Repository> DefaultSources::repository(const Repositories& repositories,
                                                         const api::Source& source,
                                                         std::string_view project) const {
  if (!source.chart.empty()) return Error(Code::Unimplemented, "not supported: spec.source.chart");
  if (!source.ref.empty()) return Error(Code::Unimplemented, "not supported: spec.sources[].ref");
  return repositories.find(source.repo_url, project);
}

Resolved DefaultSources::resolve_one(const Repositories& repositories, const api::Source& source,
                                     std::string_view target, std::string_view project,
                                     git::Ticket ticket) const {
  auto found = repository(repositories, source, project);
  if (!found.ok()) return failed(std::move(found).error());
  RevisionState state = poller_.ensure(*found, target, ticket);
  if (state.kind == RevisionState::Kind::failed) return failed(std::move(state.failed->error));
  Resolved out;
  if (state.kind == RevisionState::Kind::pending) return out;
  out.kind = Resolved::Kind::ready;
  out.sources.push_back({.source = source,
                         .repository = *std::move(found),
                         .revision = std::move(state.ready->revision),
                         .stale = std::move(state.ready->stale)});
  return out;
}

Resolved DefaultSources::resolve(const Repositories& repositories,
                                 std::span<const api::Source> sources, std::string_view project,
                                 git::Ticket ticket) const {
  if (sources.empty()) return failed(Error(Code::Invalid, "the application has no source"));
  Resolved out;
  bool pending = false;
  for (const api::Source& source : sources) {
    Resolved one = resolve_one(repositories, source, source.target_revision, project, ticket);
    if (one.kind == Resolved::Kind::failed) return one;
    pending = pending || one.kind == Resolved::Kind::pending;
    std::ranges::move(one.sources, std::back_inserter(out.sources));
  }
  if (pending) return {};
  out.kind = Resolved::Kind::ready;
  return out;
}

Resolved DefaultSources::resolve_at(const Repositories& repositories, const api::Source& source,
                                    std::string_view revision, std::string_view project) const {
  return resolve_one(repositories, source, revision, project, 0);
}

base::Result<Job> DefaultSources::prepare(const ResolvedSource& source,
                                          const RenderContext& context) {
  Job job;
  TRY_ASSIGN(job.tree, poller_.tree(source.repository, source.revision.commit));
  TRY_ASSIGN(job.path, app_folder(*job.tree, source.source.path));
  TRY_ASSIGN(job.source,
             with_overrides(source.source, *job.tree, job.path, instance_name(context)));
  {
    auto clean = clean_folders_.lock();
    constexpr std::size_t kRemembered = 200'000;
    if (clean->size() > kRemembered) clean->clear();
    TRY(check_tree(*job.tree, job.path, options_.scan_entries, *clean));
  }
  TRY_ASSIGN(job.type, detect_type(job.source, *job.tree, job.path));
  return job;
}

std::optional<RenderedSource> DefaultSources::reuse(SourceType type, const CachedRender& known) {
  auto trees = value::parse_json(known.objects);
  if (!trees.ok()) return std::nullopt;
  RenderedSource out{.type = type,
                     .objects = {},
                     .digest = known.digest,
                     .from_cache = true,
                     .asked_cluster = !known.asked.empty()};
  for (const Value& tree : trees->items()) out.objects.push_back(k8s::Object::trusted(tree));
  if (hooks_.reused) hooks_.reused();
  return out;
}

base::Result<RenderedSource> DefaultSources::keep(SourceType type, const std::string& key,
                                                  CachedRender render,
                                                  const std::vector<Value>& trees) {
  RenderedSource out{.type = type,
                     .objects = {},
                     .digest = render.digest,
                     .from_cache = false,
                     .asked_cluster = !render.asked.empty()};
  TRY_ASSIGN(out.objects, to_objects(trees));
  render.objects = "[";
  for (const k8s::Object& object : out.objects) {
    if (render.objects.size() > 1) render.objects += ',';
    TRY(value::append_json(render.objects, object.tree(), value::EscapeHtml::no));
  }
  render.objects += ']';
  cache_.put(key, std::move(render));
  return out;
}

base::Result<RenderedSource> DefaultSources::render_chart(const helm::RenderInput& input,
                                                          const std::string& key,
                                                          const RenderContext& context) {
  const std::string own = own_key(key, context);
  const auto known = cache_.find(own);
  if (known) {
    bool same = true;
    if (context.lookup != nullptr) {
      TRY_ASSIGN(same, answers_the_same(known->asked, *context.lookup));
    }
    if (same)
      if (auto out = reuse(SourceType::Helm, *known)) return *std::move(out);
  }
  if (hooks_.rendered) hooks_.rendered();
  ChartCall call;
  call.tenant = context.project;
  call.warn = [this](std::string_view line) { hooks_.log.debug(line); };
  if (known) call.known = known->transcript;
  std::optional<LookupLog> log;
  if (context.lookup != nullptr) call.lookup = &log.emplace(*context.lookup);
  TRY_ASSIGN(RenderedChart chart, renderer_.chart(input, call));
  CachedRender kept{.objects = {}, .digest = key, .transcript = {}, .asked = {}};
  if (log) kept.asked = log->kept();
  if (chart.transcript.empty() && kept.asked.empty())
    return keep(SourceType::Helm, key, std::move(kept), chart.objects);
  kept.digest = base::sha256_hex(own + helm::write_transcript(chart.transcript));
  kept.transcript = std::move(chart.transcript);
  std::erase_if(kept.transcript,
                [](const auto& entry) { return entry.function == helm::kLookupFunction; });
  return keep(SourceType::Helm, own, std::move(kept), chart.objects);
}

base::Result<RenderedSource> DefaultSources::render_helm(const Job& job,
                                                         const ResolvedSource& source,
                                                         const RenderContext& context) {
  const BuildEnv env(source, context);
  const api::HelmOptions options = job.source.helm.value_or(api::HelmOptions{});
  TRY_ASSIGN(const helm::RenderInput input, helm_input(job.tree, job.path, options, context, env));
  TRY_ASSIGN(const std::string key, helm::cache_key(input));
  if (const auto known = cache_.find(key))
    if (auto out = reuse(SourceType::Helm, *known)) return *std::move(out);
  return render_chart(input, key, context);
}

base::Result<RenderedSource> DefaultSources::render_directory(const Job& job,
                                                              const RenderContext& context) {
  const api::DirectoryOptions options = job.source.directory.value_or(api::DirectoryOptions{});
  TRY_ASSIGN(const auto files,
             manifest_files(*job.tree, job.path, options, options_.directory_bytes));
  const std::string digest = directory_digest(job, files);
  if (const auto known = cache_.find(digest))
    if (auto out = reuse(SourceType::Directory, *known)) return *std::move(out);
  if (hooks_.rendered) hooks_.rendered();
  TRY_ASSIGN(const std::vector<ManifestText> texts, read_files(*job.tree, files));
  TRY_ASSIGN(const std::vector<Value> trees, renderer_.files(texts, context.project));
  return keep(SourceType::Directory, digest,
              {.objects = {}, .digest = digest, .transcript = {}, .asked = {}}, trees);
}

base::Result<RenderedSource> DefaultSources::render(const ResolvedSource& source,
                                                    const RenderContext& context) {
  TRY_ASSIGN(const Job job, prepare(source, context));
  return job.type == SourceType::Helm ? render_helm(job, source, context)
                                      : render_directory(job, context);
}

}  // namespace

std::string_view to_string(SourceType type) {
  return type == SourceType::Helm ? "Helm" : "Directory";
}

std::unique_ptr<Sources> make_sources(git::Poller& poller, Renderer& renderer,
                                      SourceOptions options, SourceHooks hooks) {
  return std::make_unique<DefaultSources>(poller, renderer, options, std::move(hooks));
}

}  // namespace tiphys::source
