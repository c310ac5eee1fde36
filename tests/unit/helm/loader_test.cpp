#include "tiphys/helm/chart.hpp"
#include "tiphys/helm/render.hpp"

#include <gtest/gtest.h>

namespace tiphys::helm {
namespace {

base::MemoryTree small_chart() {
  base::MemoryTree tree;
  tree.add("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\nappVersion: 1.10\n");
  tree.add("c/values.yaml", "a: 1\n");
  tree.add("c/templates/a.yaml", "\xef\xbb\xbfx: {{ .Values.a }}\n");
  tree.add("c/charts/_skipped/x", "y");
  tree.add("c/charts/s/Chart.yaml", "apiVersion: v2\nname: s\nversion: 0.1.0\n");
  tree.add("c/README.md", "read me");
  return tree;
}

TEST(Loader, SortsFilesIntoTheirPlaces) {
  const auto chart = load_chart(small_chart(), "c", Profile::v4_2);
  ASSERT_TRUE(chart.ok()) << chart.error().text();
  EXPECT_EQ((*chart)->metadata.app_version, "1.1");
  ASSERT_EQ((*chart)->content->templates.size(), 1U);
  EXPECT_EQ((*chart)->content->templates[0].data, "x: {{ .Values.a }}\n");
  ASSERT_EQ((*chart)->dependencies.size(), 1U);
  EXPECT_EQ((*chart)->dependencies[0]->full_path(), "c/charts/s");
  ASSERT_EQ((*chart)->content->files.size(), 1U);
  EXPECT_EQ((*chart)->content->files[0].name, "README.md");
}

TEST(Loader, ACloneIsIndependent) {
  const auto chart = load_chart(small_chart(), "c", Profile::v4_2);
  ASSERT_TRUE(chart.ok());
  const auto copy = (*chart)->clone();
  copy->values.map().set("a", value::Value("changed"));
  copy->dependencies[0]->metadata.name = "renamed";
  EXPECT_EQ((*chart)->values["a"].integer_or(0), 1);
  EXPECT_EQ((*chart)->dependencies[0]->name(), "s");
}

TEST(Loader, SaysWhatIsWrong) {
  const auto load = [](std::vector<File> files) {
    return load_files(std::move(files), Profile::v4_2).error().text();
  };
  EXPECT_EQ(load({{"values.yaml", "a: 1"}}), "Chart.yaml file is missing");
  EXPECT_EQ(load({{"Chart.yaml", "name: c\n"}}), "validation: chart.metadata.version is required");
  EXPECT_EQ(load({{"Chart.yaml", "name: c/d\nversion: 1.0.0\n"}}),
            "validation: chart.metadata.name \"c/d\" is invalid");
  EXPECT_EQ(load({{"Chart.yaml", "name: c\nversion: 1.0.0\n"}, {"values.yaml", "[1]"}}),
            "cannot load values.yaml: cannot unmarshal yaml document: error unmarshaling JSON: "
            "while decoding JSON: json: cannot unmarshal array into Go value of type "
            "map[string]interface {}");
}

TEST(Loader, KeepsToItsLimits) {
  LoadLimits limits;
  limits.file_bytes = 10;
  const auto chart = load_chart(small_chart(), "c", Profile::v4_2, "", limits);
  ASSERT_FALSE(chart.ok());
  EXPECT_EQ(chart.error().text(),
            "chart file \"Chart.yaml\" is larger than the maximum file size 10");
}

}  // namespace
}  // namespace tiphys::helm
