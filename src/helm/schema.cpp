#include "helm/schema.hpp"

#include "helm/metaschema.hpp"
#include "helm/schema_document.hpp"
#include "helm/schema_references.hpp"
#include "helm/schema_validator.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <fmt/format.h>

#include <optional>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Status;
using value::Value;

namespace {

void check_chart(const Chart& chart, const Value& values, Profile profile, std::string& out) {
  if (chart.content->schema) {
    const std::string text = schema_findings(values, *chart.content->schema);
    if (!text.empty()) out += fmt::format("{}:\n{}", chart.name(), text);
  }
  for (const auto& child : chart.dependencies) {
    const Value* own = values.map().find(child->name());
    if (own == nullptr || own->is_null()) continue;
    if (own->is_map())
      check_chart(*child, *own, profile, out);
    else
      out += fmt::format("{}:\ninvalid type for values: expected object (map), got {}\n",
                         child->name(), gotmpl::type_name(*own));
  }
}

}  // namespace

std::string schema_findings(const Value& values, const std::string& schema) {
  const auto document = SchemaDocument::parse(schema);
  if (!document.ok()) return document.error().text();
  if (std::string problem = metaschema_problem(document->root(), document->draft(), "");
      !problem.empty())
    return problem;
  if (const Status status = check_references(*document); !status.ok()) return status.error().text();
  const auto bad = SchemaValidator(*document).validate(values);
  return bad ? print_findings(*bad) + "\n" : "";
}

Status validate_values(const Chart& chart, const Value& values, Profile profile) {
  std::string findings;
  check_chart(chart, values, profile, findings);
  if (findings.empty()) return {};
  return Error(
      Code::Invalid,
      "values don't meet the specifications of the schema(s) in the following chart(s):\n" +
          findings);
}

}  // namespace tiphys::helm
