#include "tiphys/gotmpl/native.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/gotmpl/template.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace tiphys::gotmpl {
namespace {

using value::Value;

/// type KubeVersion struct { Version, major string }, func (k *KubeVersion) String() string.
class KubeVersion : public NativeObject {
 public:
  std::string_view go_type() const override { return "common.KubeVersion"; }
  std::vector<std::pair<std::string_view, Value>> fields() const override {
    return {{"Version", Value("v1.36.0")}, {"major", Value("1")}};
  }
  std::optional<std::string> pointer_text() const override { return "v1.36.0"; }
};

/// type Capabilities struct { KubeVersion KubeVersion }, used as a pointer.
class Capabilities : public NativeObject {
 public:
  std::string_view go_type() const override { return "*common.Capabilities"; }
  Shape shape() const override { return Shape::pointer; }
  std::vector<std::pair<std::string_view, Value>> fields() const override {
    return {{"KubeVersion", Value(std::make_shared<const KubeVersion>())}};
  }
  const Function* method(std::string_view name) const override {
    static constexpr Function kHas{
        "Has", "string", [](Call& call) -> base::Result<Value> {
          return Value(call.args[0].string() == "apps/v1" && call.receiver != nullptr);
        }};
    return name == "Has" ? &kHas : nullptr;
  }
};

/// type files map[string][]byte.
class Files : public NativeObject {
 public:
  std::string_view go_type() const override { return "engine.files"; }
  Shape shape() const override { return Shape::map; }
  Value underlying() const override {
    return Value::object({{"a.txt", Value("hi").as(value::GoType::bytes)}});
  }
};

std::string render(std::string_view text) {
  TemplateSet set(std::make_shared<FunctionTable>());
  const auto parsed = set.parse("t", text);
  if (!parsed.ok()) return parsed.error().text();
  const Value data = Value::object({{"C", Value(std::make_shared<const Capabilities>())},
                                    {"F", Value(std::make_shared<const Files>())}});
  const auto out = set.execute("t", data);
  return out.ok() ? *out : out.error().text();
}

TEST(NativeObject, FieldsPrintByThePointersStringerOnlyWhenAddressed) {
  EXPECT_EQ(render("{{.C.KubeVersion}}"), "v1.36.0");
  EXPECT_EQ(render("{{.C.KubeVersion | print}}"), "{v1.36.0 1}");
  EXPECT_EQ(render("{{printf \"%s|%+v|%T\" .C.KubeVersion .C.KubeVersion .C}}"),
            "{v1.36.0 1}|{Version:v1.36.0 major:1}|*common.Capabilities");
}

TEST(NativeObject, MethodsComeFirstAndTakeTypedArguments) {
  EXPECT_EQ(render("{{.C.Has \"apps/v1\"}}{{\"x\" | .C.Has}}"), "truefalse");
  EXPECT_EQ(render("{{.C.Has 1}}"),
            "template: t:1:9: executing \"t\" at <1>: expected string; found 1");
  EXPECT_EQ(
      render("{{.C.Has}}"),
      "template: t:1:4: executing \"t\" at <.C.Has>: wrong number of args for Has: want 1 got 0");
}

TEST(NativeObject, UnknownAndUnexportedFieldsAreErrors) {
  EXPECT_EQ(render("{{.C.Nope}}"),
            "template: t:1:4: executing \"t\" at <.C.Nope>: can't evaluate field Nope in type "
            "interface {}");
  EXPECT_EQ(render("{{.C.KubeVersion.major}}"),
            "template: t:1:4: executing \"t\" at <.C.KubeVersion.major>: major is an unexported "
            "field of struct type common.KubeVersion");
  EXPECT_EQ(
      render("{{.C.KubeVersion.Version 1}}"),
      "template: t:1:4: executing \"t\" at <.C.KubeVersion.Version>: Version has arguments but "
      "cannot be invoked as function");
}

TEST(NativeObject, NamedMapsBehaveAsMaps) {
  EXPECT_EQ(render("{{range $k, $v := .F}}{{$k}}={{printf \"%s\" $v}}{{end}}{{len .F}}"),
            "a.txt=hi1");
  EXPECT_EQ(render("{{index .F \"a.txt\"}}|{{.F}}"), "[104 105]|map[a.txt:[104 105]]");
  EXPECT_EQ(render("{{if .F}}yes{{end}}{{printf \"%T\" .F}}"), "yesengine.files");
}

}  // namespace
}  // namespace tiphys::gotmpl
