#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/chart.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/value/value.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace tiphys::helm {

struct Warner;
/// What was to say while the chart was loaded.
void print_warnings(const Chart& chart, const Warner& warner);

/// Coalescing removes keys whose value is null; merging keeps them for a later coalescing.
enum class Nulls : unsigned char { remove, keep };

/// Where Helm logs to while it loads and coalesces.
struct Warner {
  std::function<void(std::string_view)> sink;
  Profile profile;
  /// log.Printf in coalesce.go. `line`: of that file in Helm 3, which prints it.
  void warn(int line, const std::string& text) const { print("coalesce.go", line, text); }
  /// log.Printf in any file.
  void print(std::string_view file, int line, const std::string& text) const;
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
