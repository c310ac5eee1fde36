#include "worker/messages.hpp"

#include "tiphys/base/wire.hpp"

namespace tiphys::worker {

using base::Result;
using base::WireReader;
using base::WireWriter;

namespace {

void put_outcome(WireWriter& out, const Result<std::string>& outcome) {
  out.flag(outcome.ok());
  if (outcome.ok())
    out.text(*outcome);
  else
    base::write_error(out, outcome.error());
}

Result<std::string> get_outcome(WireReader& in) {
  if (in.flag()) return in.text();
  return base::read_error(in);
}

}  // namespace

std::string write_hello(const ProcessLimits& limits) {
  WireWriter out;
  out.number(limits.memory_bytes);
  out.number(static_cast<std::uint64_t>(limits.cpu.count()));
  out.number(limits.file_bytes);
  out.number(limits.open_files);
  out.number(limits.message_bytes);
  out.flag(limits.readable.has_value());
  if (limits.readable) {
    out.number(limits.readable->size());
    for (const std::string& path : *limits.readable) out.text(path);
  }
  return out.take();
}

Result<ProcessLimits> read_hello(std::string_view body) {
  WireReader in(body);
  ProcessLimits out;
  out.memory_bytes = in.number();
  out.cpu = std::chrono::seconds(in.number());
  out.file_bytes = in.number();
  out.open_files = in.number();
  out.message_bytes = in.number();
  out.readable.reset();
  if (in.flag()) {
    auto& paths = out.readable.emplace();
    const std::size_t count = in.count();
    for (std::size_t i = 0; i < count; ++i) paths.push_back(in.text());
  }
  TRY(in.finish());
  return out;
}

std::string write_job(const JobMessage& message) {
  WireWriter out;
  out.text(message.job);
  out.number(static_cast<std::uint64_t>(message.time.count()));
  out.text(message.input);
  return out.take();
}

Result<JobMessage> read_job(std::string_view body) {
  WireReader in(body);
  JobMessage out;
  out.job = in.view();
  out.time = std::chrono::milliseconds(in.number());
  out.input = in.view();
  TRY(in.finish());
  return out;
}

std::string write_question(const Question& question) {
  WireWriter out;
  out.text(question.topic);
  out.text(question.text);
  return out.take();
}

Result<Question> read_question(std::string_view body) {
  WireReader in(body);
  Question out;
  out.topic = in.view();
  out.text = in.view();
  TRY(in.finish());
  return out;
}

std::string write_answer(const Result<std::string>& answer) {
  WireWriter out;
  put_outcome(out, answer);
  return out.take();
}

Result<std::string> read_answer(std::string_view body) {
  WireReader in(body);
  auto out = get_outcome(in);
  TRY(in.finish());
  return out;
}

std::string write_result(const ResultMessage& message) {
  WireWriter out;
  out.number(static_cast<std::uint64_t>(message.cpu.count()));
  put_outcome(out, message.outcome);
  return out.take();
}

Result<ResultMessage> read_result(std::string_view body) {
  WireReader in(body);
  const auto cpu = std::chrono::milliseconds(in.number());
  auto outcome = get_outcome(in);
  TRY(in.finish());
  return ResultMessage{.outcome = std::move(outcome), .cpu = cpu};
}

}  // namespace tiphys::worker
