#pragma once

#include "tiphys/source/source.hpp"

#include <map>
#include <string>
#include <string_view>

namespace tiphys::source {

/// The application's name as Argo CD's tools see it: "ns_name" outside the control namespace.
std::string instance_name(const RenderContext& context);

/// The ARGOCD_APP_* variables of argocd.md row 19.
class BuildEnv {
 public:
  BuildEnv(const ResolvedSource& source, const RenderContext& context);
  /// Go's os.Expand: $NAME and ${NAME}, unknown ones become empty, $$ is a dollar.
  std::string expand(std::string_view text) const;

 private:
  std::string value(std::string_view name) const;
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace tiphys::source
