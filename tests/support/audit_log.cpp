#include "support/audit_log.hpp"

#include "support/wait.hpp"

#include "tiphys/value/json.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
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

void AuditLog::mark() {
  read_more();
  events_.clear();
}

void AuditLog::read_more() {
  std::ifstream file(path_, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset_));
  const std::string fresh{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
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
