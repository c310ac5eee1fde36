#include "tiphys/sprig/functions.hpp"

#include "sprig/internal.hpp"

#include <array>

namespace tiphys::sprig {

std::span<const std::span<const gotmpl::Function>> families() {
  static const std::array<std::span<const Function>, 17> kFamilies = {
      string_functions(),  number_functions(),  list_functions(),        dict_functions(),
      default_functions(), reflect_functions(), date_functions(),        digest_functions(),
      random_functions(),  cipher_functions(),  certificate_functions(), regex_functions(),
      semver_functions(),  path_functions(),    url_functions(),         format_functions(),
      flow_functions()};
  return kFamilies;
}

void add_functions(gotmpl::FunctionTable& table) {
  for (const std::span<const Function> family : families()) table.add(family);
}

}  // namespace tiphys::sprig
