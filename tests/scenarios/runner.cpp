#include "scenarios/runner.hpp"

#include "support/wait.hpp"

#include "tiphys/value/json.hpp"
#include "tiphys/value/yaml.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace tiphys::test {

using value::Value;

namespace {

constexpr milliseconds kLimit{60'000};

std::vector<std::string> texts(const Value& list) {
  std::vector<std::string> out;
  for (const Value& item : list.items()) out.emplace_back(item.text());
  return out;
}

/// The member at "a.b.c".
const Value& member(const Value& tree, const std::string& path) {
  const Value* at = &tree;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t to = std::min(path.find('.', from), path.size());
    at = &(*at)[path.substr(from, to - from)];
    from = to + 1;
  }
  return *at;
}

std::string shown(const Value& value) {
  if (value.is_string()) return std::string(value.text());
  auto json = value::write_json(value, value::EscapeHtml::no);
  return json.ok() ? *json : "?";
}

/// `should` is the text, or "~" and a part of it.
bool fits(const std::string& is, const std::string& should) {
  return should.starts_with("~") ? is.contains(should.substr(1)) : is == should;
}

std::string as_text(const Value& value) {
  const auto json = value::write_json(value, value::EscapeHtml::no);
  if (!json.ok()) throw SupportError("not JSON: " + json.error().text());
  return *json;
}

}  // namespace

Scenario read_scenario(const std::filesystem::path& file) {
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  auto yaml = value::parse_yaml(text);
  if (!yaml.ok()) throw SupportError(file.string() + ": " + yaml.error().text());
  return {.name = file.stem().string(), .covers = texts((*yaml)["covers"]), .yaml = *yaml};
}

std::vector<std::filesystem::path> scenario_files() {
  std::vector<std::filesystem::path> out;
  const std::filesystem::path folder = TIPHYS_SOURCE_DIR "/tests/scenarios/cases";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") out.push_back(entry.path());
  }
  std::ranges::sort(out);
  return out;
}

std::string ScenarioTest::filled_text(std::string text) const {
  const auto put = [&](const std::string& what, const std::string& with) {
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + with.size())) {
      text.replace(at, what.size(), with);
    }
  };
  put("TARGET", target_);
  put("APP", app_);
  put("CONTROL", tiphys_.namespace_());
  for (std::size_t i = 0; i < commits_.size(); ++i) put("COMMIT_" + std::to_string(i), commits_[i]);
  return text;
}

Value ScenarioTest::filled(const Value& value) const {
  auto parsed = value::parse_json(filled_text(as_text(value)));
  if (!parsed.ok()) throw SupportError(parsed.error().text());
  return *parsed;
}

void ScenarioTest::change_repository(const Value& step) {
  std::map<std::string, std::string> files;
  for (const auto& [name, object] : step["files"].entries()) {
    files["app/" + name] = as_text(filled(object)) + "\n";
  }
  auto& repo = git_.repo("gitops");
  if (!files.empty()) commits_.push_back(repo.commit(files));
  std::vector<std::string> gone;
  for (const auto& name : texts(step["remove"])) gone.push_back("app/" + name);
  if (!gone.empty()) commits_.push_back(repo.remove(gone));
}

void ScenarioTest::change_cluster(const Value& step) {
  for (const Value& object : step["create"].items()) {
    plane_.kubectl_ok({"apply", "--server-side", "-f", "-"}, as_text(filled(object)));
  }
  for (const Value& object : step["create_client_side"].items()) {
    plane_.kubectl_ok({"apply", "-f", "-"}, as_text(filled(object)));
  }
  for (const auto& [path, patch] : step["patch"].entries()) {
    const auto answer = plane_.merge_patch(filled_text(path), filled(patch));
    if (answer.status != 200) throw SupportError(path + ": " + answer.text);
  }
  for (const auto& path : texts(step["delete"])) plane_.remove(filled_text(path));
}

void ScenarioTest::ask_operation(const Value& operation) {
  started_at_ = tiphys_.get(app_).at({"status", "operationState", "startedAt"}).text();
  const auto answer =
      plane_.merge_patch(app_path(), Value::object({{"operation", filled(operation)}}));
  if (answer.status != 200) throw SupportError("operation: " + answer.text);
}

