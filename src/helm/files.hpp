#pragma once

#include "tiphys/helm/chart.hpp"
#include "tiphys/value/value.hpp"

#include <memory>

namespace tiphys::helm {

/// `.Files` over a chart's files, which it keeps alive.
value::Value files_value(std::shared_ptr<const ChartFiles> content);

}  // namespace tiphys::helm
