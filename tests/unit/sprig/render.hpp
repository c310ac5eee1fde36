#pragma once

#include "tiphys/gotmpl/run.hpp"
#include "tiphys/gotmpl/template.hpp"
#include "tiphys/sprig/entropy.hpp"
#include "tiphys/sprig/functions.hpp"
#include "tiphys/sprig/host.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace tiphys::sprig {

inline std::shared_ptr<const gotmpl::FunctionTable> table() {
  static const auto kTable = [] {
    auto made = std::make_shared<gotmpl::FunctionTable>();
    add_functions(*made);
    return std::shared_ptr<const gotmpl::FunctionTable>(std::move(made));
  }();
  return kTable;
}

/// Local time is UTC, whatever this machine says: the vectors were recorded so.
inline base::Result<std::string> read_zone(std::string_view name) {
  return read_system_zone(name == "Local" ? "UTC" : name);
}

/// Renders one text as template "t", as Helm would run it.
inline base::Result<std::string> render(std::string_view text, const value::Value& data,
                                        Entropy& entropy, const gotmpl::Budgets& budgets = {}) {
  static const text::ZoneLoader kZones = read_zone;
  gotmpl::TemplateSet templates(table());
  TRY(templates.parse("t", text));
  Host host(entropy, kZones);
  gotmpl::Run run(budgets, gotmpl::MissingKey::zero, &host);
  std::string out;
  TRY(run.execute(templates, "t", data, out));
  return out;
}

inline base::Result<std::string> render(std::string_view text, const value::Value& data = {}) {
  SystemSource source;
  FreshEntropy entropy(source);
  return render(text, data, entropy);
}

}  // namespace tiphys::sprig
