#include "tiphys/cli/lint.hpp"
#include "tiphys/cli/template.hpp"

#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  std::vector<std::string> args(argv + 1, argv + argc);
  const bool lint = !args.empty() && args.front() == "lint";
  if (lint || (!args.empty() && args.front() == "template")) args.erase(args.begin());
  if (lint) return tiphys::cli::run_lint(args, std::cout, std::cerr);
  return tiphys::cli::run_template(args, std::cout, std::cerr);
}
