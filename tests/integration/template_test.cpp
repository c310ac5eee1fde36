// `tiphys template --dry-run=server`: lookup and .Capabilities of a real API server. What is
// expected is what helm template of 4.2.4 and 3.21.4 print for the same chart and cluster.
#include "support/control_plane.hpp"
#include "support/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace tiphys::test {
namespace {

using testing::HasSubstr;

class TemplateOnServer : public testing::Test {
 protected:
  TemplateOnServer() {
    plane_.apply(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: given}\nstringData: {text: first}\n",
        space_.name());
    plane_.kubectl_ok({"label", "namespace", space_.name(), "seen=by-a-template"});
  }
  /// A chart that is one ConfigMap with these lines of data.
  void chart(const std::string& lines) const {
    std::filesystem::create_directories(folder_.path() / "c/templates");
    std::ofstream(folder_.path() / "c/Chart.yaml") << "apiVersion: v2\nname: c\nversion: 0.1.0\n";
    std::ofstream(folder_.path() / "c/templates/a.yaml")
        << "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " << space_.name() << "}\ndata:\n"
        << lines;
  }
  Output tiphys(std::vector<std::string> flags,
                std::map<std::string, std::string> environment = {}) const {
    std::vector<std::string> args = {TIPHYS_BINARY_DIR "/tiphys", "template", "r",
                                     (folder_.path() / "c").string()};
    args.insert(args.end(), flags.begin(), flags.end());
    return run({.argv = std::move(args), .environment = std::move(environment)}, {},
               milliseconds(60'000));
  }
  std::string kubeconfig() const { return plane_.kubeconfig().string(); }
  /// The text of a lookup's arguments.
  std::string at(const std::string& kind, const std::string& name) const {
    return "lookup \"v1\" \"" + kind + "\" \"" + space_.name() + "\" \"" + name + "\"";
  }

  ControlPlane& plane_ = ControlPlane::shared();
  TestNamespace space_{plane_, "lookup"};
  TempDir folder_;
};

TEST_F(TemplateOnServer, LooksUpAsHelmDoes) {
  chart("  one: {{ (" + at("Secret", "given") +
        ").data | toJson | quote }}\n"
        "  missing: {{ " +
        at("Secret", "nope") +
        " | toJson | quote }}\n"
        "  everywhere: {{ lookup \"v1\" \"Secret\" \"\" \"given\" | toJson | quote }}\n"
        "  unknown: {{ " +
        at("Nothing", "x") +
        " | toJson | quote }}\n"
        "  {{- $l := " +
        at("Secret", "") +
        " }}\n"
        "  list: {{ printf \"%s %s %d %s\" $l.kind $l.apiVersion (len $l.items) (index $l.items "
        "0).kind }}\n"
        "  keys: {{ keys $l | sortAlpha | join \",\" }} {{ keys $l.metadata | join \",\" }}\n"
        "  namespace: {{ (lookup \"v1\" \"Namespace\" \"ignored\" \"" +
        space_.name() + "\").metadata.labels.seen }}\n");
  const auto out = tiphys({"--dry-run=server", "--kubeconfig", kubeconfig()});
  EXPECT_EQ(out.exit_code, 0) << out.err;
  EXPECT_THAT(out.out, HasSubstr("  one: \"{\\\"text\\\":\\\"Zmlyc3Q=\\\"}\"\n"
                                 "  missing: \"{}\"\n"
                                 "  everywhere: \"{}\"\n"
                                 "  unknown: \"{}\"\n"
                                 "  list: SecretList v1 1 Secret\n"
                                 "  keys: apiVersion,items,kind,metadata resourceVersion\n"
                                 "  namespace: by-a-template\n"));
  EXPECT_EQ(tiphys({"--validate"}, {{"KUBECONFIG", kubeconfig()}}).out, out.out);
  EXPECT_EQ(
      tiphys({"--dry-run=server", "--helm-version", "3.21", "--kubeconfig", kubeconfig()}).out,
      out.out);
}

TEST_F(TemplateOnServer, TakesItsCapabilitiesFromTheServer) {
  chart(
      "  kube: {{ .Capabilities.KubeVersion.Version }}\n"
      "  apis: {{ .Capabilities.APIVersions.Has \"apps/v1/Deployment\" }} "
      "{{ .Capabilities.APIVersions.Has \"apps/v1/Scale\" }} "
      "{{ .Capabilities.APIVersions.Has \"policy/v1beta1\" }} "
      "{{ .Capabilities.APIVersions.Has \"made.up/v1\" }}\n"
      "  in: {{ .Release.Namespace }}\n");
  const auto version = plane_.get("/version").body["gitVersion"];
  const std::string served =
      "  kube: " + std::string(version.text()) + "\n  apis: true true false false\n";
  const std::vector<std::string> flags = {"--kube-version", "1.20.7",       "-a",
                                          "made.up/v1",     "--kubeconfig", kubeconfig()};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), flags.begin(), flags.end());
    return tiphys(more).out;
  };
  EXPECT_THAT(with({"--dry-run=server"}), HasSubstr(served + "  in: default\n"));
  EXPECT_THAT(with({"--dry-run=server", "-n", "here"}), HasSubstr(served + "  in: here\n"));
  EXPECT_THAT(with({"--dry-run=client"}),
              HasSubstr("  kube: v1.20.7\n  apis: false false true true\n"));
  // 3.21 has a flag for each.
  EXPECT_THAT(with({"--dry-run=server", "--helm-version", "3.21"}),
              HasSubstr("  kube: v1.20.7\n  apis: false false true true\n"));
  EXPECT_THAT(with({"--validate", "--helm-version", "3.21"}), HasSubstr(served));
}

TEST_F(TemplateOnServer, IsAnErrorWhereTheServerDoesNotAnswerOrRefuses) {
  chart("  one: {{ (" + at("Secret", "given") + ").data | toJson | quote }}\n");
  const auto gone = tiphys({"--dry-run=server", "--kubeconfig", kubeconfig(), "--kube-apiserver",
                            "https://127.0.0.1:1"});
  EXPECT_EQ(gone.exit_code, 1);
  EXPECT_THAT(gone.err, HasSubstr("cluster reachability check failed: kubernetes cluster "
                                  "unreachable: "));
  const auto context =
      tiphys({"--dry-run=server", "--kubeconfig", kubeconfig(), "--kube-context", "nope"});
  EXPECT_EQ(context.exit_code, 1);
  EXPECT_THAT(context.err, HasSubstr("context \"nope\""));
  const auto refused = tiphys({"--dry-run=server", "--kubeconfig", kubeconfig(), "--kube-as-user",
                               "nobody", "--kube-as-group", "system:authenticated"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, HasSubstr("User \"nobody\" cannot get resource \"secrets\""));
  EXPECT_THAT(refused.err, HasSubstr("templates/a.yaml:5:"));
}

TEST_F(TemplateOnServer, AsksNobodyByDefault) {
  chart("  one: {{ " + at("Secret", "given") + " | toJson | quote }}\n");
  auto audit = plane_.audit();
  const auto out = tiphys({"--kubeconfig", kubeconfig()});
  EXPECT_EQ(out.exit_code, 0) << out.err;
  EXPECT_THAT(out.out, HasSubstr("  one: \"{}\"\n"));
  plane_.sync_audit(audit);
  EXPECT_EQ(audit.count({.user_agent = "tiphys/"}), 0U);
}

}  // namespace
}  // namespace tiphys::test
