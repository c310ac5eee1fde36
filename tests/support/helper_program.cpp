#include "support/helper_program.hpp"

#include "support/wait.hpp"

#include "tiphys/value/json.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tiphys::test {

namespace {

Command command_of(const std::string& script, std::vector<std::string> args,
                   const TempDir& folder) {
  Command command{.argv = {TIPHYS_PYTHON, "-B", TIPHYS_SOURCE_DIR "/tests/support/" + script}};
  command.argv.insert(command.argv.end(), args.begin(), args.end());
  command.log = folder.path() / "log";
  command.piped = true;
  return command;
}

}  // namespace

HelperProgram::HelperProgram(const std::string& script, std::vector<std::string> args)
    : process_(command_of(script, std::move(args), folder_)) {
  port_ = static_cast<int>(answer()["port"].integer_or(0));
}

value::Value HelperProgram::ask(const value::Value& order) {
  const auto line = value::write_json(order);
  if (!line.ok()) throw SupportError(line.error().text());
  process_.write_line(*line);
  return answer();
}

value::Value HelperProgram::answer() {
  const auto parsed = value::parse_json(process_.read_line());
  if (!parsed.ok()) throw SupportError(parsed.error().text());
  if (const auto error = (*parsed)["error"].text(); !error.empty())
    throw SupportError(std::string(error));
  return *parsed;
}

}  // namespace tiphys::test
