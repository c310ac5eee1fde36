#include "commands.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

int main(int argc, char** argv) {
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

  CLI11_PARSE(app, argc, argv);
  return code;
}
