#include "cli/template_flags.hpp"

#include <gtest/gtest.h>

namespace tiphys::cli {
namespace {

base::Result<TemplateFlags> parse(const std::vector<std::string>& args) {
  return parse_template_flags(args);
}

TEST(TemplateFlags, KeepsTheOrderOfValues) {
  const auto flags =
      parse({"-f", "a.yaml,b.yaml", "name", "--set=x=1", "chart", "--values=c.yaml"});
  ASSERT_TRUE(flags.ok());
  EXPECT_EQ(flags->arguments, (std::vector<std::string>{"name", "chart"}));
  ASSERT_EQ(flags->values.size(), 4U);
  EXPECT_EQ(flags->values[1].path, "b.yaml");
  EXPECT_EQ(flags->values[2].role, helm::InputRole::set);
  EXPECT_EQ(flags->values[2].text, "x=1");
  EXPECT_EQ(flags->values[3].path, "c.yaml");
}

TEST(TemplateFlags, ReadsBooleansWithAndWithoutValue) {
  const auto flags = parse({"chart", "--include-crds", "--skip-tests=false", "-n", "ns"});
  ASSERT_TRUE(flags.ok());
  EXPECT_TRUE(flags->include_crds);
  EXPECT_FALSE(flags->skip_tests);
  EXPECT_EQ(flags->namespace_, "ns");
}

// What cmd/template.go and action/install.go of 4.2.4 and 3.21.4 do with them.
TEST(TemplateFlags, DryRunAndValidateSayWhatIsAskedOfACluster) {
  const auto asked = [](const std::vector<std::string>& args, const std::string& helm) {
    std::vector<std::string> all = {"chart", "--helm-version", helm};
    all.insert(all.end(), args.begin(), args.end());
    const auto flags = parse(all);
    if (!flags.ok()) return flags.error().text();
    return std::string(flags->asks_lookup ? "lookup " : "") +
           (flags->asks_capabilities ? "capabilities" : "");
  };
  EXPECT_EQ(asked({}, "4.2"), "");
  EXPECT_EQ(asked({"--dry-run"}, "4.2"), "");
  EXPECT_EQ(asked({"--dry-run=client"}, "4.2"), "");
  EXPECT_EQ(asked({"--dry-run=true"}, "4.2"), "");
  EXPECT_EQ(asked({"--dry-run=server"}, "4.2"), "lookup capabilities");
  EXPECT_EQ(asked({"--validate"}, "4.2"), "lookup capabilities");
  EXPECT_EQ(asked({"--dry-run=none"}, "4.2"),
            R"(invalid dry-run value ("none"). Must be "server" or "client")");
  EXPECT_EQ(asked({"--dry-run=false"}, "4.2"),
            R"(invalid dry-run value ("false"). Must be "server" or "client")");
  EXPECT_EQ(asked({"--validate", "--dry-run=client"}, "4.2"),
            "if any flags in the group [validate dry-run] are set none of the others can be; "
            "[dry-run validate] were all set");
  EXPECT_EQ(asked({"--dry-run"}, "3.21"), "");
  EXPECT_EQ(asked({"--dry-run=server"}, "3.21"), "lookup ");
  EXPECT_EQ(asked({"--dry-run=none"}, "3.21"), "lookup ");
  EXPECT_EQ(asked({"--validate"}, "3.21"), "capabilities");
  EXPECT_EQ(asked({"--validate", "--dry-run=server"}, "3.21"), "lookup capabilities");
  EXPECT_EQ(asked({"--dry-run=bogus"}, "3.21"),
            "Invalid dry-run flag. Flag must one of the following: false, true, none, client, "
            "server");
}

TEST(TemplateFlags, TellHowToReachTheCluster) {
  const auto flags = parse({"chart", "--kubeconfig", "c", "--kube-context=x", "--kube-as-group",
                            "a", "--kube-as-group", "b", "--kube-insecure-skip-tls-verify"});
  ASSERT_TRUE(flags.ok());
  EXPECT_EQ(flags->cluster.kubeconfig, "c");
  EXPECT_EQ(flags->cluster.context, "x");
  EXPECT_EQ(flags->cluster.groups, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(flags->cluster.insecure);
}

// Recorded from helm template of 4.2.4.
TEST(TemplateFlags, ReadsTheValuesOfFlagsThatItIgnores) {
  EXPECT_TRUE(parse({"chart", "--timeout", "5m", "--qps=1.5", "--wait=watcher", "-l", "a=b"}).ok());
  EXPECT_EQ(parse({"chart", "--timeout", "bogus"}).error().text(),
            R"(invalid argument "bogus" for "--timeout" flag: time: invalid duration "bogus")");
  EXPECT_EQ(parse({"chart", "--burst-limit", "abc"}).error().text(),
            R"(invalid argument "abc" for "--burst-limit" flag: strconv.ParseInt: parsing "abc": )"
            "invalid syntax");
  EXPECT_EQ(parse({"chart", "-l", "a"}).error().text(),
            R"(invalid argument "a" for "-l, --labels" flag: a must be formatted as key=value)");
  EXPECT_EQ(parse({"chart", "--dry-run=bogus"}).error().text(),
            R"(invalid dry-run value ("bogus"). Must be "none", "server", or "client")");
}

TEST(TemplateFlags, RefusesWhatNeedsANetwork) {
  EXPECT_EQ(parse({"chart", "--repo", "https://example.org"}).error().text(),
            "not supported: --repo");
  EXPECT_EQ(parse({"chart", "--verify"}).error().text(), "not supported: --verify");
}

TEST(TemplateFlags, NamesTheMistake) {
  EXPECT_EQ(parse({"chart", "--bogus"}).error().text(), "unknown flag: --bogus");
  EXPECT_EQ(parse({"chart", "--set"}).error().text(), "flag needs an argument: --set");
  EXPECT_EQ(parse({"chart", "--helm-version", "2"}).error().text(),
            "--helm-version 2: known are 4.2 and 3.21");
}

}  // namespace
}  // namespace tiphys::cli
