#pragma once

#include "helm/schema_rules.hpp"

#include "tiphys/value/value.hpp"

#include <string>

namespace tiphys::helm {

/// How a schema breaks the metaschema of its draft, in the words of santhosh-tekuri/jsonschema v6;
/// "" for not at all. `place` is its JSON pointer in values.schema.json as a fragment of a URL has
/// it, "" for all of it. Any thread.
std::string metaschema_problem(const value::Value& schema, Draft draft, const std::string& place);

}  // namespace tiphys::helm
