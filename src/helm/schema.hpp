#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/chart.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/value/value.hpp"

#include <string>

namespace tiphys::helm {

/// Coalesced values against the values.schema.json of the chart and of its subcharts. Errors:
/// Invalid with Helm's text, one line a finding.
base::Status validate_values(const Chart& chart, const value::Value& values, Profile profile);

/// The findings of one schema as Helm prints them, "" for none.
std::string schema_findings(const value::Value& values, const std::string& schema);

}  // namespace tiphys::helm
