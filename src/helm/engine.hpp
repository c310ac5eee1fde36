#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/chart.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/value/value.hpp"

#include <map>
#include <string>

namespace tiphys::helm {

enum class Strictness : unsigned char { fail, lint };

struct RenderScope {
  Profile profile;
  value::Value release;       ///< `.Release`
  value::Value capabilities;  ///< `.Capabilities`
  value::Value values;        ///< coalesced; templates write into it
  /// lint: fail and required only tell Environment::warn.
  Strictness strictness = Strictness::fail;
};

/// Parses and executes every template of the chart and its subcharts: path -> text, partials left
/// out. Errors: Invalid with Helm's text.
base::Result<std::map<std::string, std::string>> run_engine(const Chart& chart,
                                                            const RenderScope& scope,
                                                            Environment& environment);

/// The environment with the system in the places that were left empty.
Environment filled(const Environment& environment);

/// --name-template. Errors: Invalid with Go's text.
base::Result<std::string> render_name(const std::string& text, Environment& environment);

}  // namespace tiphys::helm
