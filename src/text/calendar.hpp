#pragma once

#include <cstdint>

namespace tiphys::text {

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar; months out of 1..12 are
/// carried.
std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day);
bool is_leap(std::int64_t year);
int days_in_month(std::int64_t year, int month);

}  // namespace tiphys::text
