// What Helm's packages say (tests/oracle/helm), replayed: --set, coalescing, dependencies, schemas
// and .helmignore.
#include "unit/value/vectors.hpp"

#include "helm/coalesce.hpp"
#include "helm/dependencies.hpp"
#include "helm/ignore.hpp"
#include "helm/schema.hpp"
#include "helm/strvals.hpp"

#include <algorithm>

namespace tiphys::helm {
namespace {

using base::Status;
using value::Numbers;
using value::read_vectors;
using value::Value;

Value tree(const Value& text) { return *value::parse_json(text.text(), Numbers::float64); }

std::string json(const Value& value) {
  return value::write_json(value, value::EscapeHtml::no).value_or("no JSON");
}

Status set(std::string_view function, std::string_view text, Value& into) {
  if (function == "set") return set_values(text, into, Profile::v4_2);
  if (function == "string") return set_strings(text, into, Profile::v4_2);
  if (function == "json") return set_json(text, into);
  if (function == "literal") return set_literal(text, into);
  return set_file(text, into, [](const std::string& path) -> base::Result<std::string> {
    if (path.find("missing") != std::string::npos)
      return base::Error(base::Code::NotFound, "open " + path + ": no such file or directory");
    return "content of " + path;
  });
}

TEST(HelmVectors, SetsAsStrvals) {
  for (const Value& record : read_vectors("helm/strvals.jsonl")) {
    Value into = tree(record["into"]);
    const Status status = set(record["fn"].text(), record["text"].text(), into);
    const std::string about = json(record);
    EXPECT_EQ(status.ok() ? "" : status.error().text(), record["error"].text()) << about;
    EXPECT_EQ(json(into), record["out"].text()) << about;
  }
}

base::Result<std::shared_ptr<const Chart>> load(const Value& record) {
  std::vector<File> files;
  for (const auto& [name, text] : record["files"].entries())
    files.push_back({name, std::string(text.text())});
  return load_files(std::move(files), Profile::v4_2);
}

/// The message of a line as slog prints it.
std::string message(std::string_view line) {
  constexpr std::string_view kBefore = "level=INFO msg=";
  if (line.starts_with(kBefore)) line.remove_prefix(kBefore.size());
  if (!line.starts_with('"')) return std::string(line);
  return std::string(value::parse_json(line)->text());
}

TEST(HelmVectors, CoalescesAsHelm) {
  for (const Value& record : read_vectors("helm/coalesce.jsonl")) {
    const std::string about = json(record);
    const auto loaded = load(record);
    ASSERT_TRUE(loaded.ok()) << about;
    const auto chart = (*loaded)->clone();
    std::vector<std::string> lines;
    const Warner warner{[&](std::string_view line) { lines.push_back(message(line)); },
                        Profile::v4_2};
    const auto values = coalesce_values(*chart, tree(record["values"]), Nulls::remove, warner);
    EXPECT_EQ(values.ok() ? "" : values.error().text(), record["error"].text()) << about;
    if (values.ok()) EXPECT_EQ(json(*values), record["coalesced"].text()) << about;
    std::ranges::sort(lines);
    std::vector<std::string> logged;
    for (const Value& line : record["log"].items()) logged.emplace_back(line.text());
    EXPECT_EQ(lines, logged) << about;
    if (!values.ok()) continue;
    const auto merged = coalesce_values(*(*loaded)->clone(), tree(record["values"]), Nulls::keep,
                                        {{}, Profile::v4_2});
    EXPECT_EQ(merged.ok() ? "" : merged.error().text(), record["merge_error"].text()) << about;
    if (merged.ok()) EXPECT_EQ(json(*merged), record["merged"].text()) << about;
  }
}

Value shape(const Chart& chart) {
  value::List children;
  for (const auto& child : chart.dependencies) children.push_back(shape(*child));
  std::ranges::sort(children, {}, [](const Value& child) { return json(child); });
  return Value::object({{"name", Value(chart.name())},
                        {"path", Value(chart.full_path())},
                        {"values", chart.values},
                        {"children", Value(std::move(children))}});
}

TEST(HelmVectors, ProcessesDependenciesAsHelm) {
  const Warner quiet{{}, Profile::v4_2};
  for (const Value& record : read_vectors("helm/dependencies.jsonl")) {
    const std::string about = json(record);
    const auto loaded = load(record);
    if (!loaded.ok()) {
      EXPECT_EQ(loaded.error().text(), record["error"].text()) << about;
      continue;
    }
    const auto chart = (*loaded)->clone();
    const Value values = tree(record["values"]);
    Status status = process_dependencies(*chart, values, quiet);
    if (status.ok()) EXPECT_EQ(json(shape(*chart)), record["chart"].text()) << about;
    if (status.ok()) {
      const auto all = coalesce_values(*chart, values, Nulls::remove, quiet);
      if (all.ok()) EXPECT_EQ(json(*all), record["coalesced"].text()) << about;
      if (!all.ok()) status = all.error();
    }
    EXPECT_EQ(status.ok() ? "" : status.error().text(), record["error"].text()) << about;
  }
}

TEST(HelmVectors, FindsWhatSchemasForbid) {
  for (const Value& record : read_vectors("helm/schema.jsonl")) {
    EXPECT_EQ(schema_findings(tree(record["values"]), std::string(record["schema"].text())),
              record["out"].text())
        << json(record);
  }
}

TEST(HelmVectors, IgnoresAsHelm) {
  std::vector<std::string> paths;
  for (const Value& record : read_vectors("helm/helmignore.jsonl")) {
    for (const Value& path : record["paths"].items()) paths.emplace_back(path.text());
    if (!record["rules"].is_string()) continue;
    const auto rules = IgnoreRules::parse(record["rules"].text());
    EXPECT_EQ(rules.ok() ? "" : rules.error().text(), record["error"].text()) << json(record);
    if (!rules.ok()) continue;
    std::string answers;
    for (const std::string& path : paths)
      for (const EntryKind kind : {EntryKind::file, EntryKind::directory})
        answers += rules->ignores(path, kind) ? '1' : '0';
    EXPECT_EQ(answers, record["ignores"].text()) << json(record);
  }
}

}  // namespace
}  // namespace tiphys::helm
