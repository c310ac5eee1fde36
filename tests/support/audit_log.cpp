#include "support/audit_log.hpp"

#include "support/wait.hpp"

#include "tiphys/value/json.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace tiphys::test {

namespace {

constexpr std::array<std::string_view, 5> kWrites = {"create", "update", "patch", "delete",
                                                     "deletecollection"};

AuditEvent read_event(const value::Value& json) {
  const auto& object = json["objectRef"];
  AuditEvent event;
  event.uri = json["requestURI"].text();
  event.verb = event.uri.contains("dryRun=") ? "dryrun" : json["verb"].text();
  event.group = object["apiGroup"].text();
  event.resource = object["resource"].text();
  if (const auto part = object["subresource"].text(); !part.empty())
    event.resource += "/" + std::string(part);
  event.name_space = object["namespace"].text();
  event.name = object["name"].text();
  event.user = json.at({"user", "username"}).text();
  event.impersonated = json.at({"impersonatedUser", "username"}).text();
  event.user_agent = json["userAgent"].text();
  event.status = static_cast<int>(json.at({"responseStatus", "code"}).integer_or(0));
  event.received = json["requestReceivedTimestamp"].text();
  event.completed = json["stageTimestamp"].text();
  return event;
}

bool same(const std::optional<std::string>& wanted, const std::string& found) {
  return !wanted || *wanted == found;
}

}  // namespace

bool AuditEvent::is_write() const { return std::ranges::find(kWrites, verb) != kWrites.end(); }

bool AuditFilter::matches(const AuditEvent& event) const {
  return same(verb, event.verb) && same(group, event.group) && same(resource, event.resource) &&
         same(name_space, event.name_space) && same(name, event.name) && same(user, event.user) &&
         (!user_agent || event.user_agent.starts_with(*user_agent)) &&
         (!status || *status == event.status) && (!writes_only || event.is_write());
}

AuditLog::AuditLog(std::filesystem::path path) : path_(std::move(path)) { mark(); }

/// 0 for a file that isn't there yet.
static std::uintmax_t size_of(const std::filesystem::path& path) {
  std::error_code missing;
  const std::uintmax_t size = std::filesystem::file_size(path, missing);
  return missing ? 0 : size;
}

std::string AuditLog::text_from(std::uintmax_t offset) const {
  const std::uintmax_t size = size_of(path_);
  std::ifstream file(path_, std::ios::binary);
  std::string text(size > offset ? size - offset : 0, '\0');
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

void AuditLog::mark() {
  // What has been is not read: a control plane's log holds megabytes after some tests. No line is
  // as long as this.
  constexpr std::uintmax_t kTail = 1U << 20U;
  const std::uintmax_t size = size_of(path_);
  const std::uintmax_t start = std::max(offset_ - partial_.size(), size > kTail ? size - kTail : 0);
  const std::string tail = text_from(start);
  const std::size_t newline = tail.rfind('\n');
  offset_ = start + (newline == std::string::npos ? 0 : newline + 1);
  partial_.clear();
  events_.clear();
}

void AuditLog::read_more() {
  const std::string fresh = text_from(offset_);
  offset_ += fresh.size();
  partial_ += fresh;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = partial_.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    const auto json = value::parse_json(std::string_view(partial_).substr(begin, end - begin));
    if (!json.ok()) throw SupportError("audit log: " + json.error().text());
    if ((*json)["stage"].text() == "ResponseComplete") events_.push_back(read_event(*json));
  }
  partial_.erase(0, begin);
}

const std::vector<AuditEvent>& AuditLog::events() {
  read_more();
  return events_;
}

std::vector<AuditEvent> AuditLog::select(const AuditFilter& filter) {
  std::vector<AuditEvent> found;
  std::ranges::copy_if(events(), std::back_inserter(found),
                       [&](const AuditEvent& event) { return filter.matches(event); });
  return found;
}

std::size_t AuditLog::count(const AuditFilter& filter) { return select(filter).size(); }

bool AuditLog::wait_for_uri(const std::string& uri) {
  return wait_until(milliseconds(10'000), [&] {
    return std::ranges::any_of(events(), [&](const AuditEvent& e) { return e.uri == uri; });
  });
}

}  // namespace tiphys::test
