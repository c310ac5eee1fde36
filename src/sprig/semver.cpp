#include "tiphys/text/semver.hpp"

#include "sprig/internal.hpp"
#include "sprig/natives.hpp"

#include "tiphys/gotmpl/native.hpp"
#include "tiphys/gotmpl/print.hpp"

#include <algorithm>
#include <array>

namespace tiphys::sprig {
namespace {

enum class Held : std::uint8_t { value, pointer };

class VersionObject final : public gotmpl::NativeObject {
 public:
  VersionObject(text::Version version, Held held) : version(std::move(version)), held_(held) {}
  std::string_view go_type() const override {
    return held_ == Held::pointer ? "*semver.Version" : "semver.Version";
  }
  Shape shape() const override {
    return held_ == Held::pointer ? Shape::pointer : Shape::structure;
  }
  std::optional<std::string> text() const override { return version.text(); }
  std::optional<Value> tree() const override { return Value(version.text()); }
  const gotmpl::Function* method(std::string_view name) const override;

  text::Version version;

 private:
  Held held_;
};

Value hold(text::Version version, Held held) {
  return Value(std::make_shared<VersionObject>(std::move(version), held));
}

const text::Version& self(const Call& call) {
  return static_cast<const VersionObject*>(call.receiver)->version;
}

int compared(const Call& call) {
  const auto* other = dynamic_cast<const VersionObject*>(gotmpl::native_object(call.args[0]));
  return other == nullptr ? 1 : text::compare(self(call), other->version);
}

Value number(std::uint64_t n) { return Value(static_cast<std::int64_t>(n)).as(GoType::u64); }

constexpr std::string_view kPointer = "*semver.Version";

constexpr auto kMethods = std::to_array<Function>({
    {"Major", "", [](Call& c) -> Answer { return number(self(c).major); }},
    {"Minor", "", [](Call& c) -> Answer { return number(self(c).minor); }},
    {"Patch", "", [](Call& c) -> Answer { return number(self(c).patch); }},
    {"Prerelease", "", [](Call& c) -> Answer { return Value(self(c).prerelease); }},
    {"Metadata", "", [](Call& c) -> Answer { return Value(self(c).metadata); }},
    {"Original", "", [](Call& c) -> Answer { return Value(self(c).original); }},
    {"String", "", [](Call& c) -> Answer { return Value(self(c).text()); }},
    {"IncMajor", "", [](Call& c) -> Answer { return hold(self(c).inc_major(), Held::value); }},
    {"IncMinor", "", [](Call& c) -> Answer { return hold(self(c).inc_minor(), Held::value); }},
    {"IncPatch", "", [](Call& c) -> Answer { return hold(self(c).inc_patch(), Held::value); }},
    {"Compare", kPointer, [](Call& c) -> Answer { return go_int(compared(c)); }},
    {"Equal", kPointer, [](Call& c) -> Answer { return Value(compared(c) == 0); }},
    {"GreaterThan", kPointer, [](Call& c) -> Answer { return Value(compared(c) > 0); }},
    {"GreaterThanEqual", kPointer, [](Call& c) -> Answer { return Value(compared(c) >= 0); }},
    {"LessThan", kPointer, [](Call& c) -> Answer { return Value(compared(c) < 0); }},
    {"LessThanEqual", kPointer, [](Call& c) -> Answer { return Value(compared(c) <= 0); }},
});

const gotmpl::Function* VersionObject::method(std::string_view name) const {
  const auto row = std::ranges::find(kMethods, name, &Function::name);
  return row == kMethods.end() ? nullptr : &*row;
}

Answer semver(Call& call) {
  TRY_ASSIGN(text::Version version, text::parse_version(call.args[0].string()));
  return version_value(std::move(version));
}

/// Go quotes the constraint that it refuses; module text, a floor below the quoting, can't.
base::Error quoted(const base::Error& error) {
  constexpr std::string_view kStart = "improper constraint: \"";
  const std::string& message = error.message();
  if (!message.starts_with(kStart)) return error;
  const std::string_view constraint =
      std::string_view(message).substr(kStart.size(), message.size() - kStart.size() - 1);
  return failure("improper constraint: " + gotmpl::quote(constraint));
}

Answer semver_compare(Call& call) {
  const auto parsed = text::Constraints::parse(call.args[0].string());
  if (!parsed.ok()) return quoted(parsed.error());
  TRY_ASSIGN(const text::Version version, text::parse_version(call.args[1].string()));
  return Value(parsed->check(version));
}

constexpr auto kSemver = std::to_array<Function>({
    {"semver", "string", semver},
    {"semverCompare", "string, string", semver_compare},
});

}  // namespace

Value version_value(text::Version version) { return hold(std::move(version), Held::pointer); }

std::span<const Function> semver_functions() { return kSemver; }

}  // namespace tiphys::sprig
