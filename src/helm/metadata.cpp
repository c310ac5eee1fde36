#include "tiphys/helm/metadata.hpp"

#include "helm/go_decode.hpp"
#include "helm/text.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/text/semver.hpp"
#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using value::Value;

namespace {

/// Reads the fields of one struct; the first mistake is kept, as json does.
class Fields {
 public:
  Fields(const Value& map, std::string_view type, std::string_view package)
      : map_(map), type_(type), package_(package) {}

  void text(std::string_view key, std::string& out) {
    const Value* found = find_field(map_, key);
    if (found == nullptr || found->is_null()) return;
    keep(coerce_string(*found, where(key, "string")), out);
  }
  void flag(std::string_view key, bool& out) {
    const Value* found = find_field(map_, key);
    if (found == nullptr || found->is_null()) return;
    if (found->is_bool())
      out = found->boolean();
    else
      fail(cannot_unmarshal(*found, where(key, "bool")));
  }
  void texts(std::string_view key, std::vector<std::string>& out) {
    const Value* found = find_field(map_, key);
    if (found == nullptr || found->is_null()) return;
    if (!found->is_list()) return fail(cannot_unmarshal(*found, where(key, "[]string")));
    out.clear();
    for (const Value& item : found->list())
      keep(coerce_string(item, where(key, "string")), out.emplace_back());
  }
  void table(std::string_view key, std::map<std::string, std::string>& out) {
    const Value* found = find_field(map_, key);
    if (found == nullptr || found->is_null()) return;
    if (!found->is_map()) return fail(cannot_unmarshal(*found, where(key, "map[string]string")));
    for (const auto& [name, item] : found->map())
      keep(coerce_string(item, where(key, "string")), out[name]);
  }
  /// The items of a list of structs; nullptr when the key is absent.
  const value::List* structs(std::string_view key, std::string_view type) {
    const Value* found = find_field(map_, key);
    if (found == nullptr || found->is_null()) return nullptr;
    if (!found->is_list()) {
      fail(cannot_unmarshal(*found, where(key, fmt::format("[]*{}.{}", package_, type))));
      return nullptr;
    }
    for (const Value& item : found->list())
      if (!item.is_map() && !item.is_null())
        fail(cannot_unmarshal(item, where(key, fmt::format("{}.{}", package_, type))));
    return &found->list();
  }
  void fail(Error error) {
    if (status_.ok()) status_ = std::move(error);
  }
  Status take() { return std::move(status_); }

 private:
  std::string where(std::string_view key, std::string_view type) const {
    return fmt::format("Go struct field {}.{} of type {}", type_, key, type);
  }
  void keep(Result<std::string> text, std::string& out) {
    if (text.ok())
      out = *std::move(text);
    else
      fail(std::move(text).error());
  }

  const Value& map_;
  std::string type_;
  std::string_view package_;
  Status status_;
};

std::string_view package_of(Profile profile) { return profile == Profile::v3_21 ? "chart" : "v2"; }

Status read_dependency(const Value& item, Dependency& out) {
  Fields fields(item, "Dependency.dependencies", "");
  fields.text("name", out.name);
  fields.text("version", out.version);
  fields.text("repository", out.repository);
  fields.text("condition", out.condition);
  fields.texts("tags", out.tags);
  fields.flag("enabled", out.enabled);
  fields.text("alias", out.alias);
  if (const Value* imports = find_field(item, "import-values"); imports && !imports->is_null()) {
    if (imports->is_list())
      out.import_values = imports->list();
    else
      fields.fail(cannot_unmarshal(
          *imports,
          "Go struct field Dependency.dependencies.import-values of type []interface {}"));
  }
  return fields.take();
}

Status read_dependencies(Fields& fields, Metadata& out) {
  const value::List* items = fields.structs("dependencies", "Dependency");
  if (items == nullptr) return {};
  out.has_dependencies = true;
  out.dependencies.clear();
  for (const Value& item : *items) {
    if (item.is_null()) {
      out.dependencies.emplace_back();
      continue;
    }
    TRY(read_dependency(item, *out.dependencies.emplace_back(std::make_shared<Dependency>())));
  }
  return {};
}

void sanitize(std::string& text) {
  std::string clean;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t rune = next_rune(text, at);
    if (is_space(rune))
      clean += ' ';
    else if (rune == 0xfffd)
      clean += "\xef\xbf\xbd";
    else if (gotmpl::is_print(rune))
      clean.append(text, start, at - start);
  }
  text = std::move(clean);
}

Error invalid(std::string_view message) {
  return Error(Code::Invalid, fmt::format("validation: {}", message));
}

/// filepath.Base(name) == name?
bool is_base_name(std::string_view name) { return name == "/" || !name.contains('/'); }

