#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::base {

enum class LogLevel : std::uint8_t { debug, info, warn, error };

using LogFields = std::vector<std::pair<std::string, std::string>>;

/// Where log lines go. Implementations (main: spdlog, tests: memory) may be called from any thread.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual bool enabled(LogLevel level) const = 0;
  virtual void write(LogLevel level, std::string_view message, const LogFields& fields) = 0;
};

/// A value that carries fields (application, app-namespace, project: Argo CD's keys) and a shared
/// sink. Copy freely; any thread. A default-made Logger swallows everything. Never log a Secret's
/// value.
class Logger {
 public:
  Logger() = default;
  explicit Logger(std::shared_ptr<LogSink> sink) : sink_(std::move(sink)) {}

  Logger with(std::string key, std::string value) const {
    Logger copy = *this;
    copy.fields_.emplace_back(std::move(key), std::move(value));
    return copy;
  }
  void debug(std::string_view message, const LogFields& more = {}) const {
    log(LogLevel::debug, message, more);
  }
  void info(std::string_view message, const LogFields& more = {}) const {
    log(LogLevel::info, message, more);
  }
  void warn(std::string_view message, const LogFields& more = {}) const {
    log(LogLevel::warn, message, more);
  }
  void error(std::string_view message, const LogFields& more = {}) const {
    log(LogLevel::error, message, more);
  }

 private:
  void log(LogLevel level, std::string_view message, const LogFields& more) const {
    if (!sink_ || !sink_->enabled(level)) return;
    LogFields all = fields_;
    all.insert(all.end(), more.begin(), more.end());
    sink_->write(level, message, all);
  }

  std::shared_ptr<LogSink> sink_;
  LogFields fields_;
};

}  // namespace tiphys::base
