#include "unit/source/direct_runner.hpp"
#include "unit/source/fake_repo.hpp"

#include "tiphys/api/source.hpp"
#include "tiphys/source/renderer.hpp"
#include "tiphys/source/source.hpp"
#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace tiphys::source {
namespace {

using testing::DirectRunner;
using testing::FakePoller;
using ::testing::HasSubstr;
using testing::TestTree;

const std::string kOne(40, '1');
const std::string kTwo(40, '2');
const std::string kConfig =
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cfg\ndata:\n  a: \"1\"\n";

class SourcesTest : public ::testing::Test {
 protected:
  SourcesTest() {
    SourceHooks hooks;
    hooks.rendered = [this] { ++rendered; };
    hooks.reused = [this] { ++reused; };
    sources = make_sources(poller, *renderer, {}, hooks);
    context.app_name = "app";
    context.app_namespace = context.control_namespace = "argocd";
    context.project = "default";
    context.destination_namespace = "prod";
    context.kube_version = "v1.36.3";
    poller.targets = {{"", kOne}, {"next", kTwo}};
  }

  std::shared_ptr<TestTree> commit(const std::string& id) {
    auto tree = std::make_shared<TestTree>();
    poller.trees[id] = tree;
    return tree;
  }
  static api::Source source(const std::string& yaml) {
    auto parsed =
        api::parse_source(*value::parse_yaml("repoURL: https://h.org/r\n" + yaml), "spec.source");
    EXPECT_TRUE(parsed.ok()) << parsed.error().text();
    return *parsed;
  }
  base::Result<RenderedSource> render(const std::string& yaml) {
    const std::vector<api::Source> list{source(yaml)};
    Resolved resolved = sources->resolve({}, list, "default");
    if (resolved.kind == Resolved::Kind::failed) return *resolved.error;
    EXPECT_EQ(resolved.kind, Resolved::Kind::ready);
    return sources->render(resolved.sources.at(0), context);
  }
  std::string error_of(const std::string& yaml) {
    const auto outcome = render(yaml);
    return outcome.ok() ? "ok" : outcome.error().text();
  }

