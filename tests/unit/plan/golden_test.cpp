// tests/unit/plan/golden/*.yaml: what is rendered and live, and the plan and next step printed.
#include "unit/plan/objects.hpp"

#include "tiphys/plan/progress.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tiphys::plan {
namespace {

using value::Value;

std::vector<k8s::Object> object_list(const Value& list) {
  std::vector<k8s::Object> out;
  for (const Value& item : list.items()) out.push_back(k8s::Object::trusted(item.deep_copy()));
  return out;
}

std::vector<Live> live_list(const Value& list) {
  std::vector<Live> out;
  for (k8s::Object& item : object_list(list)) {
    api::set_tracking(item, "web", "shop", {});
    item.tree().set_at({"metadata", "uid"}, "uid-" + std::string(item.name()));
    item.tree().set_at({"metadata", "resourceVersion"}, "7");
    Live live;
    live.object = std::move(item);
    out.push_back(std::move(live));
  }
  return out;
}

std::vector<std::string> texts(const Value& list) {
  std::vector<std::string> out;
  for (const Value& item : list.items()) out.emplace_back(item.text());
  return out;
}

/// "Sync -1"
Position position(const std::string& text) {
  const auto blank = text.find(' ');
  return {.phase = parse_phase(text.substr(0, blank)).value(),
          .wave = std::stoll(text.substr(blank + 1))};
}

/// "Sync batch/Job shop/migrate"; the core group as "/ConfigMap".
TaskKey task_key(const std::string& text) {
  const auto one = text.find(' ');
  const auto slash = text.find('/', one);
  const auto two = text.find(' ', slash);
  const auto last = text.find('/', two);
  return {{.group = text.substr(one + 1, slash - one - 1),
           .kind = text.substr(slash + 1, two - slash - 1),
           .namespace_ = text.substr(two + 1, last - two - 1),
           .name = text.substr(last + 1)},
          parse_phase(text.substr(0, one)).value()};
}

Progress progress_of(const Value& said) {
  Progress out;
  if (said["position"].is_string()) out.position = position(std::string(said["position"].text()));
  for (const std::string& text : texts(said["written"])) out.written.insert(task_key(text));
  for (const std::string& text : texts(said["succeeded"])) out.succeeded.insert(task_key(text));
  for (const auto& [text, why] : said["failed"].entries()) out.failed[task_key(text)] = why.text();
  out.apply_out_of_sync_only = said["applyOutOfSyncOnly"].boolean_or(false);
  return out;
}

PlanOptions options_of(const Value& said) {
  PlanOptions options{.app = "web", .project = "p", .destination_namespace = "shop"};
  options.prune = said["prune"].boolean_or(true);
  options.sync_options = api::parse_sync_options(texts(said["syncOptions"]));
  options.destination_namespace_exists = said["namespaceExists"].boolean_or(true);
  for (const Value& only : said["only"].items())
    options.only.push_back({.group = std::string(only["group"].text()),
                            .kind = std::string(only["kind"].text()),
                            .name = std::string(only["name"].text()),
                            .namespace_ = std::string(only["namespace"].text())});
  return options;
}

std::vector<Hook> with_live(std::vector<Hook> hooks, const std::vector<Live>& live) {
  for (Hook& hook : hooks)
    for (const Live& item : live)
      if (item.object.key() == hook.object.key()) hook.live = item;
  return hooks;
}

class Golden : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Golden, PlanAndStep) {
  std::ifstream file(GetParam());
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto parsed = value::parse_yaml(text);
  ASSERT_TRUE(parsed.ok()) << parsed.error().text();
  const Value& in = *parsed;
  const Targets targets = prepare_targets(object_list(in["targets"]), target_context());
  const auto live = live_list(in["live"]);
  PlanOptions options = options_of(in["options"]);
  CompareInputs inputs = compare_inputs();
  inputs.options = options.sync_options;
  if (!in.at({"options", "skipHooks"}).boolean_or(false))
    options.hooks = with_live(hooks_of(targets.hooks, {.app = "web",
                                                       .destination_namespace = "shop",
                                                       .revision = "0123456789abcdef",
                                                       .started_at = 1795000000,
                                                       .run_id = "run"}),
                              live);
  const Plan plan = make_plan(compare(targets.objects, live, inputs), options);
  if (in["plan"].is_string()) {
    EXPECT_EQ(print(plan), in["plan"].text());
  }
  for (const Value& step : in["steps"].items()) {
    EXPECT_EQ(print(next_step(plan, progress_of(step["after"]))), step["want"].text())
        << step["why"].text();
  }
  EXPECT_TRUE(in["plan"].is_string() || in["steps"].size() > 0) << "nothing is checked";
}

std::vector<std::filesystem::path> files() {
  std::vector<std::filesystem::path> out;
  for (const auto& entry :
       std::filesystem::directory_iterator(TIPHYS_SOURCE_DIR "/tests/unit/plan/golden"))
    if (entry.path().extension() == ".yaml") out.push_back(entry.path());
  std::ranges::sort(out);
  return out;
}

INSTANTIATE_TEST_SUITE_P(Plan, Golden, testing::ValuesIn(files()), [](const auto& info) {
  std::string name = info.param.stem().string();
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace tiphys::plan
