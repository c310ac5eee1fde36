#pragma once

#include "integration/installation.hpp"

#include "tiphys/value/value.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace tiphys::test {

/// What the tests of the guards share: an installation, a git server, a destination of their own.
class GuardsBed : public testing::Test {
 protected:
  explicit GuardsBed(Installation::Overlay overlay = Installation::Overlay::cluster)
      : tiphys_(plane_, overlay) {}
  void TearDown() override;

  /// An application of repository "gitops" whose objects go to target_. Names are distinct in the
  /// whole cluster: tracking knows them by name alone.
  Installation::App app(const std::string& name, const std::string& path) {
    Installation::App made;
    made.name = name;
    made.repo_url = git_.url("gitops");
    made.path = path;
    made.destination = target_;
    return made;
  }
  std::string config_map(const std::string& name) const {
    return "/api/v1/namespaces/" + target_ + "/configmaps/" + name;
  }
  bool exists(const std::string& path) const { return plane_.get(path).status == 200; }
  void annotate(const std::string& path, const std::string& name, const value::Value& text) const;
  void make_target() const;
  /// The target's ServiceAccount `deployer`, with a Role of these rules (a YAML list) there.
  void grant_deployer(const std::string& rules) const;

  std::string user() const { return tiphys_.user(); }
  /// "verb uri" of everything that this installation's controller asked to be changed since the
  /// log's mark, dry runs included, its Lease left out.
  std::vector<std::string> writes(AuditLog& audit) const;

  ControlPlane& plane_ = ControlPlane::shared();
  Installation tiphys_;
  GitServer git_;
  std::string target_ = unique_name("target");
};

/// A ConfigMap as a manifest; `annotations` as a YAML flow map ("{a: b}").
std::string config_map_yaml(const std::string& name, const std::string& data = "{key: text}",
                            const std::string& annotations = "{}");

std::vector<std::string> lines_with(const std::vector<std::string>& lines,
                                    const std::string& words);

}  // namespace tiphys::test
