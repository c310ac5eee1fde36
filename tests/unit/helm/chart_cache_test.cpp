#include "tiphys/helm/chart_cache.hpp"

#include "tiphys/helm/manifests.hpp"
#include "tiphys/helm/render.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace tiphys::helm {
namespace {

std::vector<File> files(const std::string& text, const std::string& name = "c") {
  return {{"Chart.yaml", "apiVersion: v2\nname: " + name + "\nversion: 1.0.0\n"},
          {"values.yaml", "a: 1\n"},
          {"templates/a.yaml", text}};
}

std::string render_with(ChartCache& cache, const std::vector<File>& chart, const std::string& set) {
  Environment environment;
  environment.load = [&](const RenderInput& input) { return cache.load(chart, input.profile); };
  RenderInput input;
  ValueInput& value = input.values.emplace_back();
  value.role = InputRole::set;
  value.text = set;
  const auto manifests = render(input, environment);
  return manifests.ok() ? *print_template(*manifests) : manifests.error().text();
}

TEST(ChartCache, GivesTheSameChartForTheSameBytes) {
  ChartCache cache;
  const auto first = cache.load(files("a: 1"), Profile::v4_2);
  const auto second = cache.load(files("a: 1"), Profile::v4_2);
  const auto other = cache.load(files("a: 2"), Profile::v4_2);
  const auto older = cache.load(files("a: 1"), Profile::v3_21);
  EXPECT_EQ(*first, *second);
  EXPECT_NE(*first, *other);
  EXPECT_NE(*first, *older);
  EXPECT_EQ(cache.counts().hits, 1U);
  EXPECT_EQ(cache.counts().misses, 3U);
  EXPECT_EQ(cache.counts().charts, 3U);
}

TEST(ChartCache, KeepsNoErrors) {
  ChartCache cache;
  EXPECT_FALSE(cache.load({{"values.yaml", ""}}, Profile::v4_2).ok());
  EXPECT_EQ(cache.counts().charts, 0U);
}

TEST(ChartCache, DropsWhatWasUsedLeast) {
  ChartCache cache(2'500);
  const std::string big = "a: " + std::string(700, 'x');
  const auto kept = cache.load(files(big, "one"), Profile::v4_2);
  (void)cache.load(files(big, "two"), Profile::v4_2);
  EXPECT_EQ(*cache.load(files(big, "one"), Profile::v4_2), *kept);
  (void)cache.load(files(big, "three"), Profile::v4_2);  // "two" goes
  EXPECT_LE(cache.counts().bytes, 2'500U);
  EXPECT_EQ(*cache.load(files(big, "one"), Profile::v4_2), *kept);
  EXPECT_EQ(cache.counts().charts, 2U);
  (void)cache.load(files("a: " + std::string(9'000, 'x')), Profile::v4_2);  // too big to keep
  EXPECT_EQ(cache.counts().charts, 2U);
}

TEST(ChartCache, RendersDontSeeEachOther) {
  ChartCache cache;
  const auto chart =
      files("v: {{ .Values.a }}\n{{ $_ := set .Values \"b\" .Values.a }}w: {{ .Values.b }}\n");
  EXPECT_TRUE(render_with(cache, chart, "a=5").contains("v: 5\nw: 5"));
  EXPECT_TRUE(render_with(cache, chart, "c=1").contains("v: 1\nw: 1"));
  EXPECT_EQ(cache.counts().hits, 1U);
}

TEST(ChartCache, IsSharedByThreads) {
  ChartCache cache;
  const auto chart = files("{{ define \"d\" }}{{ . }}{{ end }}v: {{ include \"d\" .Values.a }}\n");
  std::vector<std::string> out(8);
  std::vector<std::jthread> threads;
  threads.reserve(out.size());
  for (std::size_t i = 0; i < out.size(); ++i)
    threads.emplace_back([&, i] { out[i] = render_with(cache, chart, "a=" + std::to_string(i)); });
  threads.clear();
  for (std::size_t i = 0; i < out.size(); ++i)
    EXPECT_TRUE(out[i].contains("v: " + std::to_string(i))) << out[i];
}

TEST(ParsedTemplates, AliasesNameTheirOwnPlaces) {
  ChartCache cache;
  std::vector<File> chart = files("a: 1");
  chart[0].data +=
      "dependencies: [{name: s, version: 1.0.0, alias: x}, {name: s, version: 1.0.0, alias: z}]\n";
  chart.push_back({"charts/s/Chart.yaml", "apiVersion: v2\nname: s\nversion: 1.0.0\n"});
  chart.push_back({"charts/s/templates/b.yaml",
                   "n: {{ .Template.Name }}\n{{ if .Values.bad }}{{ fail \"no\" }}{{ end }}"});
  const std::string all = render_with(cache, chart, "a=1");
  EXPECT_TRUE(all.contains("n: c/charts/x/templates/b.yaml")) << all;
  EXPECT_TRUE(all.contains("n: c/charts/z/templates/b.yaml")) << all;
  EXPECT_TRUE(render_with(cache, chart, "x.bad=1").contains("(c/charts/x/templates/b.yaml:2:"));
  EXPECT_TRUE(render_with(cache, chart, "z.bad=1").contains("(c/charts/z/templates/b.yaml:2:"));
}

}  // namespace
}  // namespace tiphys::helm
