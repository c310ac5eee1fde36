#include "tiphys/helm/render.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace tiphys::helm {
namespace {

RenderInput make_input(const std::string& extra = "a: 1\n") {
  auto tree = std::make_shared<base::MemoryTree>();
  tree->add("chart/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n");
  tree->add("chart/values.yaml", extra);
  RenderInput input;
  input.chart.tree = tree;
  input.chart.path = "chart";
  input.values.push_back({InputRole::set, "", "x=1", {}, ""});
  return input;
}

TEST(CacheKey, IsTheSameForEqualInputs) {
  EXPECT_EQ(*cache_key(make_input()), *cache_key(make_input()));
  EXPECT_EQ(cache_key(make_input())->size(), 64U);
}

TEST(CacheKey, ChangesWithEveryField) {
  using Change = std::function<void(RenderInput&)>;
  const std::vector<Change> changes = {
      [](RenderInput& in) { in.profile = Profile::v3_21; },
      [](RenderInput& in) { in = make_input("a: 2\n"); },
      [](RenderInput& in) { in.chart = {nullptr, "", "bytes", ""}; },
      [](RenderInput& in) { in.values.clear(); },
      [](RenderInput& in) { in.values[0].role = InputRole::set_string; },
      [](RenderInput& in) { in.values[0].text = "x=2"; },
      [](RenderInput& in) { in.values[0].path = "p"; },
      [](RenderInput& in) { in.values[0].read_error = "gone"; },
      [](RenderInput& in) {
        in.values.push_back({InputRole::object, "", "", value::Value(1), ""});
      },
      [](RenderInput& in) {
        in.values.push_back({InputRole::object, "", "", value::Value(2), ""});
      },
      [](RenderInput& in) { in.set_files["f"] = "x"; },
      [](RenderInput& in) { in.release.name = "other"; },
      [](RenderInput& in) { in.release.name_template = "t"; },
      [](RenderInput& in) { in.release.namespace_ = "ns"; },
      [](RenderInput& in) { in.release.is_install = false; },
      [](RenderInput& in) { in.release.is_upgrade = true; },
      [](RenderInput& in) { in.release.revision = 2; },
      [](RenderInput& in) { in.kube_version = "1.30"; },
      [](RenderInput& in) { in.api_versions = {"a/v1"}; },
      [](RenderInput& in) { in.api_versions = {"a/v1", "b/v1"}; },
      [](RenderInput& in) { in.include_crds = true; },
      [](RenderInput& in) { in.skip_tests = true; },
      [](RenderInput& in) { in.skip_schema_validation = true; },
      [](RenderInput& in) { in.keep_partial = true; },
      [](RenderInput& in) { in.lookup = true; },
      [](RenderInput& in) { in.only_api_versions = true; },
      [](RenderInput& in) { in.local_dependencies = true; },
  };
  std::set<std::string> keys = {*cache_key(make_input())};
  for (const Change& change : changes) {
    RenderInput input = make_input();
    change(input);
    EXPECT_TRUE(keys.insert(*cache_key(input)).second);
  }
}

}  // namespace
}  // namespace tiphys::helm
