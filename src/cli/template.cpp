#include "tiphys/cli/template.hpp"

#include "cli/disk_tree.hpp"
#include "cli/inputs.hpp"
#include "cli/template_flags.hpp"
#include "cli/usage.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/helm/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>

namespace tiphys::cli {

using base::Code;
using base::Error;
using base::Result;
using base::Status;

namespace fs = std::filesystem;

namespace {

/// Helm's LocateChart as far as it goes without a network.
Status locate(const std::string& name, helm::ChartSource& out) {
  std::error_code code;
  const fs::path path(name);
  if (!fs::exists(path, code)) {
    if (path.is_absolute() || name.starts_with('.'))
      return Error(Code::NotFound, fmt::format("path {} not found", gotmpl::quote(name)));
    const std::size_t slash = name.find('/');
    if (slash != std::string::npos && !name.contains("://"))
      return Error(Code::NotFound, fmt::format("repo {} not found", name.substr(0, slash)));
    if (!name.contains("://"))
      return Error(Code::NotFound,
                   "non-absolute URLs should be in form of repo_name/path_to_chart, got: " + name);
    return Error(Code::Unimplemented,
                 fmt::format("chart {} is not on this disk; charts are not downloaded",
                             gotmpl::quote(name)));
  }
  // Helm makes the path absolute before it loads.
  const std::string absolute = fs::absolute(path, code).lexically_normal().string();
  out.shown = absolute.ends_with('/') ? absolute.substr(0, absolute.size() - 1) : absolute;
  if (fs::is_directory(path, code)) {
    out.tree = std::make_shared<DiskTree>(out.shown);
    return {};
  }
  auto bytes = read_file(name);
  if (!bytes.ok()) return std::move(bytes).error();
  if (!bytes->starts_with("\x1f\x8b\x08"))
    return Error(Code::Invalid,
                 name.ends_with(".yaml") || name.ends_with(".yml")
                     ? fmt::format("file '{}' seems to be a YAML file, but expected a gzipped "
                                   "archive",
                                   out.shown)
                     : fmt::format("file '{}' does not appear to be a gzipped archive; got "
                                   "'text/plain; charset=utf-8'",
                                   out.shown));
  out.archive = *std::move(bytes);
  return {};
}

helm::RenderInput make_render_input(const TemplateFlags& flags) {
  helm::RenderInput input = make_input(flags);
  input.release.is_install = !flags.is_upgrade;
  input.release.is_upgrade = flags.is_upgrade;
  input.api_versions = flags.api_versions;
  input.include_crds = flags.include_crds;
  input.keep_partial = flags.debug;
  return input;
}

/// NAME and CHART of the arguments.
Status place_arguments(const TemplateFlags& flags, helm::RenderInput& input, std::string& chart) {
  const std::vector<std::string>& args = flags.arguments;
  if (args.size() > 2) {
    std::string rest;
    for (std::size_t i = 2; i < args.size(); ++i) rest += (i == 2 ? "" : ", ") + args[i];
    return Error(Code::Invalid, "expected at most two arguments, unexpected arguments: " + rest);
  }
  chart = args.back();
  if (args.size() == 2) {
    if (flags.generate_name)
      return Error(Code::Invalid, "cannot set --generate-name and also specify a name");
    if (!flags.name_template.empty())
      return Error(Code::Invalid, "cannot set --name-template and also specify a name");
    input.release.name = args.front();
  }
  input.release.name_template = flags.name_template;
  return {};
}

/// --output-dir: every document appended to its file, one line on stdout each time.
class Writer {
 public:
  Writer(const TemplateFlags& flags, const std::string& release, std::ostream& out)
      : root_(flags.output_dir), out_(out) {
    folder_ = flags.use_release_name ? root_ + "/" + release : root_;
  }

  Status crd(const helm::CrdFile& file) { return write(root_, file.source, file.text); }
  Status document(const helm::Document& item) { return write(folder_, item.source, item.text); }

 private:
  Status write(const std::string& folder, const std::string& source, const std::string& text) {
    const std::string path = (fs::path(folder) / source).lexically_normal().string();
    std::error_code code;
    fs::create_directories(fs::path(path).parent_path(), code);
    const bool append = !written_.insert(path).second;
    std::ofstream file(path, append ? std::ios::binary | std::ios::app : std::ios::binary);
    file << "---\n# Source: " << source << '\n' << text << '\n';
    file.flush();
    if (!file) return Error(Code::Forbidden, fmt::format("open {}: can't be written", path));
    out_ << "wrote " << path << '\n';
    return {};
  }