bool alias_ok(std::string_view alias) {
  return std::ranges::all_of(alias, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

Status validate_dependencies(Metadata& metadata) {
  std::set<std::string> names;
  for (const auto& shared : metadata.dependencies) {
    if (shared == nullptr) return invalid("dependencies must not contain empty or null nodes");
    Dependency& dependency = *shared;
    for (std::string* text :
         {&dependency.name, &dependency.version, &dependency.repository, &dependency.condition})
      sanitize(*text);
    for (std::string& tag : dependency.tags) sanitize(tag);
    if (!alias_ok(dependency.alias))
      return invalid(fmt::format("dependency {} has disallowed characters in the alias",
                                 gotmpl::quote(dependency.name)));
    const std::string& key = dependency.alias.empty() ? dependency.name : dependency.alias;
    if (!names.insert(key).second)
      return invalid(
          fmt::format("more than one dependency with name or alias {}", gotmpl::quote(key)));
  }
  return {};
}

}  // namespace

Metadata Metadata::clone() const {
  Metadata copy = *this;
  for (auto& dependency : copy.dependencies) dependency = std::make_shared<Dependency>(*dependency);
  return copy;
}

Result<Metadata> parse_metadata(std::string_view yaml, Profile profile) {
  TRY_ASSIGN(const Value tree, decode_yaml(yaml, false));
  Metadata out;
  if (tree.is_null()) return out;
  if (!tree.is_map())
    return cannot_unmarshal(tree, fmt::format("Go value of type {}.Metadata", package_of(profile)));
  Fields fields(tree, "Metadata", package_of(profile));
  fields.text("name", out.name);
  fields.text("home", out.home);
  fields.texts("sources", out.sources);
  fields.text("version", out.version);
  fields.text("description", out.description);
  fields.texts("keywords", out.keywords);
  fields.text("icon", out.icon);
  fields.text("apiVersion", out.api_version);
  fields.text("condition", out.condition);
  fields.text("tags", out.tags);
  fields.text("appVersion", out.app_version);
  fields.flag("deprecated", out.deprecated);
  fields.table("annotations", out.annotations);
  fields.text("kubeVersion", out.kube_version);
  fields.text("type", out.type);
  if (const value::List* items = fields.structs("maintainers", "Maintainer")) {
    for (const Value& item : *items) {
      Fields person(item, "Maintainer.maintainers", "");
      Maintainer& maintainer = out.maintainers.emplace_back();
      maintainer.is_null = item.is_null();
      person.text("name", maintainer.name);
      person.text("email", maintainer.email);
      person.text("url", maintainer.url);
      TRY(person.take());
    }
  }
  TRY(read_dependencies(fields, out));
  TRY(fields.take());
  return out;
}

namespace {

constexpr std::string_view kTopKeys[] = {
    "name",        "home",        "sources",     "version",      "description", "keywords",
    "maintainers", "icon",        "apiVersion",  "condition",    "tags",        "appVersion",
    "deprecated",  "annotations", "kubeVersion", "dependencies", "type"};
constexpr std::string_view kMaintainerKeys[] = {"name", "email", "url"};
constexpr std::string_view kDependencyKeys[] = {"name", "version", "repository",    "condition",
                                                "tags", "enabled", "import-values", "alias"};

bool is_known(std::span<const std::string_view> keys, std::string_view key) {
  return std::ranges::any_of(keys,
                             [&](std::string_view known) { return equal_fold_ascii(known, key); });
}

Status check_keys(const Value& map, std::span<const std::string_view> known) {
  for (const auto& [key, member] : map.entries()) {
    if (!is_known(known, key))
      return Error(Code::Invalid,
                   "error unmarshaling JSON: while decoding JSON: json: unknown field " +
                       gotmpl::quote(key));
    const bool maintainers = equal_fold_ascii(key, "maintainers");
    if (known.data() != std::begin(kTopKeys) || !member.is_list() ||
        (!maintainers && !equal_fold_ascii(key, "dependencies")))
      continue;
    for (const Value& item : member.list())
      TRY(check_keys(item, maintainers ? std::span<const std::string_view>(kMaintainerKeys)
                                       : std::span<const std::string_view>(kDependencyKeys)));
  }
  return {};
}

}  // namespace

Status check_metadata_keys(std::string_view yaml) {
  value::YamlOptions options;
  options.duplicate_keys = value::DuplicateKeys::refuse;
  TRY_ASSIGN(const Value tree, value::parse_yaml(yaml, options));
  return check_keys(tree, kTopKeys);
}

Status parse_requirements(std::string_view yaml, Metadata& metadata, Profile profile) {
  TRY_ASSIGN(const Value tree, decode_yaml(yaml, false));
  if (tree.is_null()) return {};
  if (!tree.is_map())
    return cannot_unmarshal(tree, fmt::format("Go value of type {}.Metadata", package_of(profile)));
  Fields fields(tree, "Metadata", package_of(profile));
  TRY(read_dependencies(fields, metadata));
  return fields.take();
}

Status validate(Metadata& metadata) {
  for (std::string* text :
       {&metadata.name, &metadata.description, &metadata.home, &metadata.icon, &metadata.condition,
        &metadata.tags, &metadata.app_version, &metadata.kube_version})
    sanitize(*text);
  for (std::string& text : metadata.sources) sanitize(text);
  for (std::string& text : metadata.keywords) sanitize(text);
  if (metadata.api_version.empty()) return invalid("chart.metadata.apiVersion is required");
  if (metadata.name.empty()) return invalid("chart.metadata.name is required");
  const std::string quoted = gotmpl::quote(metadata.name);
  if (metadata.name == "." || metadata.name == "..")
    return invalid(fmt::format("chart.metadata.name {} is not allowed", quoted));
  if (!is_base_name(metadata.name))
    return invalid(fmt::format("chart.metadata.name {} is invalid", quoted));
  if (metadata.version.empty()) return invalid("chart.metadata.version is required");
  if (!text::parse_version(metadata.version).ok())
    return invalid(
        fmt::format("chart.metadata.version {} is invalid", gotmpl::quote(metadata.version)));
  if (!metadata.type.empty() && metadata.type != "application" && metadata.type != "library")
    return invalid("chart.metadata.type must be application or library");
  for (Maintainer& maintainer : metadata.maintainers) {
    if (maintainer.is_null) return invalid("maintainers must not contain empty or null nodes");
    for (std::string* text : {&maintainer.name, &maintainer.email, &maintainer.url})
      sanitize(*text);
  }
  return validate_dependencies(metadata);
}

}  // namespace tiphys::helm
