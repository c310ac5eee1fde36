#include "tiphys/helm/transcript.hpp"

#include "tiphys/base/file_tree.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

namespace tiphys::helm {
namespace {

using value::Value;

/// A chart whose one manifest holds this text.
RenderInput chart_with(const std::string& text) {
  auto tree = std::make_shared<base::MemoryTree>();
  tree->add("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n");
  tree->add("c/templates/_help.tpl", "{{ define \"help\" }}{{ randAlpha 3 }}{{ end }}");
  tree->add("c/templates/cm.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n" + text + "\n");
  RenderInput input;
  input.chart = {.tree = tree, .path = "c", .archive = "", .shown = "c"};
  return input;
}

/// Answers with what it was asked.
class Echo final : public Lookup {
 public:
  base::Result<Value> lookup(std::string_view api_version, std::string_view kind,
                             std::string_view ns, std::string_view name) override {
    ++asked;
    return Value::object({{"of", Value(std::string(api_version) + " " + std::string(kind) + " " +
                                       std::string(ns) + " " + std::string(name))}});
  }
  int asked = 0;
};

Manifests rendered(const RenderInput& input, Environment& environment) {
  auto out = render(input, environment);
  EXPECT_TRUE(out.ok()) << out.error().text();
  return out.ok() ? *std::move(out) : Manifests();
}

TEST(Transcript, TellsFunctionArgumentsTemplateOrdinalAndAnswer) {
  Environment environment;
  const Manifests out =
      rendered(chart_with("  a: {{ randAlphaNum 8 }}\n  b: {{ randAlphaNum 9 }}\n"
                          "  c: {{ include \"help\" . }}\n  d: {{ now | unixEpoch | quote }}"),
               environment);
  ASSERT_EQ(out.transcript.size(), 4U);
  const auto& [a, b, c, d] =
      std::tie(out.transcript[0], out.transcript[1], out.transcript[2], out.transcript[3]);
  const Value& data = out.manifests.at(0).tree["data"];
  EXPECT_EQ(a, (TranscriptEntry{.function = "randAlphaNum",
                                .arguments = "[8]",
                                .template_name = "c/templates/cm.yaml",
                                .ordinal = 0,
                                .answer = '"' + std::string(data["a"].text()) + '"'}));
  EXPECT_EQ(b.ordinal, 1U);
  EXPECT_EQ(b.arguments, "[9]");
  EXPECT_EQ(c.template_name, "help");
  EXPECT_EQ(c.ordinal, 0U);
  EXPECT_EQ(c.answer, '"' + std::string(data["c"].text()) + '"');
  EXPECT_EQ(d.function, "now");
  // Nanoseconds.
  EXPECT_EQ(d.answer.substr(0, d.answer.size() - 9), data["d"].text());
}

TEST(Transcript, KeysAndCertificatesAreInIt) {
  Environment environment;
  const Manifests out = rendered(
      chart_with("  k: {{ genPrivateKey \"ed25519\" | quote }}\n"
                 "  {{- $ca := genCAWithKey \"ca\" 1 (genPrivateKey \"ed25519\") }}\n"
                 "  c: {{ (genSignedCertWithKey \"x\" nil nil 1 $ca "
                 "(genPrivateKey \"ed25519\")).Cert | quote }}\n  h: {{ htpasswd \"u\" \"p\" }}\n"
                 "  u: {{ uuidv4 }}"),
      environment);
  std::map<std::string, int> asked;
  for (const TranscriptEntry& entry : out.transcript) ++asked[entry.function];
  EXPECT_EQ(asked, (std::map<std::string, int>{{"genPrivateKey", 3},
                                               {"genCAWithKey", 1},
                                               {"genSignedCertWithKey", 1},
                                               {"htpasswd", 1},
                                               {"uuidv4", 1}}));
}

TEST(Transcript, IsEmptyWhereTheInputDecidesEverything) {
  Environment environment;
  const RenderInput input = chart_with(
      "  a: {{ lookup \"v1\" \"Secret\" \"ns\" \"s\" | toJson | quote }}\n"
      "  b: {{ derivePassword 1 \"long\" \"p\" \"u\" \"s\" }}\n  c: {{ .Values | toJson | quote "
      "}}");
  EXPECT_TRUE(rendered(input, environment).transcript.empty());
}

TEST(Transcript, LookupIsInItWithWhatItWasAnsweredThen) {
  Echo echo;
  Environment environment;
  environment.lookup = &echo;
  const Manifests out =
      rendered(chart_with("  {{- $s := lookup \"v1\" \"Secret\" \"ns\" \"s\" }}\n  a: {{ $s.of }}\n"
                          "  {{- $_ := set $s \"of\" \"changed\" }}\n  b: {{ $s.of }}"),
               environment);
  EXPECT_EQ(out.manifests.at(0).tree["data"]["b"].text(), "changed");
  EXPECT_EQ(out.transcript, (Transcript{{.function = "lookup",
                                         .arguments = R"(["v1","Secret","ns","s"])",
                                         .template_name = "c/templates/cm.yaml",
                                         .ordinal = 0,
                                         .answer = R"({"of":"v1 Secret ns s"})"}}));
}

TEST(Transcript, AnotherRenderAnswersFromItButNeverLookup) {
  Echo echo;
  Environment environment;
  environment.lookup = &echo;
  const RenderInput input = chart_with(
      "  a: {{ randAlphaNum 12 }}\n  b: {{ now | date \"150405.000000000\" | quote }}\n"
      "  c: {{ (lookup \"v1\" \"Secret\" \"\" \"s\").of }}\n"
      "  d: {{ (genSelfSignedCertWithKey \"x\" nil nil 1 (genPrivateKey \"ed25519\")).Key | quote "
      "}}");
  const Manifests first = rendered(input, environment);
  sprig::SystemSource source;
  sprig::FreshEntropy fresh(source);
  Remembering memory(first.transcript, fresh);
  environment.entropy = &memory;
  const Manifests second = rendered(input, environment);
  EXPECT_EQ(second.manifests.at(0).text, first.manifests.at(0).text);
  EXPECT_EQ(second.transcript, first.transcript);
  EXPECT_EQ(echo.asked, 2);
  // Another argument is another question.
  const Manifests third = rendered(chart_with("  a: {{ randAlphaNum 13 }}"), environment);
  EXPECT_EQ(third.manifests.at(0).tree["data"]["a"].text().size(), 13U);
}

TEST(Transcript, ArgumentsThatHoldThemselvesOrDoubleAreNotWrittenOut) {
  Environment environment;
  const Manifests out = rendered(
      chart_with("  {{- $d := list 1 }}{{ range until 40 }}{{ $d = list $d $d }}{{ end }}\n"
                 "  {{- $c := dict }}{{ $_ := set $c \"c\" $c }}\n"
                 "  a: {{ htmlDate $d }}\n  b: {{ htmlDate $c }}{{ $_ := unset $c \"c\" }}\n  c: "
                 "{{ htmlDate (list 1) }}"),
      environment);
  ASSERT_EQ(out.transcript.size(), 3U);
  EXPECT_EQ(out.transcript[0].arguments, R"(["<a tree that is too large to keep>"])");
  EXPECT_EQ(out.transcript[1].arguments, R"(["<a tree that is too large to keep>"])");
  EXPECT_EQ(out.transcript[2].arguments, "[[1]]");
}

TEST(Transcript, HasALimit) {
  Environment environment;
  const auto out =
      render(chart_with("  {{- range until 12 }}\n  {{- $_ := shuffle (repeat 2000000 \"x\") }}\n"
                        "  {{- end }}\n  a: \"\""),
             environment);
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.error().code(), base::Code::ResourceExhausted);
  EXPECT_NE(out.error().text().find("shuffle"), std::string::npos) << out.error().text();
  EXPECT_NE(out.error().text().find("limit of 33554432 bytes"), std::string::npos);
}

}  // namespace
}  // namespace tiphys::helm
