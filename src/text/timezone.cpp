#include "text/posix_tz.hpp"

#include "tiphys/text/go_date.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace tiphys::text {

namespace {

using base::Code;
using base::Error;
using base::Result;

/// Big-endian numbers of a TZif file; reading past the end leaves `bad` set.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::string_view take(std::size_t count) {
    if (count > rest_.size()) {
      bad_ = true;
      return {};
    }
    const std::string_view out = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return out;
  }
  std::int64_t number(std::size_t width) {
    std::uint64_t value = 0;
    const std::string_view bytes = take(width);
    for (const char c : bytes) value = value << 8U | static_cast<std::uint8_t>(c);
    if (width == 4) return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
    return static_cast<std::int64_t>(value);
  }
  bool bad() const { return bad_; }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool bad_ = false;
};

struct Counts {
  std::size_t utc, standard, leap, times, types, chars;

  std::size_t body(std::size_t width) const {
    return times * (width + 1) + types * 6 + chars + leap * (width + 4) + standard + utc;
  }
};

Counts read_counts(Reader& in) {
  const auto count = [&in] { return static_cast<std::size_t>(in.number(4)); };
  Counts c{};
  c.utc = count();
  c.standard = count();
  c.leap = count();
  c.times = count();
  c.types = count();
  c.chars = count();
  return c;
}

Error malformed() { return {Code::Invalid, "malformed time zone information"}; }

}  // namespace

std::shared_ptr<const TimeZone> TimeZone::fixed(std::string name, std::int32_t offset_seconds) {
  TimeZone zone;
  zone.locals_.push_back({.offset = offset_seconds, .abbreviation = name, .dst = false});
  zone.name_ = std::move(name);
  return std::make_shared<const TimeZone>(std::move(zone));
}

std::shared_ptr<const TimeZone> TimeZone::utc() {
  static const std::shared_ptr<const TimeZone> zone = fixed("UTC", 0);
  return zone;
}

Result<std::shared_ptr<const TimeZone>> TimeZone::from_tzif(std::string name,
                                                            std::string_view bytes) {
  constexpr std::size_t kPadding = 15;
  constexpr std::size_t kMaxBytes = std::size_t{1} << 20U;
  Reader in(bytes);
  if (bytes.size() > kMaxBytes || in.take(4) != "TZif") return malformed();
  const bool wide = in.take(1) >= "2";
  in.take(kPadding);
  Counts counts = read_counts(in);
  std::size_t width = 4;
  if (wide) {
    in.take(counts.body(4));
    in.take(4 + 1 + kPadding);
    counts = read_counts(in);
    width = 8;
  }
  if (in.bad() || counts.types == 0 || counts.body(width) > kMaxBytes) return malformed();
  TimeZone zone;
  zone.name_ = std::move(name);
  for (std::size_t i = 0; i < counts.times; ++i) zone.transitions_.push_back({in.number(width), 0});
  for (Transition& transition : zone.transitions_) {
    const std::string_view index = in.take(1);
    transition.local = index.empty() ? 0 : static_cast<std::uint8_t>(index[0]);
    if (transition.local >= counts.types) return malformed();
  }
  std::vector<std::size_t> names;
  for (std::size_t i = 0; i < counts.types; ++i) {
    Local local;
    local.offset = static_cast<std::int32_t>(in.number(4));
    local.dst = in.take(1) != std::string_view("\0", 1);
    const std::string_view index = in.take(1);
    names.push_back(index.empty() ? 0 : static_cast<std::uint8_t>(index[0]));
    zone.locals_.push_back(std::move(local));
  }
  const std::string_view chars = in.take(counts.chars);
  for (std::size_t i = 0; i < counts.types; ++i) {
    if (names[i] >= chars.size()) return malformed();
    const std::string_view text = chars.substr(names[i]);
    zone.locals_[i].abbreviation = text.substr(0, text.find('\0'));
  }
  in.take(counts.leap * (width + 4) + counts.standard + counts.utc);
  if (in.bad()) return malformed();
  const std::string_view footer = in.rest();
  if (wide && footer.size() > 2 && footer.front() == '\n')
    zone.rule_ = footer.substr(1, footer.find('\n', 1) - 1);
  return std::make_shared<const TimeZone>(std::move(zone));
}

TimeZone::Local TimeZone::at(std::int64_t unix_seconds) const {
  if (transitions_.empty() || unix_seconds < transitions_.front().when) {
    if (transitions_.empty() && !rule_.empty())
      if (const auto local = posix_local(rule_, unix_seconds)) return *local;
    // Go's lookupFirstZone: a first zone that no transition uses, else the first standard one.
    const bool used = std::any_of(transitions_.begin(), transitions_.end(),
                                  [](const Transition& t) { return t.local == 0; });
    if (!used) return locals_.front();
    if (locals_[transitions_.front().local].dst)
      for (std::size_t i = transitions_.front().local; i-- > 0;)
        if (!locals_[i].dst) return locals_[i];
    const auto standard =
        std::find_if(locals_.begin(), locals_.end(), [](const Local& local) { return !local.dst; });
    return standard != locals_.end() ? *standard : locals_.front();
  }
  const auto after = std::upper_bound(
      transitions_.begin(), transitions_.end(), unix_seconds,
      [](std::int64_t wanted, const Transition& transition) { return wanted < transition.when; });
  if (after == transitions_.end() && !rule_.empty())
    if (const auto local = posix_local(rule_, unix_seconds)) return *local;
  return locals_[std::prev(after)->local];
}

bool TimeZone::lookup_abbreviation(std::string_view name, std::int64_t unix_local,
                                   std::int32_t& offset) const {
  for (const Local& local : locals_) {
    if (local.abbreviation != name) continue;
    if (const Local then = at(unix_local - local.offset); then.abbreviation == name) {
      offset = then.offset;
      return true;
    }
  }
  for (const Local& local : locals_) {
    if (local.abbreviation != name) continue;
    offset = local.offset;
    return true;
  }
  return false;
}

Result<std::shared_ptr<const TimeZone>> load_zone(std::string_view name, const ZoneLoader& loader) {
  if (name.empty() || name == "UTC") return TimeZone::utc();
  if (name.find("..") != std::string_view::npos || name[0] == '/' || name[0] == '\\')
    return Error(Code::Invalid, "time: invalid location name");
  auto bytes = loader(name);
  if (!bytes.ok()) return Error(Code::NotFound, fmt::format("unknown time zone {}", name));
  return TimeZone::from_tzif(std::string(name), *bytes);
}

}  // namespace tiphys::text
