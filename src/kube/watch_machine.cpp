#include "tiphys/kube/watch_machine.hpp"

#include "tiphys/k8s/status_error.hpp"

#include <algorithm>

namespace tiphys::kube {

using base::Code;
using base::Error;
using std::chrono::milliseconds;
using Type = WatchEvent::Type;

namespace {

/// A server may not keep us away longer than this.
constexpr milliseconds kMaxRetryAfter{300'000};
constexpr int kMaxDoublings = 16;

/// Only the server's owner can change that: asked again seldom.
bool is_refusal(Code code) {
  return code == Code::Forbidden || code == Code::NotFound || code == Code::Unauthorized ||
         code == Code::Invalid;
}

}  // namespace

WatchMachine::WatchMachine(Options options) : options_(std::move(options)) {}

WatchMachine::Step WatchMachine::start() { return begin_list(); }

WatchMachine::Step WatchMachine::begin_list() {
  state_ = State::listing;
  announced_ = false;
  return {List{}, {}};
}

WatchMachine::Step WatchMachine::listed(std::vector<k8s::Object> items,
                                        std::string resource_version, std::string continue_token) {
  std::vector<WatchEvent> events;
  events.reserve(items.size() + 2);
  if (!std::exchange(announced_, true)) events.push_back({Type::Init, {}});
  for (auto& item : items) events.push_back({Type::InitApply, std::move(item)});
  if (!continue_token.empty()) return {List{std::move(continue_token)}, std::move(events)};
  events.push_back({Type::InitDone, {}});
  resource_version_ = std::move(resource_version);
  synced_ = true;
  problem_.reset();
  return open_watch(std::move(events));
}

WatchMachine::Step WatchMachine::open_watch(std::vector<WatchEvent> events) {
  state_ = State::watching;
  heard_ = false;
  return {Watch{resource_version_}, std::move(events)};
}

WatchMachine::Step WatchMachine::list_failed(const Error& error) {
  // An expired page means that the list took too long, not that something is wrong.
  if (error.code() != Code::Expired) problem_ = error;
  return back_off(State::waiting_to_list, &error);
}

void WatchMachine::watch_opened() { problem_.reset(); }

WatchMachine::Step WatchMachine::watch_event(const value::Value& line) {
  const std::string_view type = line["type"].text();
  const value::Value& tree = line["object"];
  if (type == "ERROR") return watch_error(k8s::error_from_status(tree));
  heard_ = true;
  failures_ = 0;
  auto object = k8s::Object::trusted(tree);
  if (const auto version = object.resource_version(); !version.empty()) resource_version_ = version;
  std::vector<WatchEvent> events;
  if (type == "ADDED" || type == "MODIFIED") {
    events.push_back({Type::Apply, std::move(object)});
  } else if (type == "DELETED") {
    events.push_back({Type::Delete, std::move(object)});
  }
  return {Read{}, std::move(events)};
}

WatchMachine::Step WatchMachine::watch_error(const Error& error) {
  if (error.code() == Code::Expired) {
    // Listed at once after a watch that worked; one that expires again and again waits longer.
    if (heard_) return begin_list();
    return back_off(State::waiting_to_list, &error);
  }
  problem_ = error;
  return back_off(is_refusal(error.code()) ? State::waiting_to_list : State::waiting_to_watch,
                  &error);
}

WatchMachine::Step WatchMachine::watch_ended(const std::optional<Error>& error) {
  if (error && error->code() != Code::Timeout) return watch_error(*error);
  // The server's time is over, or it was silent too long (decision 13).
  if (heard_) return open_watch({});
  return back_off(State::waiting_to_watch, nullptr);
}

WatchMachine::Step WatchMachine::back_off(State after, const Error* error) {
  state_ = after;
  const milliseconds delay = next_delay(error);
  failures_ = std::min(failures_ + 1, kMaxDoublings);
  return {Wait{delay}, {}};
}

milliseconds WatchMachine::next_delay(const Error* error) const {
  milliseconds most = options_.min_backoff * (std::int64_t{1} << failures_);
  most = std::min(most, options_.max_backoff);
  if (error != nullptr && is_refusal(error->code())) most = options_.refused_backoff;
  const double jitter = 0.5 + options_.random() / 2;
  const auto delay = std::chrono::duration_cast<milliseconds>(most * jitter);
  if (error == nullptr || !error->retry_after()) return delay;
  return std::max(delay, std::min(*error->retry_after(), kMaxRetryAfter));
}

WatchMachine::Step WatchMachine::waited() {
  return state_ == State::waiting_to_watch ? open_watch({}) : begin_list();
}

}  // namespace tiphys::kube
