#include "helm/chart_object.hpp"

#include "tiphys/gotmpl/native.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace tiphys::helm {

using value::GoType;
using value::List;
using value::Map;
using value::Value;

namespace {

using Fields = std::vector<std::pair<std::string_view, Value>>;
using JsonFields = std::vector<std::pair<std::string, Value>>;

List texts(const std::vector<std::string>& from) {
  List out;
  for (const std::string& text : from) out.emplace_back(text);
  return out;
}

Value string_table(const std::map<std::string, std::string>& from) {
  Map map;
  for (const auto& [key, text] : from) map.set(key, Value(text));
  const GoType type = map.empty() ? GoType::nil_string_map : GoType::string_map;
  return Value(std::move(map)).as(type);
}

Fields maintainer_fields(const Maintainer& from) {
  return {{"Name", Value(from.name)}, {"Email", Value(from.email)}, {"URL", Value(from.url)}};
}

Fields dependency_fields(const Dependency& from) {
  return {{"Name", Value(from.name)},
          {"Version", Value(from.version)},
          {"Repository", Value(from.repository)},
          {"Condition", Value(from.condition)},
          {"Tags", Value(texts(from.tags))},
          {"Enabled", Value(from.enabled)},
          {"ImportValues", Value(from.import_values)},
          {"Alias", Value(from.alias)}};
}

Value as_map(const Fields& fields) { return Value(Map::from({fields.begin(), fields.end()})); }

/// All of Metadata but its lists of structs, in declared order.
Fields plain_fields(const Metadata& from, bool typed) {
  const auto strings = [typed](const std::vector<std::string>& list) {
    if (!typed) return Value(texts(list));
    return Value(texts(list)).as(list.empty() ? GoType::nil_strings : GoType::strings);
  };
  return {{"Name", Value(from.name)},
          {"Home", Value(from.home)},
          {"Sources", strings(from.sources)},
          {"Version", Value(from.version)},
          {"Description", Value(from.description)},
          {"Keywords", strings(from.keywords)},
          {"Icon", Value(from.icon)},
          {"APIVersion", Value(from.api_version)},
          {"Condition", Value(from.condition)},
          {"Tags", Value(from.tags)},
          {"AppVersion", Value(from.app_version)},
          {"Deprecated", Value(from.deprecated)},
          {"Annotations", string_table(from.annotations)},
          {"KubeVersion", Value(from.kube_version)},
          {"Type", Value(from.type)}};
}

bool is_zero(const Value& value) {
  return value.is_null() || (value.is_string() && value.string().empty()) ||
         (value.is_bool() && !value.boolean()) ||
         ((value.is_list() || value.is_map()) && value.size() == 0);
}

void add_json(JsonFields& json, std::string_view key, const Value& member) {
  if (!is_zero(member)) json.emplace_back(key, member);
}

/// What Helm 3's structs inside `.Chart` are.
class Struct : public gotmpl::NativeObject {
 public:
  Struct(std::string_view type, Shape shape, Fields fields, JsonFields json)
      : type_(type), shape_(shape), fields_(std::move(fields)), json_(std::move(json)) {}
  std::string_view go_type() const override { return type_; }
  Shape shape() const override { return shape_; }
  Fields fields() const override { return fields_; }
  std::optional<JsonFields> json_fields() const override { return json_; }

