#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/gotmpl/run.hpp"
#include "tiphys/sprig/entropy.hpp"
#include "tiphys/text/go_date.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace tiphys::sprig {

/// What Sprig's functions need from outside. A Run that executes templates parsed against
/// add_functions() must have a host of this class (or one derived from it): it is reached by
/// Run::host_as<sprig::Host>(). Used by one render at a time.
class Host : public gotmpl::Host {
 public:
  /// Both must outlive the host.
  Host(Entropy& entropy, const text::ZoneLoader& zones) : entropy_(entropy), zones_(zones) {}

  Entropy& entropy() { return entropy_; }
  /// time.LoadLocation: "Local", "UTC", "Europe/Berlin". Errors: NotFound, Invalid.
  base::Result<std::shared_ptr<const text::TimeZone>> zone(std::string_view name);

  /// What fail and required have to say.
  enum class Complaint : unsigned char { fail, missing, empty };
  /// `helm lint`: true when they don't fail, and the message has been told elsewhere.
  virtual bool tolerates(Complaint /*complaint*/, std::string_view /*message*/) { return false; }
  /// getHostByName; empty unless a look-up in the DNS is allowed.
  virtual base::Result<std::string> host_address(std::string_view name);

 private:
  Entropy& entropy_;
  const text::ZoneLoader& zones_;
  std::shared_ptr<const text::TimeZone> local_;
};

/// Reads the machine's tz database (/usr/share/zoneinfo); "Local" is what TZ names, else
/// /etc/localtime. Errors: NotFound.
base::Result<std::string> read_system_zone(std::string_view name);

}  // namespace tiphys::sprig
