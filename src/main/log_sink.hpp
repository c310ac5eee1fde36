#pragma once

#include "tiphys/base/log.hpp"

#include <memory>
#include <string>

namespace tiphys::main {

enum class LogFormat : std::uint8_t { json, text };

/// Lines to stderr through spdlog. JSON as Argo CD writes it (logrus): {"level","msg","time",
/// fields...}; text as key=value. The level can be changed at any time.
class SpdlogSink final : public base::LogSink {
 public:
  explicit SpdlogSink(LogFormat format);
  ~SpdlogSink() override;
  void set_level(base::LogLevel level);
  bool enabled(base::LogLevel level) const override;
  void write(base::LogLevel level, std::string_view message,
             const base::LogFields& fields) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tiphys::main
