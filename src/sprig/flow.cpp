#include "sprig/internal.hpp"

#include "tiphys/sprig/functions.hpp"

#include <array>

namespace tiphys::sprig {
namespace {

base::Error marked(std::string_view message) {
  return failure(std::string(kErrorStart).append(message).append(kErrorEnd));
}

Answer fail(Call& call) {
  if (host(call).tolerates(Host::Complaint::fail, call.args[0].string())) return Value("");
  return marked(call.args[0].string());
}

Answer required(Call& call) {
  Value& wanted = call.args[1];
  const bool missing =
      wanted.is_null() ||
      (wanted.is_string() && wanted.go_type() == GoType::natural && wanted.string().empty());
  if (!missing) return std::move(wanted);
  const auto complaint = wanted.is_null() ? Host::Complaint::missing : Host::Complaint::empty;
  if (host(call).tolerates(complaint, call.args[0].string())) return Value("");
  return marked(call.args[0].string());
}

Answer host_by_name(Call& call) {
  TRY_ASSIGN(std::string address, host(call).host_address(call.args[0].string()));
  return text(call, std::move(address));
}

constexpr auto kFlow = std::to_array<Function>({
    {"fail", "string", fail},
    {"required", "string, any", required},
    {"getHostByName", "string", host_by_name},
});

}  // namespace

std::span<const Function> flow_functions() { return kFlow; }

}  // namespace tiphys::sprig
