#include "source/asked_tree.hpp"

#include "tiphys/base/clock.hpp"
#include "tiphys/base/wire.hpp"
#include "tiphys/helm/wire.hpp"
#include "tiphys/source/renderer.hpp"
#include "tiphys/value/json.hpp"

#include <utility>

namespace tiphys::source {

using base::WireReader;
using base::WireWriter;

namespace {

using Trees = std::vector<value::Value>;

constexpr const char* kChart = "chart";
constexpr const char* kFiles = "files";

base::Result<std::string> write_trees(const Trees& trees) {
  std::string json = "[";
  for (const value::Value& tree : trees) {
    if (json.size() > 1) json += ',';
    TRY(value::append_json(json, tree, value::EscapeHtml::no));
  }
  return json + "]";
}

base::Result<Trees> read_trees(std::string_view json) {
  TRY_ASSIGN(const value::Value list, value::parse_json(json));
  return Trees(list.items().begin(), list.items().end());
}

class WorkerRenderer final : public Renderer {
 public:
  WorkerRenderer(worker::Runner& runner, std::chrono::milliseconds time)
      : runner_(runner), time_(time) {}

  base::Result<Trees> chart(const helm::RenderInput& input, const std::string& tenant,
                            const Warn& warn) override {
    TRY_ASSIGN(const std::string bytes, helm::write_input(input));
    worker::Task task{.job = kChart, .input = bytes, .scope = tenant, .time = time_, .answer = {}};
    if (input.chart.tree)
      task.answer = [&tree = *input.chart.tree](std::string_view topic, std::string_view path) {
        return answer_for_tree(tree, topic, path);
      };
    TRY_ASSIGN(const std::string result, runner_.run(task));
    WireReader in(result);
    for (std::size_t left = in.count(); left > 0; --left) {
      const std::string line = in.text();
      if (warn) warn(line);
    }
    const std::string_view json = in.view();
    TRY(in.finish());
    return read_trees(json);
  }

  base::Result<Trees> files(const std::vector<ManifestText>& files,
                            const std::string& tenant) override {
    WireWriter out;
    out.number(files.size());
    for (const ManifestText& file : files) {
      out.text(file.name);
      out.text(file.bytes);
    }
    TRY_ASSIGN(
        const std::string json,
        runner_.run(
            {.job = kFiles, .input = out.bytes(), .scope = tenant, .time = time_, .answer = {}}));
    return read_trees(json);
  }

 private:
  worker::Runner& runner_;
  std::chrono::milliseconds time_;
};

/// Below the limits of the process, which end it without naming a template.
gotmpl::Budgets budgets_of(const worker::Caller& caller) {
  gotmpl::Budgets budgets;
  budgets.memory_bytes = std::uint64_t{192} << 20U;
  budgets.expired = [&caller] { return base::SystemClock().now() >= caller.deadline(); };
  return budgets;
}

base::Result<std::string> chart_job(std::string_view input, worker::Caller& caller) {
  TRY_ASSIGN(helm::RenderInput read, helm::read_input(input));
  if (read.chart.archive.empty()) read.chart.tree = std::make_shared<const AskedTree>(caller);
  std::vector<std::string> warnings;
  TRY_ASSIGN(
      const Trees trees,
      make_in_process_renderer(budgets_of(caller))->chart(read, "", [&](std::string_view line) {
        warnings.emplace_back(line);
      }));
  TRY_ASSIGN(const std::string json, write_trees(trees));
  WireWriter out;
  out.number(warnings.size());
  for (const std::string& line : warnings) out.text(line);
  out.text(json);
  return out.take();
}

base::Result<std::string> files_job(std::string_view input, worker::Caller&) {
  WireReader in(input);
  std::vector<ManifestText> files;
  for (std::size_t left = in.count(); left > 0; --left) {
    std::string name = in.text();
    files.push_back({.name = std::move(name), .bytes = in.text()});
  }
  TRY(in.finish());
  TRY_ASSIGN(const Trees trees, make_in_process_renderer()->files(files, ""));
  return write_trees(trees);
}

}  // namespace

std::unique_ptr<Renderer> make_worker_renderer(worker::Runner& runner,
                                               std::chrono::milliseconds time) {
  return std::make_unique<WorkerRenderer>(runner, time);
}

void add_jobs(worker::Jobs& jobs) {
  jobs.add(kChart, chart_job);
  jobs.add(kFiles, files_job);
}

}  // namespace tiphys::source
