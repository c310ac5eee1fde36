#include "tiphys/sprig/host.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace tiphys::sprig {

base::Result<std::shared_ptr<const text::TimeZone>> Host::zone(std::string_view name) {
  if (name != "Local") return text::load_zone(name, zones_);
  if (local_) return local_;
  auto bytes = zones_(name);
  if (bytes.ok()) {
    auto zone = text::TimeZone::from_tzif("Local", *bytes);
    if (zone.ok()) local_ = *zone;
  }
  // Go falls back to UTC when the machine doesn't say.
  if (!local_) local_ = text::TimeZone::utc();
  return local_;
}

base::Result<std::string> Host::host_address(std::string_view) { return std::string(); }

base::Result<std::string> read_system_zone(std::string_view name) {
  std::string path = "/usr/share/zoneinfo/" + std::string(name);
  if (name == "Local") {
    // Read once at start-up by programs that don't change their environment.
    const char* zone = std::getenv("TZ");  // NOLINT(concurrency-mt-unsafe)
    std::string wanted = zone != nullptr ? zone : "";
    if (wanted.starts_with(':')) wanted.erase(0, 1);
    if (zone == nullptr)
      path = "/etc/localtime";
    else if (wanted.starts_with('/'))
      path = wanted;
    else
      path = "/usr/share/zoneinfo/" + (wanted.empty() ? std::string("UTC") : wanted);
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::Error(base::Code::NotFound, "unknown time zone " + std::string(name));
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (bytes.empty())
    return base::Error(base::Code::NotFound, "unknown time zone " + std::string(name));
  return bytes;
}

}  // namespace tiphys::sprig
