// Expected values were seen with Helm 4.2.4's strvals.
#include "helm/strvals.hpp"

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

namespace tiphys::helm {
namespace {

using value::Map;
using value::Value;

std::string set(const std::string& text, const std::string& into = "{}",
                Profile profile = Profile::v4_2) {
  Value tree = *value::parse_json(into, value::Numbers::float64);
  const auto status = set_values(text, tree, profile);
  if (!status.ok()) return "error: " + status.error().text();
  return *value::write_json(tree);
}

TEST(Strvals, TypesValues) {
  EXPECT_EQ(set("a=1,b=-5,c=007,d=1.5,e=TRUE,f=null,g=,h=0"),
            R"({"a":1,"b":-5,"c":"007","d":"1.5","e":true,"f":null,"g":"","h":0})");
}

TEST(Strvals, NestsAndIndexes) {
  EXPECT_EQ(set("a.b.c=x,l[2]=y,m[0].k=v,n[1][1]=z"),
            R"({"a":{"b":{"c":"x"}},"l":[null,null,"y"],"m":[{"k":"v"}],"n":[null,[null,"z"]]})");
}

TEST(Strvals, ReadsListsAndEscapes) {
  EXPECT_EQ(set(R"(a={x,1,true},b=p\,q,c\.d=e,f={})"),
            R"({"a":["x",1,true],"b":"p,q","c.d":"e","f":[""]})");
}

TEST(Strvals, ReportsMistakesAsHelm) {
  EXPECT_EQ(set("a"), "error: key \"a\" has no value");
  EXPECT_EQ(set("a,b=1"), "error: key \"a\" has no value (cannot end with ,)");
  EXPECT_EQ(set("a={x"), "error: list must terminate with '}'");
  EXPECT_EQ(set("a[-1]=x"), "error: negative -1 index not allowed");
  EXPECT_EQ(set("a[x]=1"),
            "error: error parsing index: strconv.Atoi: parsing \"x\": invalid syntax");
  EXPECT_EQ(set("a[65537]=1"),
            "error: index of 65537 is greater than maximum supported index of 65536");
  EXPECT_EQ(set("a.b=1", R"({"a":"s"})"),
            "error: unable to parse key: interface conversion: interface {} is string, not "
            "map[string]interface {}");
}

TEST(Strvals, AnUnclosedIndexIsSilentInHelm4Only) {
  EXPECT_EQ(set("a[0=1"), "{}");
  EXPECT_EQ(set("a[0=1", "{}", Profile::v3_21), "error: error parsing index: EOF");
}

TEST(Strvals, JsonAndLiteral) {
  Value tree{Map()};
  ASSERT_TRUE(set_json(R"(a={"x":[1,2]},b=null,c=,d="s")", tree).ok());
  ASSERT_TRUE(set_literal(R"(e.f=1,2\n={})", tree).ok());
  EXPECT_EQ(*value::write_json(tree),
            R"({"a":{"x":[1,2]},"b":null,"c":null,"d":"s","e":{"f":"1,2\\n={}"}})");
}

}  // namespace
}  // namespace tiphys::helm
