#pragma once

#include "tiphys/base/error.hpp"
#include "tiphys/k8s/object.hpp"

namespace tiphys::sync {

/// The API server quotes what it refuses. For a Secret: the same error with every value of the
/// object's data and stringData, plain and as base64, replaced; any other object's error unchanged.
base::Error without_secret_values(base::Error error, const k8s::Object& object);

}  // namespace tiphys::sync
