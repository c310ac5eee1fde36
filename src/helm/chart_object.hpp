#pragma once

#include "tiphys/helm/chart.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/value/value.hpp"

namespace tiphys::helm {

/// `.Chart`: a map with Go's field names (4.2), or a struct that marshals with JSON's (3.21).
value::Value chart_object(const Chart& chart, Profile profile);

}  // namespace tiphys::helm