  FakePoller poller;
  DirectRunner runner{add_jobs};
  std::unique_ptr<Renderer> renderer = make_worker_renderer(runner, [] { return RenderLimits(); });
  std::unique_ptr<Sources> sources;
  RenderContext context;
  int rendered = 0;
  int reused = 0;
};

void add_chart(TestTree& tree, const std::string& folder) {
  tree.file(folder + "/Chart.yaml", "apiVersion: v2\nname: demo\nversion: 0.1.0\n");
  tree.file(folder + "/values.yaml", "text: plain\n");
  tree.file(folder + "/templates/cm.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n"
            "  namespace: {{ .Release.Namespace }}\ndata:\n  text: {{ .Values.text | quote }}\n");
}

TEST_F(SourcesTest, RendersAPlainDirectoryAndExpandsLists) {
  commit(kOne)
      ->file("app/a.yaml", kConfig)
      .file("app/list.yaml",
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata:\n"
            "    name: one\n- apiVersion: v1\n  kind: Service\n  metadata:\n    name: two\n");
  const auto out = render("path: app");
  ASSERT_TRUE(out.ok()) << out.error().text();
  EXPECT_EQ(out->type, SourceType::Directory);
  ASSERT_EQ(out->objects.size(), 3U);
  EXPECT_EQ(out->objects[1].kind(), "Secret");
  EXPECT_EQ(out->objects[2].name(), "two");
}

TEST_F(SourcesTest, RendersAChartWithItsValues) {
  auto tree = commit(kOne);
  add_chart(*tree, "chart");
  tree->file("chart/prod.yaml", "text: from file\n");
  auto out = render("path: chart");
  ASSERT_TRUE(out.ok()) << out.error().text();
  EXPECT_EQ(out->type, SourceType::Helm);
  ASSERT_EQ(out->objects.size(), 1U);
  EXPECT_EQ(out->objects[0].name(), "app");
  EXPECT_EQ(out->objects[0].tree().at({"data", "text"}).text(), "plain");
  out = render("path: chart\nhelm:\n  valueFiles: [prod.yaml]\n  releaseName: r\n");
  ASSERT_TRUE(out.ok()) << out.error().text();
  EXPECT_EQ(out->objects[0].name(), "r");
  EXPECT_EQ(out->objects[0].tree().at({"data", "text"}).text(), "from file");
  out = render(
      "path: chart\nhelm:\n  parameters: [{name: text, value: $ARGOCD_APP_NAME}]\n"
      "  valuesObject: {text: object}\n");
  ASSERT_TRUE(out.ok()) << out.error().text();
  EXPECT_EQ(out->objects[0].tree().at({"data", "text"}).text(), "app");
}

TEST_F(SourcesTest, AWorkerServesTheProjectAndAsksOnceAFolder) {
  auto tree = commit(kOne);
  add_chart(*tree, "chart");
  tree->file("chart/big.txt", std::string(100'000, 'x'));
  context.project = "team";
  ASSERT_TRUE(render("path: chart").ok());
  EXPECT_EQ(runner.scopes, std::vector<std::string>{"team"});
  const auto asked = [&](const std::string& question) {
    return std::ranges::count(runner.questions, question);
  };
  EXPECT_EQ(asked("list chart"), 1);
  EXPECT_EQ(asked("list chart/templates"), 1);
  EXPECT_EQ(asked("read chart/Chart.yaml"), 0);
  EXPECT_EQ(asked("read chart/big.txt"), 1);
}

TEST_F(SourcesTest, ACommitThatChangesNoInputRendersNothing) {
  for (const auto& id : {kOne, kTwo}) {
    auto tree = commit(id);
    add_chart(*tree, "chart");
    tree->file("plain/a.yaml", kConfig);
    tree->file("elsewhere/x", id);
  }
  for (const auto* path : {"path: chart\n", "path: plain\n"}) {
    rendered = reused = 0;
    const auto first = render(path);
    const auto second = render(std::string(path) + "targetRevision: next\n");
    ASSERT_TRUE(first.ok() && second.ok());
    EXPECT_EQ(rendered, 1) << path;
    EXPECT_EQ(reused, 1) << path;
    EXPECT_TRUE(second->from_cache);
    EXPECT_EQ(first->digest, second->digest);
    ASSERT_EQ(second->objects.size(), 1U);
    EXPECT_TRUE(value::equal(first->objects[0].tree(), second->objects[0].tree()));
  }
}

TEST_F(SourcesTest, AChangedInputRendersAgain) {
  for (const auto& id : {kOne, kTwo}) {
    auto tree = commit(id);
    add_chart(*tree, "chart");
    tree->file("shared/values.yaml", "text: " + std::string(id == kOne ? "one" : "two") + "\n");
  }
  const std::string yaml = "path: chart\nhelm:\n  valueFiles: [/shared/values.yaml]\n";
  const auto first = render(yaml);
  const auto second = render("targetRevision: next\n" + yaml);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(rendered, 2);
  EXPECT_EQ(second->objects[0].tree().at({"data", "text"}).text(), "two");
  context.destination_namespace = "other";
  ASSERT_TRUE(render(yaml).ok());
  EXPECT_EQ(rendered, 3);
}

void add_password(TestTree& tree, const std::string& folder, const std::string& expression) {
  tree.file(folder + "/Chart.yaml", "apiVersion: v2\nname: demo\nversion: 0.1.0\n");
  tree.file(folder + "/templates/s.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  password: " +
                expression + "\n  text: {{ .Values.text | quote }}\n");
}

std::string password_of(const base::Result<RenderedSource>& rendered) {
  EXPECT_TRUE(rendered.ok()) << rendered.error().text();
  if (!rendered.ok() || rendered->objects.size() != 1) return {};
  return std::string(rendered->objects[0].tree().at({"stringData", "password"}).text());
}

TEST_F(SourcesTest, TwoApplicationsAlikeInAllInputsGetRandomValuesOfTheirOwn) {
  auto tree = commit(kOne);
  add_password(*tree, "random", "{{ randAlphaNum 24 | quote }}");
  add_password(*tree, "clock", "{{ now | date \"150405.000000000\" | quote }}");
  const std::string release = "helm: {releaseName: same}\n";
  for (const std::string path : {"random", "clock"}) {
    const std::string yaml = fmt::format("path: {}\n{}", path, release);
    rendered = reused = 0;
    context.app_name = "one";
    const auto one = render(yaml);
    context.app_name = "two";
    const auto two = render(yaml);
    EXPECT_NE(password_of(one), password_of(two)) << path;
    EXPECT_NE(one->digest, two->digest);
    EXPECT_EQ(rendered, 2);
    // The same application with the same inputs keeps its own.
    context.app_name = "one";
    const auto again = render(yaml);
    EXPECT_EQ(password_of(again), password_of(one));
    EXPECT_EQ(again->digest, one->digest);
    EXPECT_TRUE(again->from_cache);
    EXPECT_EQ(rendered, 2);
    context.app_namespace = "team";
    EXPECT_NE(password_of(render(yaml)), password_of(one)) << "another application";
    context.app_namespace = "argocd";
  }
}

TEST_F(SourcesTest, AWorkerGivesTheTranscriptAndIsAnsweredFromAnOlderOne) {
  auto tree = commit(kOne);
  add_password(*tree, "chart", "{{ randAlphaNum 24 }}{{ uuidv4 }}");
  helm::RenderInput input;
  input.chart.tree = tree;
  input.chart.path = "chart";
  ChartCall call;
  call.tenant = "team";
  const auto first = renderer->chart(input, call);
  ASSERT_TRUE(first.ok()) << first.error().text();
  ASSERT_EQ(first->transcript.size(), 2U);
  EXPECT_EQ(first->transcript[0].function, "randAlphaNum");
  EXPECT_EQ(first->transcript[0].arguments, "[24]");
  EXPECT_EQ(first->transcript[0].template_name, "demo/templates/s.yaml");
  EXPECT_EQ(first->transcript[0].ordinal, 0U);
  EXPECT_EQ(first->transcript[1].function, "uuidv4");
  const auto password = [](const RenderedChart& chart) {
    return std::string(chart.objects.at(0).at({"stringData", "password"}).text());
  };
  EXPECT_EQ('"' + password(*first).substr(0, 24) + '"', first->transcript[0].answer);
  EXPECT_NE(password(*renderer->chart(input, call)), password(*first));
  call.known = first->transcript;
  EXPECT_EQ(password(*renderer->chart(input, call)), password(*first));
}

TEST_F(SourcesTest, AChartWithoutRandomnessIsRenderedOnceForAllApplications) {
  add_chart(*commit(kOne), "chart");
  const std::string yaml = "path: chart\nhelm: {releaseName: same}\n";
  context.app_name = "one";
  const auto one = render(yaml);
  context.app_name = "two";
  const auto two = render(yaml);
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(rendered, 1);
  EXPECT_EQ(one->digest, two->digest);
}

/// Answers by heart, and counts.
class FakeLookup final : public helm::Lookup {
 public:
  base::Result<value::Value> lookup(std::string_view api_version, std::string_view kind,
                                    std::string_view ns, std::string_view name) override {
    ++asked;
    if (!error.empty()) return base::Error(base::Code::Forbidden, error);
    const auto found = answers.find(fmt::format("{} {} {} {}", api_version, kind, ns, name));
    if (found == answers.end()) return value::Value(value::Map());
    return value::parse_yaml(found->second);
  }
  std::map<std::string, std::string> answers;
  std::string error;
  int asked = 0;
};

const std::string kKeptPassword =
    "{{ ((lookup \"v1\" \"Secret\" \"prod\" \"s\").data).password | default (randAlphaNum 24) | "
    "quote }}";

TEST_F(SourcesTest, LookupIsAnsweredOverThePipeAndAskedAgainAtEveryRender) {
  add_password(*commit(kOne), "chart", kKeptPassword);
  FakeLookup cluster;
  context.lookup = &cluster;
  const auto first = render("path: chart");
  EXPECT_EQ(password_of(first).size(), 24U);
  EXPECT_TRUE(first->asked_cluster);
  EXPECT_EQ(cluster.asked, 1);
  ASSERT_EQ(runner.questions.back().substr(0, 7), "lookup ");
  // Nothing is found still: what was random stays, and no chart is rendered.
  const auto second = render("path: chart");
  EXPECT_EQ(password_of(second), password_of(first));
  EXPECT_TRUE(second->from_cache && second->asked_cluster);
  EXPECT_EQ(cluster.asked, 2);
  EXPECT_EQ(rendered, 1);
  cluster.answers["v1 Secret prod s"] = "{kind: Secret, data: {password: found}}";
  const auto third = render("path: chart");
  EXPECT_EQ(password_of(third), "found");
  EXPECT_EQ(rendered, 2);
  EXPECT_NE(third->digest, first->digest);
}

TEST_F(SourcesTest, AnotherAnswerOfTheClusterChangesNothingRandom) {
  add_password(*commit(kOne), "chart",
               "{{ randAlphaNum 24 }}-{{ (lookup \"v1\" \"ConfigMap\" \"prod\" \"c\").kind }}");
  FakeLookup cluster;
  context.lookup = &cluster;
  const std::string first = password_of(render("path: chart"));
  cluster.answers["v1 ConfigMap prod c"] = "{kind: ConfigMap}";
  EXPECT_EQ(password_of(render("path: chart")), first + "ConfigMap");
}

TEST_F(SourcesTest, AListIsTheSameWhileItsItemsAre) {
  add_password(*commit(kOne), "chart",
               "{{ len (lookup \"v1\" \"Pod\" \"prod\" \"\").items | quote }}");
  FakeLookup cluster;
  context.lookup = &cluster;
  auto& pods = cluster.answers["v1 Pod prod "];
  pods = "{kind: PodList, metadata: {resourceVersion: \"1\"}, items: [{kind: Pod}]}";
  EXPECT_EQ(password_of(render("path: chart")), "1");
  pods = "{kind: PodList, metadata: {resourceVersion: \"2\"}, items: [{kind: Pod}]}";
  EXPECT_EQ(password_of(render("path: chart")), "1");
  EXPECT_EQ(rendered, 1);
  pods = "{kind: PodList, metadata: {resourceVersion: \"3\"}, items: [{kind: Pod}, {kind: Pod}]}";
  EXPECT_EQ(password_of(render("path: chart")), "2");
}

TEST_F(SourcesTest, ARefusedLookupIsAnErrorEvenBesideAnOlderRender) {
  add_password(*commit(kOne), "chart", kKeptPassword);
  FakeLookup cluster;
  cluster.error = "the project says no";
  context.lookup = &cluster;
  EXPECT_THAT(error_of("path: chart"), HasSubstr("the project says no"));
  cluster.error.clear();
  const std::string kept = password_of(render("path: chart"));
  cluster.error = "not any more";
  EXPECT_THAT(error_of("path: chart"), HasSubstr("not any more"));
  cluster.error.clear();
  EXPECT_EQ(password_of(render("path: chart")), kept);
}

TEST_F(SourcesTest, WithoutALookupNobodyIsAskedAndTheAnswerIsEmpty) {
  add_password(*commit(kOne), "chart",
               "{{ lookup \"v1\" \"Secret\" \"prod\" \"s\" | toJson | quote }}");
  EXPECT_EQ(password_of(render("path: chart")), "{}");
  EXPECT_EQ(std::ranges::count_if(runner.questions,
                                  [](const auto& asked) { return asked.starts_with("lookup"); }),
            0);
  // With one it is another render.
  FakeLookup cluster;
  cluster.answers["v1 Secret prod s"] = "{a: 1}";
  context.lookup = &cluster;
  EXPECT_EQ(password_of(render("path: chart")), R"({"a":1})");
}

TEST_F(SourcesTest, AChartThatLooksUpWithoutEndIsStopped) {
  add_password(
      *commit(kOne), "chart",
      "{{ range until 2000 }}{{ lookup \"v1\" \"Secret\" \"prod\" (toString .) }}{{ end }}");
  FakeLookup cluster;
  context.lookup = &cluster;
  EXPECT_THAT(error_of("path: chart"), HasSubstr("one render may look up 1000 things at most"));
  EXPECT_EQ(cluster.asked, 1000);
}

TEST_F(SourcesTest, OverrideFilesAreMergedAndCannotMoveTheSource) {
  auto tree = commit(kOne);
  add_chart(*tree, "chart");
  tree->file("chart/.argocd-source.yaml",
             "path: elsewhere\nhelm:\n  parameters: [{name: text, value: all}]\n");
  auto out = render("path: chart");
  ASSERT_TRUE(out.ok()) << out.error().text();
  EXPECT_EQ(out->objects[0].tree().at({"data", "text"}).text(), "all");
  tree->file("chart/.argocd-source-app.yaml", "helm:\n  parameters: [{name: text, value: mine}]\n");
  out = render("path: chart");
  ASSERT_TRUE(out.ok()) << out.error().text();
  EXPECT_EQ(out->objects[0].tree().at({"data", "text"}).text(), "mine");
  tree->file("chart/.argocd-source-app.yaml", "kustomize: {namePrefix: x}\n");
  EXPECT_THAT(error_of("path: chart"), HasSubstr("not supported: spec.source.kustomize"));
}

TEST_F(SourcesTest, WhatIsMissingOrRefusedIsAnErrorAndNeverEmpty) {
  auto tree = commit(kOne);
  tree->file("plain/a.yaml", kConfig);
  tree->file("kust/kustomization.yaml", "resources: []").file("kust/Chart.yaml", "name: x");
  tree->file("sub/a.yaml", kConfig).submodule("sub/module");
  tree->file("lfs/a.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
  tree->link("leads-out", "../..");
  tree->file("file", "x");
  EXPECT_EQ(error_of("path: nosuch"), "nosuch: app path does not exist");
  EXPECT_EQ(error_of("path: /plain"), "/plain: app path is absolute");
  EXPECT_EQ(error_of("path: ../plain"), "../plain: app path outside root");
  EXPECT_EQ(error_of("path: file"), "file: app path is not a directory");
  EXPECT_THAT(error_of("path: leads-out"), HasSubstr("out of the repository"));
  EXPECT_EQ(error_of("path: kust"), "not supported: kustomize (kust/kustomization.yaml)");
  EXPECT_EQ(error_of("path: sub"), "not supported: git submodule sub/module");
  EXPECT_EQ(error_of("path: sub/module"), "not supported: git submodule sub/module");
  EXPECT_EQ(error_of("path: lfs"), "not supported: lfs/a.yaml is a Git LFS pointer");
  EXPECT_EQ(error_of("path: plain\ntargetRevision: nope"), "unable to resolve");
  EXPECT_EQ(error_of("chart: redis"), "not supported: spec.source.chart");
  EXPECT_EQ(error_of("path: plain\nhelm: {releaseName: x}\ndirectory: {recurse: true}"),
            "multiple application sources defined: Helm,Directory");
  EXPECT_NE(error_of("path: plain\nhelm: {releaseName: x}"), "ok") << "no chart there";
  EXPECT_EQ(error_of("path: plain"), "ok");
}

TEST_F(SourcesTest, PendingIsNeitherReadyNorFailed) {
  poller.pending = true;
  const std::vector<api::Source> list{source("path: app")};
  EXPECT_EQ(sources->resolve({}, list, "default").kind, Resolved::Kind::pending);
  EXPECT_EQ(sources->resolve({}, {}, "default").kind, Resolved::Kind::failed);
}

}  // namespace
}  // namespace tiphys::source
