#pragma once

#include "tiphys/gotmpl/template.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/sprig/host.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tiphys::helm {

/// What Helm's own functions know during one render.
class EngineHost final : public sprig::Host {
 public:
  EngineHost(Profile profile, Lookup* lookup, sprig::Entropy& entropy,
             const text::ZoneLoader& zones)
      : Host(entropy, zones), profile_(profile), lookup_(lookup) {}

  std::string_view named_type(const value::Value& value) const override;
  const gotmpl::Function* named_method(const value::Value& value,
                                       std::string_view name) const override;

  /// From now on fail and required tell `warn` and answer "", as under `helm lint`.
  void lint(const std::function<void(std::string_view)>& warn) { lint_ = &warn; }
  bool tolerates(Complaint complaint, std::string_view message) override;

  Lookup* lookup() const { return lookup_; }
  /// How deep an include of this name is, by reference.
  int& nesting(std::string_view name);
  /// A tpl text, parsed once a render. Errors: Go's.
  base::Result<std::shared_ptr<const gotmpl::ParsedFile>> parsed(
      std::string_view name, std::string_view text,
      const std::shared_ptr<const gotmpl::FunctionTable>& functions);

 private:
  Profile profile_;
  Lookup* lookup_;
  const std::function<void(std::string_view)>* lint_ = nullptr;
  std::map<std::string, int, std::less<>> nesting_;
  std::unordered_map<std::string, std::shared_ptr<const gotmpl::ParsedFile>> parsed_;
};

/// The functions of a profile, built once a process.
std::shared_ptr<const gotmpl::FunctionTable> function_table(Profile profile);

/// The text without "<no value>", as Helm erases it from every output.
void erase_no_value(std::string& text, std::size_t from = 0);

}  // namespace tiphys::helm
