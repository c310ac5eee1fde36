#include "cli/lint_flags.hpp"

namespace tiphys::cli {

using base::Code;
using base::Error;
using base::Result;

Result<LintFlags> parse_lint_flags(std::span<const std::string> args) {
  LintFlags flags;
  FlagTable table;
  add_chart_flags(table, flags);
  table.bools.insert(table.bools.end(), {{"strict", &flags.strict},
                                         {"with-subcharts", &flags.with_subcharts},
                                         {"quiet", &flags.quiet}});
  TRY_ASSIGN(flags.arguments, read_flags(args, table));
  if (!flags.arguments.empty()) return flags;
  if (flags.profile != helm::Profile::v3_21)
    return Error(Code::Invalid,
                 "\"helm lint\" requires at least 1 argument\n\nUsage:  helm lint PATH [flags]");
  flags.arguments.emplace_back(".");
  return flags;
}

}  // namespace tiphys::cli