  std::string root_;
  std::string folder_;
  std::ostream& out_;
  std::set<std::string> written_;
};

bool is_test(const helm::Document& hook) {
  return std::ranges::find(hook.events, helm::HookEvent::test) != hook.events.end();
}

Status write_files(const helm::Manifests& manifests, const TemplateFlags& flags,
                   const std::string& release, std::ostream& out) {
  Writer writer(flags, release, out);
  for (const helm::CrdFile& file : manifests.crds) TRY(writer.crd(file));
  for (const helm::Document& item : manifests.manifests) TRY(writer.document(item));
  if (!flags.no_hooks)
    for (const helm::Document& hook : manifests.hooks)
      if (!flags.skip_tests || !is_test(hook)) TRY(writer.document(hook));
  // What is left for stdout is an empty manifest, in which --show-only finds nothing.
  if (!flags.show_only.empty())
    return Error(Code::Invalid,
                 fmt::format("could not find template {} in chart", flags.show_only.front()));
  out << '\n';
  return {};
}

/// What Helm does where it asks the cluster: it must answer, and what it is counts.
Result<std::unique_ptr<Cluster>> use_cluster(const TemplateFlags& flags, const Connect& connect,
                                             helm::RenderInput& input) {
  if (!connect) return Error(Code::Unimplemented, "not supported: asking a cluster");
  auto cluster = connect(flags.cluster);
  if (!cluster.ok())
    return Error(cluster.error().code(), fmt::format("{}ubernetes cluster unreachable: {}",
                                                     flags.profile == helm::Profile::v3_21
                                                         ? "K"
                                                         : "cluster reachability check failed: k",
                                                     cluster.error().text()));
  if (flags.namespace_.empty() && !(*cluster)->default_namespace().empty())
    input.release.namespace_ = (*cluster)->default_namespace();
  input.lookup = flags.asks_lookup;
  if (flags.asks_capabilities) {
    input.kube_version = (*cluster)->kube_version();
    input.api_versions = (*cluster)->api_versions();
    input.only_api_versions = true;
  }
  return cluster;
}

Status render_and_print(const TemplateFlags& flags, std::ostream& out, std::ostream& err,
                        const Connect& connect) {
  helm::RenderInput input = make_render_input(flags);
  std::string chart;
  TRY(helm::check_kube_version(input));
  TRY(place_arguments(flags, input, chart));
  helm::Environment environment;
  environment.warn = [&err](std::string_view line) { err << line << '\n'; };
  if (!flags.name_template.empty()) TRY(helm::resolve_name(input, environment));
  TRY(locate(chart, input.chart));
  std::unique_ptr<Cluster> cluster;
  if (flags.asks_lookup || flags.asks_capabilities) {
    TRY_ASSIGN(cluster, use_cluster(flags, connect, input));
    if (flags.asks_lookup) environment.lookup = &cluster->lookup();
  }
  std::string partial;
  auto manifests = helm::render(input, environment, &partial);
  if (!manifests.ok()) {
    if (flags.debug) out << partial;
    return std::move(manifests).error();
  }
  if (!flags.output_dir.empty()) return write_files(*manifests, flags, input.release.name, out);
  helm::PrintOptions options;
  options.no_hooks = flags.no_hooks;
  options.skip_tests = flags.skip_tests;
  options.show_only = flags.show_only;
  TRY_ASSIGN(const std::string text, helm::print_template(*manifests, options));
  out << text;
  return {};
}

}  // namespace

int run_template(std::span<const std::string> args, std::ostream& out, std::ostream& err,
                 const Connect& connect) {
  if (wants_help(args)) {
    out << kTemplateUsage;
    return 0;
  }
  auto flags = parse_template_flags(args);
  if (flags.ok() && flags->validate && flags->profile != helm::Profile::v3_21)
    err << "Flag --validate has been deprecated, use '--dry-run=server' instead\n";
  auto done = flags.ok() ? render_and_print(*flags, out, err, connect) : Status(flags.error());
  out.flush();
  if (done.ok()) return 0;
  err << "Error: " << done.error().text() << '\n';
  return 1;
}

}  // namespace tiphys::cli
