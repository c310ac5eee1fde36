#include "tiphys/cli/template.hpp"

#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  std::vector<std::string> args(argv + 1, argv + argc);
  if (!args.empty() && args.front() == "template") args.erase(args.begin());
  return tiphys::cli::run_template(args, std::cout, std::cerr);
}
