// The small judges of lint beside what Helm's own libraries say (tests/oracle/lint).
#include "../value/vectors.hpp"
#include "helm/lint_addresses.hpp"
#include "helm/lint_names.hpp"
#include "helm/lint_objects.hpp"

#include "tiphys/helm/metadata.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tiphys::helm {
namespace {

using value::Value;

std::vector<Value> records(std::string_view key) {
  std::vector<Value> out;
  for (const Value& record : value::read_vectors("helm/lint.jsonl"))
    if (record.map().contains(key)) out.push_back(record);
  EXPECT_FALSE(out.empty());
  return out;
}

void expect_verdicts(std::string_view key, bool (*judge)(std::string_view)) {
  for (const Value& record : records(key))
    EXPECT_EQ(judge(record[key].string()), record["ok"].boolean()) << record[key].string();
}

TEST(Lint, JudgesMailAddresses) { expect_verdicts("email", is_email_address); }
TEST(Lint, JudgesWebAddresses) { expect_verdicts("url", is_web_address); }
TEST(Lint, JudgesSourcesAndIcons) { expect_verdicts("request_url", is_absolute_url); }

TEST(Lint, JudgesNames) {
  for (const Value& record : records("name")) {
    const LintObject object{"v1", std::string(record["kind"].string()), "",
                            std::string(record["name"].string())};
    const std::string complaint = name_complaint(object).value_or("");
    const std::string_view why = record["why"].string();
    EXPECT_EQ(complaint.empty(), why.empty()) << complaint;
    EXPECT_TRUE(complaint.ends_with(why)) << complaint << "\n" << why;
  }
}

TEST(Lint, ReadsDocumentsAsKubernetesDoes) {
  for (const Value& record : records("documents")) {
    const std::string text(record["documents"].string());
    SCOPED_TRACE(text);
    LintObjects objects(text, Profile::v4_2);
    LintObject object;
    std::string why;
    value::List found;
    for (;;) {
      const auto step = objects.next(object);
      if (!step.ok()) why = step.error().text();
      if (!step.ok() || *step == LintObjects::Step::end) break;
      if (*step == LintObjects::Step::null)
        found.emplace_back();
      else
        found.push_back(Value::array({Value(object.api_version), Value(object.kind),
                                      Value(object.namespace_), Value(object.name)}));
    }
    EXPECT_EQ(why, record["why"].string());
    EXPECT_EQ(value::write_json(Value(found)).value(),
              value::write_json(record["objects"]).value());
  }
}

TEST(Lint, KnowsWhatIsDeprecated) {
  const LintObject old{"extensions/v1beta1", "Deployment", "", "a"};
  EXPECT_EQ(deprecation_complaint(old, 1, 36),
            "extensions/v1beta1 Deployment is deprecated in v1.8+, unavailable in v1.16+; use "
            "apps/v1 Deployment");
  EXPECT_EQ(deprecation_complaint(old, 1, 7), std::nullopt);
  EXPECT_EQ(deprecation_complaint({"apps/v1", "Deployment", "", "a"}, 1, 36), std::nullopt);
}

TEST(Lint, NamesTheFirstKeyThatIsNoField) {
  EXPECT_TRUE(check_metadata_keys("name: a\nVersion: 1\nmaintainers: [{name: b}]").ok());
  EXPECT_EQ(check_metadata_keys("name: a\nzoo: 1\nengine: gotpl").error().text(),
            "error unmarshaling JSON: while decoding JSON: json: unknown field \"engine\"");
  EXPECT_EQ(check_metadata_keys("dependencies: [{name: a, nope: b}]").error().text(),
            "error unmarshaling JSON: while decoding JSON: json: unknown field \"nope\"");
  EXPECT_FALSE(check_metadata_keys("name: a\nname: b").ok());
}

}  // namespace
}  // namespace tiphys::helm
