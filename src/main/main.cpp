#include "commands.hpp"

#include "tiphys/cli/lint.hpp"
#include "tiphys/cli/template.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string>
#include <string_view>
#include <vector>

int main(int argc, char** argv) {
  const std::string_view verb = argc > 1 ? argv[1] : "";
  if (verb == "template" || verb == "lint") {
    // Helm's flags have a grammar of their own: everything behind the verb is theirs.
    const std::vector<std::string> rest(argv + 2, argv + argc);
    if (verb == "lint") return tiphys::cli::run_lint(rest, std::cout, std::cerr);
    return tiphys::cli::run_template(rest, std::cout, std::cerr, tiphys::main::connect_cluster);
  }
  if (verb == "worker") tiphys::main::run_worker(argc > 2 ? argv[2] : "");
  CLI::App app{"Tiphys keeps Kubernetes clusters equal to Git."};
  app.require_subcommand(1);
  tiphys::main::Config config;
  int code = 0;

  auto* version = app.add_subcommand("version", "print the version");
  version->callback([] { std::cout << "tiphys " << TIPHYS_VERSION << "\n"; });

  auto* controller =
      app.add_subcommand("controller", "run the controller until it is told to stop");
  config.add_common(*controller);
  config.add_controller(*controller);
  controller->callback([&] {
    config.complete();
    code = tiphys::main::run_controller(config);
  });

  auto* check =
      app.add_subcommand("check", "look whether everything is there that the controller needs");
  config.add_common(*check);
  check->callback([&] {
    config.complete();
    code = tiphys::main::run_check(config);
  });

  app.add_subcommand("template", "render a chart and print it, as helm template does");
  app.add_subcommand("lint", "examine a chart, as helm lint does");

  CLI11_PARSE(app, argc, argv);
  return code;
}
