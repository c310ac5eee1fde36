#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::test {

/// One request as the API server's audit log tells it, at stage ResponseComplete (a watch: when it
/// ended; watches that are open are not there yet).
struct AuditEvent {
  /// get, list, watch, create, update, patch, delete, deletecollection; a request whose URI has
  /// dryRun= is "dryrun", whatever it would have been.
  std::string verb;
  std::string group;
  std::string resource;  ///< "deployments", "pods/status"; empty for paths such as /version
  std::string name_space;
  std::string name;
  std::string user;
  std::string impersonated;  ///< the user that this one acted as, or ""
  std::string user_agent;
  std::string uri;
  int status = 0;
  std::string received;   ///< RFC 3339 with microseconds, sorts as text
  std::string completed;  ///< likewise

  /// Changes something: create, update, patch, delete or deletecollection, and not dryrun.
  bool is_write() const;
};

/// Which events; what is absent matches all. user_agent is a prefix ("tiphys/").
struct AuditFilter {
  std::optional<std::string> verb = {};
  std::optional<std::string> group = {};
  std::optional<std::string> resource = {};
  std::optional<std::string> name_space = {};
  std::optional<std::string> name = {};
  std::optional<std::string> user = {};
  std::optional<std::string> user_agent = {};
  std::optional<int> status = {};
  bool writes_only = false;

  bool matches(const AuditEvent& event) const;
};

/// The audit log from the moment of construction (or mark()) on. A request may be logged a moment
/// after its answer was received: ControlPlane::sync_audit() waits for those sent before. Not
/// thread-safe.
class AuditLog {
 public:
  explicit AuditLog(std::filesystem::path path);

  /// Forgets what was logged so far.
  void mark();
  /// All events since the mark, in the order of the file.
  const std::vector<AuditEvent>& events();
  std::vector<AuditEvent> select(const AuditFilter& filter);
  std::size_t count(const AuditFilter& filter);
  /// Waits until a request with this path and query was logged; false after the limit.
  bool wait_for_uri(const std::string& uri);

 private:
  void read_more();
  /// What the file holds from an offset on.
  std::string text_from(std::uintmax_t offset) const;

  std::filesystem::path path_;
  std::uintmax_t offset_ = 0;
  std::string partial_;
  std::vector<AuditEvent> events_;
};

}  // namespace tiphys::test
