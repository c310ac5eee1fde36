#include "log_sink.hpp"

#include "tiphys/base/clock.hpp"
#include "tiphys/value/json.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>

namespace tiphys::main {

namespace {

constexpr std::array<std::string_view, 4> kNames = {"debug", "info", "warning", "error"};
constexpr std::array<spdlog::level::level_enum, 4> kLevels = {
    spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};

std::size_t index(base::LogLevel level) { return static_cast<std::size_t>(level); }

std::string json_line(base::LogLevel level, std::string_view time, std::string_view message,
                      const base::LogFields& fields) {
  value::Map line;
  for (const auto& [key, text] : fields) line.set(key, value::Value(text));
  line.set("level", value::Value(kNames.at(index(level))));
  line.set("msg", value::Value(message));
  line.set("time", value::Value(time));
  return value::write_json(value::Value(std::move(line)), value::EscapeHtml::no).value_or("{}");
}

std::string text_line(base::LogLevel level, std::string_view time, std::string_view message,
                      const base::LogFields& fields) {
  std::string line =
      "time=\"" + std::string(time) + "\" level=" + std::string(kNames.at(index(level))) + " msg=";
  value::append_json_string(line, message, value::EscapeHtml::no);
  for (const auto& [key, text] : fields) {
    line += " " + key + "=";
    value::append_json_string(line, text, value::EscapeHtml::no);
  }
  return line;
}

}  // namespace

struct SpdlogSink::Impl {
  LogFormat format;
  base::SystemClock clock;
  spdlog::logger logger{"tiphys", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
};

SpdlogSink::SpdlogSink(LogFormat format) : impl_(std::make_unique<Impl>(format)) {
  impl_->logger.set_pattern("%v");
  impl_->logger.flush_on(spdlog::level::trace);
}

SpdlogSink::~SpdlogSink() = default;

void SpdlogSink::set_level(base::LogLevel level) {
  impl_->logger.set_level(kLevels.at(index(level)));
}

bool SpdlogSink::enabled(base::LogLevel level) const {
  return impl_->logger.should_log(kLevels.at(index(level)));
}

void SpdlogSink::write(base::LogLevel level, std::string_view message,
                       const base::LogFields& fields) {
  const std::string time = base::format_rfc3339(impl_->clock.wall());
  const std::string line = impl_->format == LogFormat::json
                               ? json_line(level, time, message, fields)
                               : text_line(level, time, message, fields);
  impl_->logger.log(kLevels.at(index(level)), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace tiphys::main
