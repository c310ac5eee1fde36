#include "tiphys/api/names.hpp"
#include "tiphys/k8s/managed_fields.hpp"
#include "tiphys/sync/executor.hpp"

#include <algorithm>

namespace tiphys::sync {

namespace {

bool is_main(const value::Value& entry) { return entry["subresource"].text().empty(); }

k8s::FieldSet fields_of(const value::Value& entry) {
  auto fields = k8s::FieldSet::from_fields_v1(entry["fieldsV1"]);
  return fields.ok() ? *std::move(fields) : k8s::FieldSet();
}

}  // namespace

std::optional<value::Value> migrated_managed_fields(const k8s::Object& live,
                                                    const std::vector<std::string>& from) {
  k8s::FieldSet moved;
  bool any = false;
  value::Value ours;
  value::List kept;
  for (const auto& entry : live.metadata()["managedFields"].items()) {
    const bool update = entry["operation"].text() == "Update";
    const bool listed = std::ranges::find(from, entry["manager"].text()) != from.end();
    if (is_main(entry) && update && listed) {
      moved = moved.united(fields_of(entry));
      any = true;
      if (ours.is_null()) ours = entry.deep_copy();
    } else if (is_main(entry) && !update && entry["manager"].text() == api::kFieldManager) {
      moved = moved.united(fields_of(entry));
      ours = entry.deep_copy();
    } else {
      kept.push_back(entry);
    }
  }
  if (!any) return std::nullopt;
  ours.map().set("manager", value::Value(api::kFieldManager));
  ours.map().set("operation", value::Value("Apply"));
  ours.map().set("fieldsV1", moved.to_fields_v1());
  kept.push_back(std::move(ours));
  return value::Value(std::move(kept));
}

}  // namespace tiphys::sync
