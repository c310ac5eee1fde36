#include "support/fault_proxy.hpp"

#include "tiphys/value/value.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::test {

using value::Value;

namespace {

std::size_t count_of(const Value& number) { return static_cast<std::size_t>(number.integer_or(0)); }

Value cut_order(std::string_view how) {
  return Value::object({{"order", Value("cut")}, {"how", Value(how)}});
}

}  // namespace

FaultProxy::FaultProxy(std::string scheme, std::vector<std::string> args,
                       std::unique_ptr<TempDir> certificates)
    : scheme_(std::move(scheme)),
      certificates_(std::move(certificates)),
      helper_("fault_proxy.py", std::move(args)) {}

std::unique_ptr<FaultProxy> FaultProxy::tcp(int target_port) {
  return std::unique_ptr<FaultProxy>(
      new FaultProxy("http", {"tcp", std::to_string(target_port)}, nullptr));
}

std::unique_ptr<FaultProxy> FaultProxy::api_server(const ControlPlane& plane) {
  auto folder = std::make_unique<TempDir>();
  const auto pair = plane.issue_certificate("fault-proxy", folder->path());
  std::vector<std::string> args{"http", std::to_string(plane.port()), pair.certificate.string(),
                                pair.key.string(), plane.ca_certificate().string()};
  return std::unique_ptr<FaultProxy>(new FaultProxy("https", std::move(args), std::move(folder)));
}

std::string FaultProxy::url() const { return fmt::format("{}://127.0.0.1:{}", scheme_, port()); }

void FaultProxy::scope(Requests requests, const std::string& match) {
  helper_.ask(Value::object({{"order", Value("scope")},
                             {"all_requests", Value(requests == Requests::all)},
                             {"match", Value(match)}}));
}

void FaultProxy::fault(std::string_view kind, std::string_view key, std::int64_t amount) {
  auto order = Value::object({{"order", Value("fault")}, {"kind", Value(kind)}});
  if (!key.empty()) order.set_at({key}, Value(amount));
  helper_.ask(order);
}

void FaultProxy::delay(milliseconds time) { fault("delay", "delay_ms", time.count()); }
void FaultProxy::throttle(int bytes_per_second) {
  fault("throttle", "bytes_per_second", bytes_per_second);
}
void FaultProxy::half_open() { fault("half-open"); }
void FaultProxy::refuse() { fault("refuse"); }
void FaultProxy::heal() { fault("pass"); }

std::size_t FaultProxy::cut() { return count_of(helper_.ask(cut_order("cut"))["count"]); }
std::size_t FaultProxy::reset() { return count_of(helper_.ask(cut_order("reset"))["count"]); }

void FaultProxy::expire_watches(int count, Expired how) {
  helper_.ask(Value::object({{"order", Value("expire")},
                             {"count", Value(count)},
                             {"in_stream", Value(how == Expired::as_event)}}));
}

FaultProxy::Connections FaultProxy::connections() {
  const Value answer = helper_.ask(Value::object({{"order", Value("connections")}}));
  return {.open = count_of(answer["open"]),
          .accepted = count_of(answer["accepted"]),
          .watches = count_of(answer["watches"])};
}

}  // namespace tiphys::test