 private:
  std::string_view type_;
  Shape shape_;
  Fields fields_;
  JsonFields json_;
};

Value native(std::shared_ptr<const value::Native> object) { return Value(std::move(object)); }

Value maintainer_struct(const Maintainer& from) {
  JsonFields json;
  add_json(json, "name", Value(from.name));
  add_json(json, "email", Value(from.email));
  add_json(json, "url", Value(from.url));
  return native(std::make_shared<Struct>("*chart.Maintainer", gotmpl::NativeObject::Shape::pointer,
                                         maintainer_fields(from), std::move(json)));
}

Value dependency_struct(const Dependency& from) {
  JsonFields json = {{"name", Value(from.name)}};
  add_json(json, "version", Value(from.version));
  json.emplace_back("repository", Value(from.repository));
  add_json(json, "condition", Value(from.condition));
  add_json(json, "tags", Value(texts(from.tags)));
  add_json(json, "enabled", Value(from.enabled));
  add_json(json, "import-values", Value(from.import_values));
  add_json(json, "alias", Value(from.alias));
  return native(std::make_shared<Struct>("*chart.Dependency", gotmpl::NativeObject::Shape::pointer,
                                         dependency_fields(from), std::move(json)));
}

/// Metadata's members as Go declares and encoding/json names them.
constexpr std::pair<std::string_view, std::string_view> kMembers[] = {
    {"Name", "name"},
    {"Home", "home"},
    {"Sources", "sources"},
    {"Version", "version"},
    {"Description", "description"},
    {"Keywords", "keywords"},
    {"Maintainers", "maintainers"},
    {"Icon", "icon"},
    {"APIVersion", "apiVersion"},
    {"Condition", "condition"},
    {"Tags", "tags"},
    {"AppVersion", "appVersion"},
    {"Deprecated", "deprecated"},
    {"Annotations", "annotations"},
    {"KubeVersion", "kubeVersion"},
    {"Dependencies", "dependencies"},
    {"Type", "type"},
};

/// struct { chart.Metadata; IsRoot bool }: the embedded members are found as its own.
class ChartStruct final : public Struct {
 public:
  ChartStruct(Fields metadata, const JsonFields& json, bool root)
      : Struct("struct { chart.Metadata; IsRoot bool }", Shape::structure,
               {{"Metadata", native(std::make_shared<Struct>("chart.Metadata", Shape::structure,
                                                             metadata, json))},
                {"IsRoot", Value(root)}},
               with_root(json, root)),
        metadata_(std::move(metadata)) {}
  std::optional<Value> field(std::string_view name) const override {
    for (const auto& [member, held] : metadata_)
      if (member == name) return held;
    return Struct::field(name);
  }

 private:
  static JsonFields with_root(JsonFields json, bool root) {
    json.emplace_back("IsRoot", Value(root));
    return json;
  }
  Fields metadata_;
};

Value chart_struct(const Chart& chart) {
  List maintainers;
  for (const Maintainer& item : chart.metadata.maintainers)
    maintainers.push_back(maintainer_struct(item));
  List dependencies;
  for (const auto& item : chart.metadata.dependencies)
    dependencies.push_back(dependency_struct(*item));
  Fields known = plain_fields(chart.metadata, true);
  known.emplace_back("Maintainers", Value(std::move(maintainers)));
  known.emplace_back("Dependencies", Value(std::move(dependencies)));
  Fields fields;
  JsonFields json;
  for (const auto& [name, key] : kMembers) {
    const auto found = std::ranges::find(known, name, [](const auto& item) { return item.first; });
    fields.emplace_back(name, found->second);
    add_json(json, key, found->second);
  }
  return native(std::make_shared<ChartStruct>(std::move(fields), json, chart.is_root()));
}

}  // namespace

Value chart_object(const Chart& chart, Profile profile) {
  if (profile == Profile::v3_21) return chart_struct(chart);
  Value out = as_map(plain_fields(chart.metadata, false));
  List maintainers;
  for (const Maintainer& item : chart.metadata.maintainers)
    maintainers.push_back(as_map(maintainer_fields(item)));
  List dependencies;
  for (const auto& item : chart.metadata.dependencies)
    dependencies.push_back(as_map(dependency_fields(*item)));
  out.map().set("Maintainers", Value(std::move(maintainers)));
  out.map().set("Dependencies", Value(std::move(dependencies)));
  out.map().set("IsRoot", Value(chart.is_root()));
  return out;
}

}  // namespace tiphys::helm
