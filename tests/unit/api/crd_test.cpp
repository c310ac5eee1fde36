#include "tiphys/api/support.hpp"
#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace tiphys::api {
namespace {

using value::Value;

Value read_crd(const std::string& name) {
  std::ifstream file(TIPHYS_SOURCE_DIR "/crds/" + name);
  EXPECT_TRUE(file.is_open()) << name;
  std::stringstream text;
  text << file.rdbuf();
  auto tree = value::parse_yaml(text.str());
  EXPECT_TRUE(tree.ok()) << tree.error().text();
  return *tree;
}

const Value& version_of(const Value& crd) { return crd["spec"]["versions"].items().at(0); }

/// The schema node of a path: "spec.sources[].helm", "a{}.b".
const Value& node_of(const Value& schema, std::string_view path) {
  const Value* at = &schema;
  while (!path.empty()) {
    if (path.starts_with("[]")) {
      at = &(*at)["items"];
      path.remove_prefix(2);
    } else if (path.starts_with("{}")) {
      at = &(*at)["additionalProperties"];
      path.remove_prefix(2);
    } else {
      if (path.starts_with('.')) path.remove_prefix(1);
      const auto end = std::min(path.find_first_of(".[{"), path.size());
      at = &(*at)["properties"][path.substr(0, end)];
      path.remove_prefix(end);
    }
  }
  return *at;
}

struct CrdCase {
  std::string name;
  const SupportRow* (*find)(std::string_view);
};

class Crd : public testing::TestWithParam<CrdCase> {};

TEST_P(Crd, AcceptsEveryPropertyPathOfArgoCdWithItsType) {
  const Value crd = read_crd(GetParam().name + ".yaml");
  const Value& schema = version_of(crd)["schema"]["openAPIV3Schema"];
  std::ifstream file(TIPHYS_SOURCE_DIR "/tests/vectors/crds/" + GetParam().name + ".txt");
  ASSERT_TRUE(file.is_open());
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string path;
    std::string type;
    std::string mark;
    words >> path >> type >> mark;
    const Value& node = node_of(schema, path);
    ASSERT_TRUE(node.is_map()) << path;
    if (type == "int-or-string")
      EXPECT_TRUE(node["x-kubernetes-int-or-string"].boolean_or(false)) << path;
    else
      EXPECT_EQ(node["type"].text(), type) << path;
    EXPECT_EQ(node["x-kubernetes-preserve-unknown-fields"].boolean_or(false), mark == "*") << path;
  }
}

TEST_P(Crd, DescribesEveryFieldThatIsActedOn) {
  const Value crd = read_crd(GetParam().name + ".yaml");
  const Value& schema = version_of(crd)["schema"]["openAPIV3Schema"];
  std::ifstream file(TIPHYS_SOURCE_DIR "/tests/vectors/crds/" + GetParam().name + ".txt");
  for (std::string line; std::getline(file, line);) {
    const std::string path = line.substr(0, line.find(' '));
    const SupportRow* row = GetParam().find(path);
    if (row == nullptr || row->verdict != Verdict::acted_on) continue;
    if (path == "metadata" || path.ends_with("[]") || path.ends_with("{}")) continue;
    EXPECT_FALSE(node_of(schema, path)["description"].text().empty()) << path;
  }
}

TEST_P(Crd, HasNoStatusSubresource) {
  EXPECT_TRUE(version_of(read_crd(GetParam().name + ".yaml"))["subresources"].is_null());
}

INSTANTIATE_TEST_SUITE_P(Both, Crd,
                         testing::Values(CrdCase{"application", find_application_row},
                                         CrdCase{"appproject", find_project_row}),
                         [](const auto& info) { return info.param.name; });

TEST(Crds, NamesAndColumnsAreArgoCds) {
  const Value app = read_crd("application.yaml");
  EXPECT_EQ(app["metadata"]["name"].text(), "applications.argoproj.io");
  EXPECT_TRUE(value::equal(app["spec"]["names"]["shortNames"],
                           Value::array({Value("app"), Value("apps")})));
  std::string columns;
  for (const Value& column : version_of(app)["additionalPrinterColumns"].items())
    columns += fmt::format("{}={};", column["name"].text(), column["jsonPath"].text());
  EXPECT_EQ(columns,
            "Sync Status=.status.sync.status;Health Status=.status.health.status;"
            "Revision=.status.sync.revision;Project=.spec.project;");
  EXPECT_EQ(read_crd("appproject.yaml")["spec"]["names"]["shortNames"].items().at(0).text(),
            "appproj");
}

}  // namespace
}  // namespace tiphys::api
