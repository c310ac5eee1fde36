#pragma once

#include "helm/schema_document.hpp"

#include "tiphys/base/result.hpp"

namespace tiphys::helm {

/// What Helm finds when it compiles a schema that its metaschema allows: does each $ref lead to a
/// schema, is each expression one? Errors: Invalid with the words of santhosh-tekuri/jsonschema v6;
/// Unimplemented for a $ref to another document.
base::Status check_references(const SchemaDocument& document);

}  // namespace tiphys::helm