std::vector<std::string> ScenarioTest::calls() {
  plane_.sync_audit(audit_);
  std::vector<std::string> out;
  for (const auto& event :
       audit_.select({.name_space = target_, .user = user(), .writes_only = true})) {
    if (event.status < 300) out.push_back(event.verb + " " + event.resource + "/" + event.name);
  }
  return out;
}

std::vector<std::string> ScenarioTest::tried() {
  plane_.sync_audit(audit_);
  std::vector<std::string> out;
  for (const auto& event : audit_.select({.verb = "dryrun", .name_space = target_, .user = user()}))
    out.push_back(event.resource + "/" + event.name);
  return out;
}

void ScenarioTest::expect(const Value& step) {
  const Value wanted = filled(step["status"]);
  const auto seen = [&](const Value& app) {
    const Value& status = app["status"];
    // Of an operation that is asked for, not of the one before it.
    if (!step["operation"].is_null() &&
        status.at({"operationState", "startedAt"}).text() == started_at_)
      return false;
    return std::ranges::all_of(wanted.entries(), [&](const auto& entry) {
      return fits(shown(member(status, entry.first)), shown(entry.second));
    });
  };
  if (wanted.size() > 0) {
    const Value app = plane_.wait_for(
        app_path(), std::string(step["name"].text()) + ": " + shown(wanted), seen, kLimit);
    for (const auto& [path, should] : filled(step["rows"]).entries()) {
      const auto& rows = app.at({"status", "operationState", "syncResult", "resources"});
      bool found = false;
      for (const Value& row : rows.items()) {
        if (std::string(row["kind"].text()) + "/" + std::string(row["name"].text()) != path)
          continue;
        found = true;
        for (const auto& [key, text] : should.entries()) EXPECT_EQ(shown(row[key]), shown(text));
      }
      EXPECT_TRUE(found) << path << " has no row";
    }
  }
  for (const auto& path : texts(step["gone"])) plane_.wait_until_gone(filled_text(path), kLimit);
  for (const auto& path : texts(step["exists"])) EXPECT_TRUE(exists(filled_text(path))) << path;
  for (const auto& [path, members] : filled(step["objects"]).entries()) {
    const Value object = plane_.get(path).body;
    for (const auto& [at, should] : members.entries())
      EXPECT_TRUE(fits(shown(member(object, at)), shown(should)))
          << path << " " << at << ": " << shown(member(object, at));
  }
  if (step["calls"].is_list()) {
    EXPECT_EQ(calls(), texts(filled(step["calls"])));
  }
  if (step["tried"].is_list()) EXPECT_EQ(tried(), texts(filled(step["tried"])));
}

void ScenarioTest::take(const Value& step) {
  SCOPED_TRACE(step["name"].text());
  if (step["calls_since"].text() != "the step before") audit_.mark();
  const auto commits = commits_.size();
  change_repository(step);
  const bool committed = commits_.size() > commits;
  change_cluster(step);
  if (committed || step["refresh"].boolean_or(false)) tiphys_.refresh(app_);
  if (!step["operation"].is_null()) {
    if (committed) tiphys_.wait_for(app_, "OutOfSync", {}, commits_.back());
    ask_operation(step["operation"]);
  }
  expect(step);
}

void ScenarioTest::run(const Scenario& scenario) {
  const Value& yaml = scenario.yaml;
  if (yaml["provokes_403"].boolean_or(false)) tiphys_.expect_forbidden();
  make_target();
  ASSERT_GT(yaml["steps"].size(), 0U);
  change_repository(yaml["steps"].items().front());
  Installation::Run with;
  with.environment["ARGOCD_SYNC_WAVE_DELAY"] = "0";
  auto controller = tiphys_.start(with);
  auto made = app(app_, "app");
  made.automated = yaml["automated"].boolean_or(false);
  made.create_namespace = false;
  made.more_spec = yaml["spec"].text();
  tiphys_.apply(made);
  if (!made.automated) tiphys_.wait_for(app_, "OutOfSync", {}, commits_.back());
  bool first = true;
  for (const Value& step : yaml["steps"].items()) {
    Value now = step.deep_copy();
    if (first) now.map().erase("files");  // they were there before the application was
    first = false;
    take(now);
    if (HasFailure()) {
      ADD_FAILURE() << "the application: " << as_text(tiphys_.get(app_)["status"])
                    << "\nthe controller: " << controller.log_text();
      return;
    }
  }
}

}  // namespace tiphys::test
