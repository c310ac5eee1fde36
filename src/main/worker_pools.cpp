#include "worker_pools.hpp"

#include "tiphys/git/pack_checker.hpp"

#include <cstdlib>

namespace tiphys::main {

namespace {

// At once. With the renders of the settings' default all of them at their limits fit into the
// memory of the deployment.
constexpr std::size_t kPacks = 1;
constexpr std::size_t kExpressions = 2;

/// Templates print the local time, so a worker has the controller's zone.
std::vector<std::string> environment() {
  const char* zone = std::getenv("TZ");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (zone == nullptr) return {};
  return {std::string("TZ=") + zone};
}

worker::PoolHooks hooks(const base::Logger& log) {
  worker::PoolHooks out;
  out.log = log;
  return out;
}

}  // namespace

worker::ProcessLimits render_process_limits(const controller::RenderSettings& settings) {
  worker::ProcessLimits limits;
  limits.memory_bytes = settings.memory_bytes;
  limits.cpu = settings.cpu;
  limits.readable = {"/usr/share/zoneinfo", "/etc/localtime"};
  return limits;
}

source::RenderLimits render_limits(const controller::RenderSettings& settings) {
  return {.time = settings.time,
          .memory_bytes = settings.memory_bytes,
          .output_bytes = settings.output_bytes};
}

std::unique_ptr<worker::Pool> make_render_pool(const base::Logger& log,
                                               const controller::RenderSettings& settings) {
  worker::PoolOptions options;
  options.command = {"/proc/self/exe", "worker", "render"};
  options.environment = environment();
  options.size = static_cast<std::size_t>(settings.workers);
  options.limits = render_process_limits(settings);
  return worker::make_pool(std::move(options), hooks(log));
}

std::unique_ptr<worker::Pool> make_pack_pool(const base::Logger& log) {
  const git::PackLimits largest;
  worker::PoolOptions options;
  options.command = {"/proc/self/exe", "worker", "packs"};
  options.size = kPacks;
  options.warm = 1;  // its start would be a tenth of a commit's way to the cluster
  options.jobs_per_process = 1;
  options.limits.cpu = std::chrono::duration_cast<std::chrono::seconds>(kPackTime);
  options.limits.memory_bytes = std::uint64_t{512} << 20U;
  options.limits.file_bytes = 2 * largest.pack_bytes;
  options.limits.open_files = 512;  // every pack of the mirror and its index
  options.limits.readable.reset();  // each job sees to it
  return worker::make_pool(std::move(options), hooks(log));
}

std::unique_ptr<worker::Pool> make_jq_pool(const base::Logger& log) {
  worker::PoolOptions options;
  options.command = {"/proc/self/exe", "worker", "jq"};
  options.size = kExpressions;
  options.warm = 0;
  options.limits.memory_bytes = std::uint64_t{128} << 20U;
  return worker::make_pool(std::move(options), hooks(log));
}

}  // namespace tiphys::main
