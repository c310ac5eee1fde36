#include "helm/engine.hpp"

#include "helm/chart_object.hpp"
#include "helm/engine_error.hpp"
#include "helm/engine_host.hpp"
#include "helm/files.hpp"
#include "helm/parsed_templates.hpp"
#include "helm/text.hpp"
#include "helm/values.hpp"

#include <algorithm>
#include <vector>

namespace tiphys::helm {

using base::Result;
using base::Status;
using value::GoType;
using value::Map;
using value::Value;

namespace {

struct Template {
  std::string path;
  std::string base_path;
  std::ptrdiff_t depth = 0;
  const std::string* text = nullptr;
  ParsedTemplates* parsed = nullptr;
  Value scope;
};

/// Every template with the scope of its chart.
class Collector {
 public:
  explicit Collector(const RenderScope& scope) : scope_(scope) {}

  Value add(const Chart& chart, const Value& parent_values) {
    Value subcharts{Map()};
    Value values{Map()};
    if (chart.is_root())
      values = scope_.values;
    else if (const Value* own = table_at(parent_values, chart.name()))
      values = *own;
    Map scope;
    scope.set("Chart", chart_object(chart, scope_.profile));
    scope.set("Files", files_value(chart.content));
    scope.set("Release", scope_.release);
    scope.set("Capabilities", scope_.capabilities);
    scope.set("Values", values.as(GoType::named));
    scope.set("Subcharts", subcharts);
    const Value made(std::move(scope));
    for (const auto& child : chart.dependencies) {
      const Value inner = add(*child, values);
      subcharts.map().set(child->name(), inner);
    }
    const std::string path = chart.full_path();
    const std::string base_path = path + "/templates";
    const bool library = equal_fold_ascii(chart.metadata.type, "library");
    for (const File& file : chart.content->templates) {
      if (library && !base_name(file.name).starts_with('_')) continue;
      std::string name = path + "/" + file.name;
      const auto depth = std::ranges::count(name, '/');
      Template& added = templates_[name];
      added = {.path = std::move(name),
               .base_path = base_path,
               .depth = depth,
               .text = &file.data,
               .parsed = chart.content->parsed.get(),
               .scope = made};
    }
    return made;
  }

  /// Deepest first, within a depth from z to a.
  std::vector<const Template*> sorted() const {
    std::vector<const Template*> out;
    out.reserve(templates_.size());
    for (const auto& [path, item] : templates_) out.push_back(&item);
    std::ranges::sort(out, [](const Template* a, const Template* b) {
      return a->depth != b->depth ? a->depth > b->depth : a->path > b->path;
    });
    return out;
  }

 private:
  const RenderScope& scope_;
  std::map<std::string, Template> templates_;
};

}  // namespace

Result<std::map<std::string, std::string>> run_engine(const Chart& chart, const RenderScope& scope,
                                                      Environment& environment) {
  Collector collector(scope);
  collector.add(chart, scope.values);
  const std::vector<const Template*> templates = collector.sorted();
  gotmpl::TemplateSet set(function_table(scope.profile));
  set.set_root_name("gotpl");
  for (const Template* item : templates) {
    auto parsed = item->parsed->get(item->path, *item->text, set.functions());
    if (!parsed.ok()) return parse_error(item->path, parsed.error());
    set.add(*std::move(parsed));
  }
  EngineHost host(scope.profile, environment.lookup, *environment.entropy, *environment.zones);
  if (scope.strictness == Strictness::lint) host.lint(environment.warn);
  gotmpl::Run run(environment.budgets, gotmpl::MissingKey::zero, &host);
  std::map<std::string, std::string> rendered;
  for (const Template* item : templates) {
    if (base_name(item->path).starts_with('_')) continue;
    Map about;
    about.set("Name", Value(item->path));
    about.set("BasePath", Value(item->base_path));
    Value data = item->scope;
    data.map().set("Template", Value(std::move(about)).as(GoType::named));
    std::string& out = rendered[item->path];
    auto status = run.execute(set, item->path, data.as(GoType::named), out);
    if (!status.ok()) return exec_error(status.error(), scope.profile);
    erase_no_value(out);
  }
  return rendered;
}

Environment filled(const Environment& environment) {
  static sprig::SystemSource system;
  static sprig::FreshEntropy fresh(system);
  static const text::ZoneLoader kZones = sprig::read_system_zone;
  Environment out = environment;
  if (out.entropy == nullptr) out.entropy = &fresh;
  if (out.zones == nullptr) out.zones = &kZones;
  return out;
}

Result<std::string> render_name(const std::string& text, Environment& environment) {
  const auto functions = function_table(Profile::v4_2);
  auto table = std::make_shared<gotmpl::FunctionTable>(*functions);
  for (std::string_view const name :
       {"include", "tpl", "lookup", "required", "toYaml", "toYamlPretty", "mustToYaml", "fromYaml",
        "fromYamlArray", "fromJsonArray", "toToml", "mustToToml", "fromToml"})
    table->remove(name);
  gotmpl::TemplateSet set(table);
  auto parsed = set.parse("name-template", text);
  if (!parsed.ok()) return std::move(parsed).error();
  EngineHost host(Profile::v4_2, nullptr, *environment.entropy, *environment.zones);
  gotmpl::Run run(environment.budgets, gotmpl::MissingKey::invalid, &host);
  std::string out;
  auto status = run.execute(set, "name-template", Value(), out);
  if (!status.ok()) return base::Error(status.error().code(), without_marks(status.error().text()));
  return out;
}

}  // namespace tiphys::helm
