#pragma once

#include "support/process.hpp"

#include "tiphys/value/value.hpp"

#include <string>
#include <vector>

namespace tiphys::test {

/// A Python program of this folder that serves a port and takes orders: a JSON object a line on
/// stdin, one a line back on stdout; its first line tells the port. It ends with stdin.
class HelperProgram {
 public:
  HelperProgram(const std::string& script, std::vector<std::string> args);

  int port() const { return port_; }
  /// Sends an order and returns the answer; throws if that has a member "error".
  value::Value ask(const value::Value& order);

 private:
  value::Value answer();

  TempDir folder_;
  Process process_;
  int port_ = 0;
};

}  // namespace tiphys::test
