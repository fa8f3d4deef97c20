#include "config/substitute.h"

#include "unit/config/support.h"

namespace butter::config {
namespace {

const test::Variables kVariables = {{"A", "alpha"}, {"B", "beta"}, {"EMPTY", ""}, {"SELF", "${A}"}};

struct Case {
  const char* name;
  std::string_view text;
  std::string_view expected;
  std::string_view unset;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr Case kCases[] = {
    {"plain", "text", "text", ""},
    {"empty", "", "", ""},
    {"whole", "${A}", "alpha", ""},
    {"inside", "x-${A}-y", "x-alpha-y", ""},
    {"two", "${A}${B}", "alphabeta", ""},
    {"set_but_empty", "${EMPTY}", "", ""},
    {"default_unused", "${A:-d}", "alpha", ""},
    {"default_for_unset", "${X:-d}", "d", ""},
    {"default_for_empty", "${EMPTY:-d}", "d", ""},
    {"empty_default", "${X:-}", "", ""},
    {"default_with_dashes", "${X:-a:-b}", "a:-b", ""},
    {"default_with_colon", "${X:-:8080}", ":8080", ""},
    {"unset", "${X}", "${X}", "X"},
    {"unset_inside", "a ${A} ${X} ${Y}", "a ${A} ${X} ${Y}", "X"},
    {"not_searched_again", "${SELF}", "${A}", ""},
    {"dollars_are_not_special", "$$ $A $", "$$ $A $", ""},
    {"dollar_before_variable", "$${A}", "$alpha", ""},
    {"brace_alone", "{A}", "{A}", ""},
};

class Substitute : public testing::TestWithParam<Case> {};

TEST_P(Substitute, Replaces) {
  const auto result = substitute(GetParam().text, test::environment(kVariables));
  ASSERT_TRUE(result.has_value()) << result.error();
  EXPECT_EQ(result->text, GetParam().expected);
  EXPECT_EQ(result->unset, GetParam().unset);
}

INSTANTIATE_TEST_SUITE_P(Table, Substitute, testing::ValuesIn(kCases), test::by_name);

TEST(SubstituteRefuses, OpenBraceAndNoName) {
  for (const char* text : {"${A", "a ${A} ${", "${"}) {
    EXPECT_EQ(substitute(text, test::environment({})).error(), "\"${\" without its \"}\"") << text;
  }
  for (const char* text : {"${}", "${:-x}"}) {
    EXPECT_EQ(substitute(text, test::environment({})).error(), "\"${}\" names no variable") << text;
  }
}

TEST(SubstituteTree, ReachesEveryValueAndNoKey) {
  Node list{.kind = Node::Kind::sequence};
  list.items.push_back({.kind = Node::Kind::scalar, .at = {2, 3}, .text = "${A}"});
  list.items.push_back({.kind = Node::Kind::scalar, .at = {2, 9}, .text = "${"});
  list.items.push_back({.kind = Node::Kind::scalar, .at = {2, 12}, .text = "${X}"});
  Node root{.kind = Node::Kind::mapping};
  root.entries.push_back({.key = "${A}", .at = {2, 1}, .value = std::move(list)});

  Diagnostics diagnostics("f");
  substitute_tree(root, "", test::environment(kVariables), diagnostics);
  EXPECT_EQ(root.entries[0].key, "${A}");
  const std::vector<Node>& items = root.entries[0].value.items;
  EXPECT_EQ(items[0].text, "alpha");
  EXPECT_EQ(items[0].written, "${A}");
  EXPECT_TRUE(items[0].plain);
  EXPECT_EQ(items[2].unset, "X");
  const std::vector<Complaint> complaints = diagnostics.take_complaints();
  ASSERT_EQ(complaints.size(), 1u);
  EXPECT_EQ(complaints[0].text(), "f:2:9: ${A}[1]: \"${\" without its \"}\"");
}

TEST(ProcessEnvironment, KnowsWhatIsSet) {
  ::setenv("BUTTER_CONFIG_TEST", "value", 1);
  EXPECT_EQ(process_environment()("BUTTER_CONFIG_TEST"), "value");
  ::unsetenv("BUTTER_CONFIG_TEST");
  EXPECT_EQ(process_environment()("BUTTER_CONFIG_TEST"), std::nullopt);
}

}  // namespace
}  // namespace butter::config
