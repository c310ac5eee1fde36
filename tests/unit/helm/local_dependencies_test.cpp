#include "tiphys/helm/render.hpp"

#include <gtest/gtest.h>

namespace tiphys::helm {
namespace {

RenderInput make_input(const std::string& repository, const std::string& version = "1.2.0",
                       const std::string& text = "x: y\n") {
  auto tree = std::make_shared<base::MemoryTree>();
  tree->add("apps/main/Chart.yaml",
            "apiVersion: v2\nname: main\nversion: 1.0.0\ndependencies:\n"
            "  - {name: shared, version: ^1.0.0, repository: '" +
                repository + "'}\n");
  tree->add("libs/shared/Chart.yaml", "apiVersion: v2\nname: shared\nversion: " + version + "\n");
  tree->add("libs/shared/templates/a.yaml", text);
  tree->add("unrelated/file", version);
  RenderInput input;
  input.chart.tree = tree;
  input.chart.path = "apps/main";
  input.local_dependencies = true;
  return input;
}

TEST(LocalDependencies, AreTakenFromTheTree) {
  Environment environment;
  const auto out = render(make_input("file://../../libs/shared"), environment);
  ASSERT_TRUE(out.ok()) << out.error().text();
  ASSERT_EQ(out->manifests.size(), 1U);
  EXPECT_EQ(out->manifests[0].source, "main/charts/shared/templates/a.yaml");
}

TEST(LocalDependencies, SayWhatIsWrong) {
  Environment environment;
  EXPECT_EQ(render(make_input("file://../../libs/shared", "2.0.0"), environment).error().text(),
            "dependency shared ^1.0.0 (file://../../libs/shared): found shared 2.0.0 there");
  EXPECT_TRUE(render(make_input("file://../../../etc"), environment)
                  .error()
                  .text()
                  .starts_with("dependency shared: repository file://../../../etc: "));
  EXPECT_TRUE(render(make_input("file:///etc"), environment)
                  .error()
                  .text()
                  .starts_with("dependency shared: repository file:///etc: "));
}

TEST(LocalDependencies, AreLeftAloneUnlessAskedFor) {
  Environment environment;
  RenderInput input = make_input("file://../../libs/shared");
  input.local_dependencies = false;
  EXPECT_TRUE(render(input, environment)
                  .error()
                  .text()
                  .ends_with("found in Chart.yaml, but missing in charts/ directory: shared"));
}

TEST(LocalDependencies, CountForTheCacheKey) {
  const std::string key = *cache_key(make_input("file://../../libs/shared"));
  EXPECT_NE(key, *cache_key(make_input("file://../../libs/shared", "1.2.0", "x: z\n")));
}

}  // namespace
}  // namespace tiphys::helm
