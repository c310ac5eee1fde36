#include "tiphys/helm/wire.hpp"

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace tiphys::helm {
namespace {

ValueInput value_of(InputRole role, std::string path, std::string text) {
  ValueInput item;
  item.role = role;
  item.path = std::move(path);
  item.text = std::move(text);
  return item;
}

RenderInput full() {
  RenderInput input;
  input.profile = Profile::v3_21;
  input.chart = {.tree = nullptr, .path = "charts/a", .archive = "bytes", .shown = "./a"};
  input.values = {value_of(InputRole::file, "v.yaml", "a: 1"), value_of(InputRole::object, "", ""),
                  value_of(InputRole::set_literal, "", "a=b"),
                  value_of(InputRole::file, "w.yaml", "")};
  input.values[1].tree = *value::parse_json(R"({"n":[1,2.5,"x"]})");
  input.values[3].read_error = "no such file";
  input.set_files = {{"f", "1"}, {"g", std::string(1, '\0')}};
  input.release = {.name = "r",
                   .name_template = "{{1}}",
                   .namespace_ = "ns",
                   .is_install = false,
                   .is_upgrade = true,
                   .revision = 7};
  input.kube_version = "1.30";
  input.api_versions = {"a/v1", "b/v1/C"};
  input.include_crds = input.skip_tests = input.skip_schema_validation = true;
  input.local_dependencies = input.keep_partial = input.lookup = input.only_api_versions = true;
  return input;
}

TEST(Wire, AnInputComesBackWhole) {
  for (const RenderInput& input : {full(), RenderInput()}) {
    const auto bytes = write_input(input);
    ASSERT_TRUE(bytes.ok());
    const auto back = read_input(*bytes);
    ASSERT_TRUE(back.ok()) << back.error().text();
    EXPECT_EQ(*write_input(*back), *bytes);
    // The key is taken over every field.
    EXPECT_EQ(*cache_key(*back), *cache_key(input));
    EXPECT_EQ(back->chart.shown, input.chart.shown);
  }
}

TEST(Wire, ATranscriptComesBackWhole) {
  const Transcript transcript = {
      {.function = "randAlpha", .arguments = "[8]", .template_name = "t", .answer = "\"x\""},
      {.function = "lookup", .arguments = "[]", .template_name = "", .ordinal = 7, .answer = "{}"}};
  const std::string bytes = write_transcript(transcript);
  const auto back = read_transcript(bytes);
  ASSERT_TRUE(back.ok()) << back.error().text();
  EXPECT_EQ(*back, transcript);
  EXPECT_TRUE(read_transcript(write_transcript({}))->empty());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(read_transcript(std::string_view(bytes).substr(0, size)).ok()) << size;
}

TEST(Wire, AnythingElseIsAnError) {
  const std::string bytes = *write_input(full());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(read_input(std::string_view(bytes).substr(0, size)).ok()) << size;
  EXPECT_FALSE(read_input(bytes + "x").ok());
}

}  // namespace
}  // namespace tiphys::helm
