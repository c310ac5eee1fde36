#include "tiphys/value/patch.hpp"

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

#include <array>

namespace tiphys::value {
namespace {

Value json(std::string_view text) {
  auto tree = parse_json(text);
  EXPECT_TRUE(tree.ok()) << text;
  return std::move(tree).value_or(Value());
}

std::string text(const Value& value) { return write_json(value).value_or("?"); }

// The examples of RFC 6901, section 5.
TEST(Pointer, NamesWhatTheRfcSays) {
  const Value tree = json(R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"m~n":8," ":7})");
  EXPECT_EQ(text(*pointer_get(tree, "/foo/0")), "\"bar\"");
  EXPECT_EQ(text(*pointer_get(tree, "/")), "0");
  EXPECT_EQ(text(*pointer_get(tree, "/a~1b")), "1");
  EXPECT_EQ(text(*pointer_get(tree, "/c%d")), "2");
  EXPECT_EQ(text(*pointer_get(tree, "/ ")), "7");
  EXPECT_EQ(text(*pointer_get(tree, "/m~0n")), "8");
  EXPECT_EQ(pointer_get(tree, ""), &tree);
  for (const char* none : {"/x", "/foo/2", "/foo/01", "/foo/-", "/foo/0/x", "foo", "/m~2n"})
    EXPECT_EQ(pointer_get(tree, none), nullptr) << none;
  EXPECT_EQ(escape_pointer_token("a/b~c"), "a~1b~0c");
}

TEST(Pointer, SetsAndRemoves) {
  Value tree = json(R"({"a":[1,2],"m":{}})");
  EXPECT_TRUE(pointer_set(tree, "/a/-", Value(3)).ok());
  EXPECT_TRUE(pointer_set(tree, "/a/0", Value(9)).ok());
  EXPECT_TRUE(pointer_set(tree, "/m/k", Value("v")).ok());
  EXPECT_TRUE(pointer_remove(tree, "/a/1").ok());
  EXPECT_EQ(text(tree), R"({"a":[9,3],"m":{"k":"v"}})");
  EXPECT_EQ(pointer_set(tree, "/x/y", Value(1)).error().code(), base::Code::NotFound);
  EXPECT_EQ(pointer_remove(tree, "/a/7").error().code(), base::Code::NotFound);
  EXPECT_EQ(pointer_remove(tree, "/m/none").error().code(), base::Code::NotFound);
  EXPECT_EQ(pointer_remove(tree, "a").error().code(), base::Code::Invalid);
}

// The test cases of RFC 7386, appendix A.
TEST(MergePatch, AppliesAsTheRfcSays) {
  struct Case {
    const char* target;
    const char* patch;
    const char* result;
  };
  static constexpr std::array<Case, 15> kCases = {
      {{R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
       {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
       {R"({"a":"b"})", R"({"a":null})", R"({})"},
       {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
       {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
       {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
       {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
       {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
       {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
       {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
       {R"({"a":"foo"})", R"(null)", R"(null)"},
       {R"({"a":"foo"})", R"("bar")", R"("bar")"},
       {R"({"e":null})", R"({"a":1})", R"({"a":1,"e":null})"},
       {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
       {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"}}};
  for (const Case& c : kCases)
    EXPECT_EQ(text(apply_merge_patch(json(c.target), json(c.patch))), c.result) << c.patch;
}

TEST(MergePatch, OfTwoTreesTurnsOneIntoTheOther) {
  static constexpr std::array<std::pair<const char*, const char*>, 5> kPairs = {
      {{R"({"a":1,"b":{"c":2,"d":[1]}})", R"({"b":{"c":3,"d":[1],"e":{}}})"},
       {R"({"a":{"x":1}})", R"({"a":7})"},
       {R"({"a":7})", R"({"a":{"x":1}})"},
       {R"({})", R"({"a":{"b":{"c":[]}}})"},
       {R"({"a":[1,2,3]})", R"({"a":[1,3]})"}}};
  for (const auto& [from, to] : kPairs) {
    const Value patch = create_merge_patch(json(from), json(to));
    EXPECT_EQ(text(apply_merge_patch(json(from), patch)), to);
  }
  EXPECT_EQ(text(create_merge_patch(json(R"({"a":1})"), json(R"({"a":1.0})"))), "{}");
  EXPECT_EQ(text(create_merge_patch(json(R"({"a":1,"b":{"c":2,"d":3}})"),
                                    json(R"({"b":{"c":3,"d":3}})"))),
            R"({"a":null,"b":{"c":3}})");
}

TEST(MergePatch, LeavesItsArgumentsAlone) {
  const Value target = json(R"({"a":{"b":1}})");
  const Value patch = json(R"({"a":{"c":2}})");
  EXPECT_EQ(text(apply_merge_patch(target, patch)), R"({"a":{"b":1,"c":2}})");
  EXPECT_EQ(text(target), R"({"a":{"b":1}})");
}

}  // namespace
}  // namespace tiphys::value
