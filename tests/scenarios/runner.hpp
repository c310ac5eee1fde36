#pragma once

#include "integration/guards_bed.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tiphys::test {

/// A scenario: a YAML file that says what happens to one application, step by step, and what must
/// be seen then. tests/scenarios/README.md has the keys.
struct Scenario {
  std::string name;
  std::vector<std::string> covers;
  value::Value yaml;
};

Scenario read_scenario(const std::filesystem::path& file);
std::vector<std::filesystem::path> scenario_files();

/// Runs a scenario against the control plane.
class ScenarioTest : public GuardsBed {
 protected:
  void run(const Scenario& scenario);

 private:
  void take(const value::Value& step);
  void change_repository(const value::Value& step);
  void change_cluster(const value::Value& step);
  void ask_operation(const value::Value& operation);
  void expect(const value::Value& step);
  /// "verb resource/name" of what the controller wrote into the target namespace, in order.
  std::vector<std::string> calls();
  /// "resource/name" of each dry run there, in order.
  std::vector<std::string> tried();
  /// Puts in TARGET (the namespace), APP and COMMIT_0, COMMIT_1, ... wherever they stand.
  value::Value filled(const value::Value& value) const;
  std::string filled_text(std::string text) const;
  std::string app_path() const { return tiphys_.path(app_); }

  std::string app_ = unique_name("scenario");
  std::vector<std::string> commits_;
  std::string started_at_;  ///< of the operation before the one that is asked for
  AuditLog audit_ = plane_.audit();
};

}  // namespace tiphys::test
