#include "unit/diff/objects.hpp"
#include "unit/jq/in_process.hpp"

#include "tiphys/diff/ignore.hpp"

#include <fstream>
#include <functional>
#include <string>

namespace tiphys::diff {
namespace {

using value::Value;

/// Every vector of normalize.jsonl of one op.
void for_each_vector(std::string_view op, const std::function<void(const Value&)>& replay) {
  std::ifstream file(TIPHYS_SOURCE_DIR "/tests/vectors/argocd/normalize.jsonl");
  ASSERT_TRUE(file.is_open());
  std::string line;
  while (std::getline(file, line)) {
    const auto vector = value::parse_json(line);
    ASSERT_TRUE(vector.ok()) << vector.error().text();
    if ((*vector)["in"]["op"].text() == op) replay(*vector);
  }
}

/// Without the maps that a removal left empty: null there, {} here.
std::string shape(const Value& tree) { return json(normalise(k8s::Object::trusted(tree))); }

/// A key of argocd-cm's overrides: <group>/<kind> or <kind>; others name nothing.
void add_override(const std::string& key, const Value& fields, std::vector<IgnoreRule>& rules) {
  IgnoreRule rule;
  const auto slash = key.find('/');
  if (slash != std::string::npos && key.find('/', slash + 1) != std::string::npos) return;
  rule.group = slash == std::string::npos ? "" : key.substr(0, slash);
  rule.kind = slash == std::string::npos ? key : key.substr(slash + 1);
  ASSERT_TRUE(parse_ignored_fields(fields, "ignoreDifferences", rule).ok());
  rules.push_back(std::move(rule));
}

std::vector<IgnoreRule> rules_of(const Value& in) {
  auto rules = parse_ignore_rules(in["ignore"], "ignoreDifferences");
  EXPECT_TRUE(rules.ok()) << rules.error().text();
  for (const auto& [key, override] : in["overrides"].entries())
    add_override(key, override["ignoreDifferences"], *rules);
  return *rules;
}

// Recorded by tests/oracle/argocd from Argo CD v3.6.1.
TEST(IgnoreVectors, PointersAndExpressionsRemoveWhatArgoCdRemoves) {
  jq::InProcess runner;
  const auto jq_delete = [remove = jq::make_worker_delete(runner, std::chrono::seconds(1))](
                             const std::string& expression, const Value& tree) {
    return remove("", expression, tree);
  };
  int count = 0;
  for_each_vector("ignore", [&](const Value& vector) {
    const Value& in = vector["in"];
    // An object without a kind can't be read there; here the kind is never ignored.
    if (!vector["want"]["error"].is_null()) return;
    const auto object = k8s::Object::trusted(in["object"]);
    const auto pair = without_ignored(ignored_of(rules_of(in), object), object, object, jq_delete);
    ASSERT_TRUE(pair.ok()) << pair.error().text();
    EXPECT_EQ(json(pair->live.tree()), json(vector["want"]["object"])) << vector["id"].text();
    EXPECT_EQ(json(pair->desired.tree()), json(vector["want"]["object"])) << vector["id"].text();
    ++count;
  });
  EXPECT_GE(count, 40);
}

TEST(IgnoreVectors, ManagersTakeWhatTheyOwnAndWroteDifferently) {
  int count = 0;
  for_each_vector("managed-fields", [&](const Value& vector) {
    const Value& in = vector["in"];
    // Recorded without the schema of the CRD, which makes its lists one value; with the schema that
    // a cluster has, entries are told apart as here.
    if (in["live"]["kind"].text() == "Gadget" &&
        json(in["live"].at({"metadata", "managedFields"})).find(R"("k:{)") != std::string::npos)
      return;
    Ignored ignored;
    for (const Value& manager : in["managers"].items())
      ignored.managers.emplace_back(manager.text());
    const auto pair = without_ignored(ignored, k8s::Object::trusted(in["target"]),
                                      k8s::Object::trusted(in["live"]));
    ASSERT_TRUE(pair.ok()) << pair.error().text();
    const auto& want = vector["want"];
    // null: Argo CD takes the objects as they are.
    const Value& live = want["live"].is_null() ? in["live"] : want["live"];
    const Value& target = want["target"].is_null() ? in["target"] : want["target"];
    EXPECT_EQ(shape(pair->live.tree()), shape(live)) << vector["id"].text();
    EXPECT_EQ(shape(pair->desired.tree()), shape(target)) << vector["id"].text();
    ++count;
  });
  EXPECT_GE(count, 50);
}

}  // namespace
}  // namespace tiphys::diff
