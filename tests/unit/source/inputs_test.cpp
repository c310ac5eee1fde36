#include "source/build_env.hpp"
#include "source/directory_source.hpp"
#include "source/helm_source.hpp"
#include "source/links.hpp"
#include "unit/source/fake_repo.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tiphys::source {
namespace {

using base::Code;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TestTree;

BuildEnv sample_env() {
  ResolvedSource source{
      .source = {},
      .repository = {.url = *git::RepoUrl::parse("http://h/r"), .credentials = {}, .scope = ""},
      .revision = {},
      .stale = {}};
  source.source.path = "chart";
  source.revision.commit = "0123456789abcdef0123456789abcdef01234567";
  RenderContext context;
  context.app_name = "app";
  context.app_namespace = "team";
  context.control_namespace = "argocd";
  context.destination_namespace = "prod";
  return {source, context};
}

TEST(BuildEnv, ExpandsAsGoDoes) {
  const BuildEnv env = sample_env();
  const std::pair<const char*, const char*> rows[] = {
      {"$ARGOCD_APP_NAME.yaml", "team_app.yaml"},
      {"${ARGOCD_APP_NAMESPACE}x", "prodx"},
      {"$ARGOCD_APP_REVISION_SHORT/$ARGOCD_APP_REVISION_SHORT_8", "0123456/01234567"},
      {"$NOPE-${NOPE}", "-"},
      {"$$HOME", "$HOME"},
      {"a$", "a$"},
      {"$.x", "$.x"},
      {"${}x", "x"},
      {"${open", "open"},
      {"$1x", "x"},
  };
  for (const auto& [given, expected] : rows) EXPECT_EQ(env.expand(given), expected) << given;
}

TEST(Links, AreFollowedInsideAndNeverOutside) {
  TestTree tree;
  tree.file("a/b/file", "x").link("a/l", "b").link("a/up", "../c").file("c/d", "y");
  tree.link("out", "../x")
      .link("abs", "/etc/passwd")
      .link("loop", "loop")
      .link("a/far", "b/../../..");
  EXPECT_EQ(*real_path(tree, "a/l/file"), "a/b/file");
  EXPECT_EQ(*real_path(tree, "a/up/d"), "c/d");
  EXPECT_EQ(*real_path(tree, ""), "");
  EXPECT_EQ(real_path(tree, "a/l/none").error().code(), Code::NotFound);
  for (const auto* bad : {"out", "abs", "loop", "a/far"})
    EXPECT_EQ(real_path(tree, bad).error().code(), Code::Invalid) << bad;
}

TEST(CheckTree, RefusesWhatIsNotThere) {
  const auto check = [](const TestTree& tree, std::size_t max = 100) {
    std::set<std::string> clean;
    const auto outcome = check_tree(tree, "app", max, clean);
    return outcome.ok() ? std::string("ok") : outcome.error().text();
  };
  EXPECT_EQ(check(TestTree().file("app/a.yaml", "x").file("app/d/b.yaml", "y")), "ok");
  EXPECT_EQ(check(TestTree().file("app/a", "x").submodule("app/sub")),
            "not supported: git submodule app/sub");
  EXPECT_EQ(check(TestTree().file("app/d/big.yaml",
                                  "version https://git-lfs.github.com/spec/v1\noid x\n")),
            "not supported: app/d/big.yaml is a Git LFS pointer");
  EXPECT_THAT(check(TestTree().link("app/l", "../../etc")), HasSubstr("out of the repository"));
  EXPECT_THAT(check(TestTree().file("app/1", "").file("app/2", "").file("app/3", ""), 2),
              HasSubstr("more than 2"));
  EXPECT_EQ(check(TestTree().submodule("other/sub").file("app/a", "x")), "ok");
}

api::HelmOptions with_files(std::vector<std::string> files) {
  api::HelmOptions options;
  options.value_files = std::move(files);
  return options;
}

std::vector<std::string> files_of(const TestTree& tree, const api::HelmOptions& options) {
  const auto found = value_files(tree, "charts/app", options, sample_env());
  if (!found.ok()) return {found.error().text()};
  std::vector<std::string> out;
  for (const auto& file : *found) out.push_back(file.path);
  return out;
}

TEST(ValueFiles, AreFoundAsArgoCdFindsThem) {
  TestTree tree;
  for (const auto* path : {"charts/app/a.yaml", "charts/app/b.yaml", "charts/app/c.yaml",
                           "charts/app/env/prod.yaml", "charts/app/env/x/deep.yaml", "root.yaml"})
    tree.file(path, "x");
  EXPECT_THAT(files_of(tree, with_files({"b.yaml", "a.yaml", "b.yaml"})),
              ElementsAre("charts/app/b.yaml", "charts/app/a.yaml"));
  EXPECT_THAT(files_of(tree, with_files({"/root.yaml", "../../root.yaml"})),
              ElementsAre("root.yaml"));
  EXPECT_THAT(files_of(tree, with_files({"env/$ARGOCD_APP_NAMESPACE.yaml"})),
              ElementsAre("charts/app/env/prod.yaml"));
  EXPECT_THAT(files_of(tree, with_files({"*.yaml", "a.yaml"})),
              ElementsAre("charts/app/b.yaml", "charts/app/c.yaml", "charts/app/a.yaml"));
  EXPECT_THAT(files_of(tree, with_files({"env/**/*.yaml"})),
              ElementsAre("charts/app/env/prod.yaml", "charts/app/env/x/deep.yaml"));
  EXPECT_THAT(files_of(tree, with_files({"none-*.yaml"})),
              ElementsAre("values file glob \"none-*.yaml\" matched no files"));
  auto lenient = with_files({"none.yaml", "none-*.yaml", "a.yaml"});
  lenient.ignore_missing_value_files = true;
  EXPECT_THAT(files_of(tree, lenient), ElementsAre("charts/app/a.yaml"));
  EXPECT_THAT(files_of(tree, with_files({"none.yaml"})), ElementsAre("charts/app/none.yaml"))
      << "without the flag Helm itself complains";
}

TEST(ValueFiles, NeverLeaveTheRepository) {
  for (const auto* bad : {"../../../x", "/../x", "a/../../../../x", "..\\x", "https://h/v.yaml",
                          "http://h/v.yaml", "file:///etc/passwd", "s3://b/v"}) {
    EXPECT_FALSE(input_path("charts/app", bad).ok()) << bad;
  }
  EXPECT_EQ(input_path("charts/app", "https://h/v").error().code(), Code::Unimplemented);
  EXPECT_EQ(input_path("charts/app", "x/v").value(), "charts/app/x/v");
}

TEST(HelmInput, CommasAreEscapedAsArgoCdDoes) {
  EXPECT_EQ(escape_commas("a,b"), "a\\,b");
  EXPECT_EQ(escape_commas("a\\,b"), "a\\,b");
  EXPECT_EQ(escape_commas("{a,b}"), "{a,b}");
  EXPECT_EQ(escape_commas(",a"), ",a");
  EXPECT_EQ(escape_commas("plain"), "plain");
}

TEST(HelmInput, KubeVersionLosesItsVendorSuffix) {
  EXPECT_EQ(*plain_kube_version("v1.36.3-gke.100"), "1.36.3");
  EXPECT_EQ(*plain_kube_version("1.30"), "1.30");
  EXPECT_EQ(*plain_kube_version("1.30+"), "1.30");
  EXPECT_EQ(*plain_kube_version(""), "");
  EXPECT_FALSE(plain_kube_version("latest").ok());
  EXPECT_FALSE(plain_kube_version("1").ok());
}

TEST(HelmInput, CarriesEverythingThatTheSourceSays) {
  auto tree = std::make_shared<TestTree>();
  tree->file("charts/app/v.yaml", "x: 1").file("script.sh", "echo");
  api::HelmOptions options = with_files({"v.yaml", "none.yaml"});
  options.values = "ignored: true";
  options.values_object = value::Value::object({{"y", 2}});
  options.parameters = {
      {"a", "1", false}, {"b", "x,y", true}, {"a", "$ARGOCD_APP_NAMESPACE", false}};
  options.file_parameters = {{"s", "/script.sh"}};
  options.skip_crds = true;
  RenderContext context;
  context.app_name = "app";
  context.destination_namespace = "prod";
  context.kube_version = "v1.36.3";
  const auto input = helm_input(tree, "charts/app", options, context, sample_env());
  ASSERT_TRUE(input.ok()) << input.error().text();
  ASSERT_EQ(input->values.size(), 6U);
  EXPECT_EQ(input->values[0].text, "x: 1");
  EXPECT_EQ(input->values[1].read_error, "open none.yaml: no such file or directory");
  EXPECT_EQ(input->values[2].text, "{\"y\":2}");
  EXPECT_EQ(input->values[3].text, "b=x\\,y");
  EXPECT_EQ(input->values[3].role, helm::InputRole::set_string);
  EXPECT_EQ(input->values[4].text, "a=prod");
  EXPECT_EQ(input->values[5].text, "s=script.sh");
  EXPECT_EQ(input->set_files.at("script.sh"), "echo");
  EXPECT_EQ(input->release.name, "app");
  EXPECT_EQ(input->release.namespace_, "prod");
  EXPECT_EQ(input->kube_version, "1.36.3");
  EXPECT_FALSE(input->include_crds);
}

std::vector<std::string> names(const TestTree& tree, const api::DirectoryOptions& options,
                               std::size_t max = 1000) {
  const auto files = manifest_files(tree, "app", options, max);
  if (!files.ok()) return {files.error().text()};
  std::vector<std::string> out;
  for (const auto& file : *files) out.push_back(file.name);
  return out;
}

TEST(Directory, ListsTheFilesThatArgoCdWould) {
  TestTree tree;
  tree.file("app/b.yaml", "1").file("app/a.yml", "1").file("app/README.md", "1");
  tree.file("app/sub/c.json", "1").file("other.yaml", "1").link("app/l.yaml", "../other.yaml");
  tree.link("app/gone.yaml", "nothing.yaml");
  EXPECT_THAT(names(tree, {}), ElementsAre("a.yml", "b.yaml", "l.yaml"));
  api::DirectoryOptions options;
  options.recurse = true;
  EXPECT_THAT(names(tree, options), ElementsAre("a.yml", "b.yaml", "l.yaml", "sub/c.json"));
  options.exclude = "sub/*";
  EXPECT_THAT(names(tree, options), ElementsAre("a.yml", "b.yaml", "l.yaml"));
  options.exclude = "";
  options.include = "{b.yaml,sub/*}";
  EXPECT_THAT(names(tree, options), ElementsAre("b.yaml", "sub/c.json"));
  EXPECT_THAT(names(tree, {}, 2), ElementsAre(HasSubstr("larger than 2 bytes")));
  tree.file("app/x.jsonnet", "1");
  EXPECT_THAT(names(tree, {}), ElementsAre("not supported: jsonnet (x.jsonnet)"));
}

std::string read_all(const TestTree& tree) {
  const auto files = manifest_files(tree, "app", {}, 100'000);
  if (!files.ok()) return files.error().text();
  const auto texts = read_files(tree, *files);
  if (!texts.ok()) return texts.error().text();
  const auto objects = read_manifests(*texts);
  if (!objects.ok()) return objects.error().text();
  std::string out;
  for (const auto& object : *objects) out += std::string(object["kind"].text()) + ";";
  return out;
}

TEST(Directory, ReadsManifestsAndPassesOverTheRest) {
  const std::string config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";
  TestTree tree;
  tree.file("app/1.yaml", config + "---\n# nothing\n---\n\n---\n" + config);
  tree.file("app/2.json", R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"b"}})");
  tree.file("app/3.yaml", "# +argocd:skip-file-rendering\n" + config);
  tree.file("app/values.yaml", "replicas: 3\n");
  EXPECT_EQ(read_all(tree), "ConfigMap;ConfigMap;Secret;");
  EXPECT_THAT(read_all(TestTree().file("app/a.yaml", config + "---\nfoo: [\n")),
              HasSubstr("Failed to unmarshal \"a.yaml\""));
  EXPECT_THAT(read_all(TestTree().file("app/a.yaml", config + "---\nfoo: 1\n")),
              HasSubstr("Object 'Kind' is missing"));
  EXPECT_THAT(read_all(TestTree().file("app/a.json", "{} {}")), HasSubstr("a.json"));
}

}  // namespace
}  // namespace tiphys::source
