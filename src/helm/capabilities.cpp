#include "helm/capabilities.hpp"

#include "tiphys/gotmpl/native.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using gotmpl::Call;
using gotmpl::Function;
using gotmpl::NativeObject;
using value::GoType;
using value::List;
using value::Value;

namespace {

using Fields = std::vector<std::pair<std::string_view, Value>>;
using JsonFields = std::vector<std::pair<std::string, Value>>;

class VersionObject final : public NativeObject {
 public:
  VersionObject(Profile profile, KubeVersion version)
      : profile_(profile), version_(std::move(version)) {}

  std::string_view go_type() const override {
    return profile_ == Profile::v3_21 ? "chartutil.KubeVersion" : "common.KubeVersion";
  }
  const Function* method(std::string_view name) const override;
  Fields fields() const override {
    Fields out = {{"Version", Value(version_.version)}};
    if (profile_ != Profile::v3_21)
      out.emplace_back("normalizedVersion", Value(version_.normalized));
    out.emplace_back("Major", Value(version_.major));
    out.emplace_back("Minor", Value(version_.minor));
    return out;
  }
  std::optional<Value> field(std::string_view name) const override {
    if (name == "Version") return Value(version_.version);
    if (name == "Major") return Value(version_.major);
    if (name == "Minor") return Value(version_.minor);
    return std::nullopt;
  }
  std::optional<std::string> pointer_text() const override { return shown(); }
  std::optional<JsonFields> json_fields() const override {
    return JsonFields{{"Version", Value(version_.version)},
                      {"Major", Value(version_.major)},
                      {"Minor", Value(version_.minor)}};
  }
  std::string shown() const {
    return profile_ == Profile::v3_21 ? version_.version : version_.normalized;
  }
  const std::string& git_version() const { return version_.version; }

 private:
  Profile profile_;
  KubeVersion version_;
};

const Function* VersionObject::method(std::string_view name) const {
  static constexpr std::array<Function, 2> kMethods = {{
      {"String", "",
       [](Call& call) -> Result<Value> {
         return Value(static_cast<const VersionObject*>(call.receiver)->shown());
       }},
      {"GitVersion", "",
       [](Call& call) -> Result<Value> {
         return Value(static_cast<const VersionObject*>(call.receiver)->git_version());
       }},
  }};
  for (const Function& row : kMethods)
    if (row.name == name) return &row;
  return nullptr;
}

class VersionSet final : public NativeObject {
 public:
  VersionSet(Profile profile, std::vector<std::string> versions)
      : profile_(profile), versions_(std::move(versions)) {
    for (const std::string& version : versions_) list_.emplace_back(version);
  }
  std::string_view go_type() const override {
    return profile_ == Profile::v3_21 ? "chartutil.VersionSet" : "common.VersionSet";
  }
  Shape shape() const override { return Shape::slice; }
  Value underlying() const override { return Value(list_).as(GoType::strings); }
  std::optional<Value> tree() const override { return Value(list_); }
  bool truth() const override { return !versions_.empty(); }
  const Function* method(std::string_view name) const override {
    static constexpr Function kHas = {"Has", "string", [](Call& call) -> Result<Value> {
                                        const auto& set =
                                            *static_cast<const VersionSet*>(call.receiver);
                                        return Value(set.has(call.args[0].string()));
                                      }};
    return name == "Has" ? &kHas : nullptr;
  }
  bool has(std::string_view version) const {
    return std::ranges::find(versions_, version) != versions_.end();
  }

 private:
  Profile profile_;
  std::vector<std::string> versions_;
  List list_;
};

class BuildInfo final : public NativeObject {
 public:
  explicit BuildInfo(Profile profile) : profile_(profile) {}
  std::string_view go_type() const override { return "version.BuildInfo"; }
  Fields fields() const override {
    Fields out = {{"Version", Value(version())},
                  {"GitCommit", Value("")},
                  {"GitTreeState", Value("clean")},
                  {"GoVersion", Value("go1.26.8")}};
    if (profile_ != Profile::v3_21) out.emplace_back("KubeClientVersion", Value("v1.36"));
    return out;
  }
  std::optional<JsonFields> json_fields() const override {
    JsonFields out = {{"version", Value(version())},
                      {"git_tree_state", Value("clean")},
                      {"go_version", Value("go1.26.8")}};
    if (profile_ != Profile::v3_21) out.emplace_back("kube_client_version", Value("v1.36"));
    return out;
  }

