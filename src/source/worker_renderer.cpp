#include "source/asked_tree.hpp"
#include "source/lookups.hpp"

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
  WorkerRenderer(worker::Runner& runner, std::function<RenderLimits()> limits)
      : runner_(runner), limits_(std::move(limits)) {}

  base::Result<RenderedChart> chart(const helm::RenderInput& input,
                                    const ChartCall& call) override {
    const RenderLimits limits = limits_();
    TRY_ASSIGN(const std::string bytes, helm::write_input(input));
    WireWriter message;
    message.number(limits.memory_bytes);
    message.number(limits.output_bytes);
    message.text(helm::write_transcript(call.known));
    message.text(bytes);
    const worker::Task task{.job = kChart,
                            .input = message.bytes(),
                            .scope = call.tenant,
                            .time = limits.time,
                            .answer = [&](std::string_view topic, std::string_view question) {
                              return answer(input, call, topic, question);
                            }};
    TRY_ASSIGN(const std::string result, runner_.run(task));
    WireReader in(result);
    for (std::size_t left = in.count(); left > 0; --left) {
      const std::string line = in.text();
      if (call.warn) call.warn(line);
    }
    const std::string_view transcript = in.view();
    const std::string_view json = in.view();
    TRY(in.finish());
    RenderedChart out;
    TRY_ASSIGN(out.transcript, helm::read_transcript(transcript));
    TRY_ASSIGN(out.objects, read_trees(json));
    return out;
  }

  base::Result<Trees> files(const std::vector<ManifestText>& files,
                            const std::string& tenant) override {
    WireWriter out;
    out.number(files.size());
    for (const ManifestText& file : files) {
      out.text(file.name);
      out.text(file.bytes);
    }
    TRY_ASSIGN(const std::string json, runner_.run({.job = kFiles,
                                                    .input = out.bytes(),
                                                    .scope = tenant,
                                                    .time = limits_().time,
                                                    .answer = {}}));
    return read_trees(json);
  }

 private:
  static base::Result<std::string> answer(const helm::RenderInput& input, const ChartCall& call,
                                          std::string_view topic, std::string_view question) {
    if (topic == kLookupTopic && input.lookup && call.lookup != nullptr)
      return answer_lookup(*call.lookup, question);
    if (input.chart.tree) return answer_for_tree(*input.chart.tree, topic, question);
    return base::Error(base::Code::Invalid, "a worker asked for " + std::string(topic));
  }

  worker::Runner& runner_;
  std::function<RenderLimits()> limits_;
};

/// Below the limits of the process, which end it without naming a template.
gotmpl::Budgets budgets_of(const worker::Caller& caller, std::uint64_t memory,
                           std::uint64_t output) {
  gotmpl::Budgets budgets;
  budgets.memory_bytes = memory / 4 * 3;
  budgets.output_bytes = output;
  budgets.expired = [&caller] { return base::SystemClock().now() >= caller.deadline(); };
  return budgets;
}

base::Result<std::string> chart_job(std::string_view message, worker::Caller& caller) {
  WireReader in(message);
  const std::uint64_t memory = in.number();
  const std::uint64_t output = in.number();
  const std::string_view known = in.view();
  const std::string_view input = in.view();
  TRY(in.finish());
  AskedLookup lookup(caller);
  std::vector<std::string> warnings;
  ChartCall call;
  call.warn = [&](std::string_view line) { warnings.emplace_back(line); };
  call.lookup = &lookup;
  TRY_ASSIGN(call.known, helm::read_transcript(known));
  TRY_ASSIGN(helm::RenderInput read, helm::read_input(input));
  if (read.chart.archive.empty()) read.chart.tree = std::make_shared<const AskedTree>(caller);
  TRY_ASSIGN(const RenderedChart chart,
             make_in_process_renderer(budgets_of(caller, memory, output))->chart(read, call));
  TRY_ASSIGN(const std::string json, write_trees(chart.objects));
  WireWriter out;
  out.number(warnings.size());
  for (const std::string& line : warnings) out.text(line);
  out.text(helm::write_transcript(chart.transcript));
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
                                               std::function<RenderLimits()> limits) {
  return std::make_unique<WorkerRenderer>(runner, std::move(limits));
}

void add_jobs(worker::Jobs& jobs) {
  jobs.add(kChart, chart_job);
  jobs.add(kFiles, files_job);
}

}  // namespace tiphys::source
