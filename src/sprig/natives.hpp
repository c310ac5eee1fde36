#pragma once

#include "tiphys/text/go_date.hpp"
#include "tiphys/text/semver.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>
#include <string>

namespace tiphys::sprig {

/// time.Time, time.Duration, *semver.Version, sprig.certificate as template values.
value::Value time_value(text::GoTime time);
/// Time.Add.
text::GoTime time_plus(const text::GoTime& time, std::int64_t nanoseconds);
value::Value duration_value(std::int64_t nanoseconds);
value::Value version_value(text::Version version);
value::Value certificate_value(std::string cert, std::string key);

/// The object inside, nullptr when the value is something else.
const text::GoTime* as_time(const value::Value& value);
struct CertificatePair {
  std::string cert;
  std::string key;
};
const CertificatePair* as_certificate(const value::Value& value);

}  // namespace tiphys::sprig
