#include "jq/libjq_calls.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/base/wire.hpp"
#include "tiphys/jq/jq.hpp"
#include "tiphys/value/json.hpp"

#include <memory>
#include <unordered_map>

namespace tiphys::jq {

using base::WireReader;
using base::WireWriter;
using value::Value;

namespace {

constexpr const char* kPaths = "jq";
/// Answers that are kept: each look asks the same about objects that didn't change.
constexpr std::size_t kMostAnswers = 4096;

using Answers = std::unordered_map<std::string, std::string>;

base::Result<std::string> paths_job(std::string_view input, worker::Caller&) {
  WireReader in(input);
  const std::string expression = in.text();
  const std::string json = in.text();
  TRY(in.finish());
  return paths_of(expression, json);
}

class WorkerDelete {
 public:
  WorkerDelete(worker::Runner& runner, std::chrono::milliseconds time)
      : runner_(runner), time_(time), answers_(std::make_shared<base::Guarded<Answers>>()) {}

  base::Result<Value> operator()(const std::string& scope, const std::string& expression,
                                 const Value& tree) const {
    WireWriter question;
    question.text(expression);
    TRY_ASSIGN(const std::string json, value::write_json(tree));
    question.text(json);
    TRY_ASSIGN(const std::string paths, ask(scope, question.take()));
    TRY_ASSIGN(const Value list, value::parse_json(paths));
    return without_paths(tree, list);
  }

 private:
  base::Result<std::string> ask(const std::string& scope, const std::string& question) const {
    // An answer is a function of the question, whoever asks.
    std::string digest = base::sha256_hex(question);
    {
      const auto answers = answers_->lock();
      if (const auto found = answers->find(digest); found != answers->end()) return found->second;
    }
    TRY_ASSIGN(
        std::string paths,
        runner_.run(
            {.job = kPaths, .input = question, .scope = scope, .time = time_, .answer = {}}));
    const auto answers = answers_->lock();
    if (answers->size() >= kMostAnswers) answers->clear();
    answers->insert_or_assign(std::move(digest), paths);
    return paths;
  }

  worker::Runner& runner_;
  std::chrono::milliseconds time_;
  std::shared_ptr<base::Guarded<Answers>> answers_;
};

}  // namespace

Delete make_worker_delete(worker::Runner& runner, std::chrono::milliseconds time) {
  return WorkerDelete(runner, time);
}

void add_jobs(worker::Jobs& jobs) {
  jobs.at_start([] { (void)load_libjq(); });
  jobs.add(kPaths, paths_job);
}

}  // namespace tiphys::jq
