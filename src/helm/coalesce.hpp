#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/chart.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/value/value.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace tiphys::helm {

/// Coalescing removes keys whose value is null; merging keeps them for a later coalescing.
enum class Nulls : unsigned char { remove, keep };

/// What log.Printf gets; "coalesce.go:LINE: " of Helm 3 included by the caller.
struct Warner {
  std::function<void(std::string_view)> sink;
  Profile profile;
  /// `line`: of coalesce.go in Helm 3, which prints it.
  void warn(int line, const std::string& text) const;
};

/// The chart's defaults and those of its subcharts under `values`, which win. Works on a copy of
/// `values`. The maps of globals are shared between charts exactly as Helm shares them. Errors:
/// Invalid "type mismatch on X: %!t(...)".
base::Result<value::Value> coalesce_values(const Chart& chart, const value::Value& values,
                                           Nulls nulls, const Warner& warner);

/// src under dst (dst wins); both are written to and become entangled.
void merge_tables(value::Value& dst, value::Value& src, std::string_view prefix, Nulls nulls,
                  const Warner& warner);

}  // namespace tiphys::helm