 private:
  std::string version() const { return profile_ == Profile::v3_21 ? "v3.21.4" : "v4.2.4"; }
  Profile profile_;
};

class Capabilities final : public NativeObject {
 public:
  Capabilities(Profile profile, const KubeVersion& version, std::vector<std::string> api_versions)
      : profile_(profile),
        kube_(std::make_shared<VersionObject>(profile, version)),
        apis_(std::make_shared<VersionSet>(profile, std::move(api_versions))),
        helm_(std::make_shared<BuildInfo>(profile)) {}
  std::string_view go_type() const override {
    return profile_ == Profile::v3_21 ? "*chartutil.Capabilities" : "*common.Capabilities";
  }
  Shape shape() const override { return Shape::pointer; }
  Fields fields() const override {
    return {{"KubeVersion", Value(kube_)},
            {"APIVersions", Value(apis_)},
            {"HelmVersion", Value(helm_)}};
  }
  std::optional<JsonFields> json_fields() const override {
    return JsonFields{{"KubeVersion", Value(kube_)},
                      {"APIVersions", Value(apis_)},
                      {"HelmVersion", Value(helm_)}};
  }

 private:
  Profile profile_;
  std::shared_ptr<const value::Native> kube_;
  std::shared_ptr<const value::Native> apis_;
  std::shared_ptr<const value::Native> helm_;
};

constexpr std::array kApiVersions = {
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha2",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

KubeVersion default_kube_version() { return {"v1.36.0", "v1.36.0", "1", "36"}; }

std::vector<std::string> default_api_versions() {
  return {kApiVersions.begin(), kApiVersions.end()};
}

Result<KubeVersion> parse_kube_version(std::string_view text, Profile profile) {
  const auto bad = [&](std::string_view why) {
    return Error(Code::Invalid, fmt::format("invalid kube version '{}': {}", text, why));
  };
  std::size_t at = text.find_first_not_of(" \t\r\n\f");
  if (at == std::string_view::npos) at = text.size();
  if (at < text.size() && text[at] == 'v') ++at;
  const std::size_t start = at;
  std::vector<std::uint64_t> numbers;
  while (at < text.size() && is_digit(text[at])) {
    std::uint64_t number = 0;
    const std::size_t first = at;
    for (; at < text.size() && is_digit(text[at]); ++at) {
      if (at - first > 18) return bad(fmt::format("illegal version string \"{}\"", text));
      number = number * 10 + static_cast<std::uint64_t>(text[at] - '0');
    }
    if (at - first > 1 && text[first] == '0')
      return bad(fmt::format("illegal zero-prefixed version component \"{}\" in \"{}\"",
                             text.substr(first, at - first), text));
    numbers.push_back(number);
    if (at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1]))
      ++at;
    else
      break;
  }
  if (at == start) return bad(fmt::format("could not parse \"{}\" as version", text));
  if (numbers.size() < 2) return bad(fmt::format("illegal version string \"{}\"", text));
  std::string plain = "v";
  for (std::size_t i = 0; i < numbers.size(); ++i)
    plain += fmt::format("{}{}", i == 0 ? "" : ".", numbers[i]);
  KubeVersion out{plain, plain, std::to_string(numbers[0]), std::to_string(numbers[1])};
  if (profile != Profile::v3_21)
    out.version = text.starts_with('v') ? std::string(text) : fmt::format("v{}", text);
  return out;
}

Value capabilities_value(Profile profile, const KubeVersion& version,
                         std::vector<std::string> api_versions) {
  return Value(std::static_pointer_cast<const value::Native>(
      std::make_shared<Capabilities>(profile, version, std::move(api_versions))));
}

}  // namespace tiphys::helm
