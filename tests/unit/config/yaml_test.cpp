#include "config/yaml.h"

#include "unit/config/support.h"

namespace butter::config {
namespace {

/// The tree in one line: [a,b], {k:v}, "quoted", ~ for null.
std::string show(const Node& node) {
  std::string out;
  switch (node.kind) {
    case Node::Kind::null: return "~";
    case Node::Kind::scalar: return node.plain ? node.text : '"' + node.text + '"';
    case Node::Kind::sequence:
      for (const Node& item : node.items) { out += (out.empty() ? "" : ",") + show(item); }
      return '[' + out + ']';
    case Node::Kind::mapping:
      for (const Node::Entry& entry : node.entries) {
        out += (out.empty() ? "" : ",") + entry.key + ':' + show(entry.value);
      }
      return '{' + out + '}';
  }
  return out;
}

std::string show(std::string_view yaml) {
  Diagnostics diagnostics("f");
  const std::optional<Node> root = parse_yaml(yaml, diagnostics);
  std::string out;
  for (const Complaint& complaint : diagnostics.take_complaints()) {
    out += complaint.text() + '\n';
  }
  return out.empty() ? show(root.value()) : out;
}

struct Case {
  const char* name;
  std::string_view yaml;
  std::string_view expected;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

using namespace std::string_view_literals;

constexpr Case kCases[] = {
    {"plain_and_quoted", "a: 1\nb: \"1\"\nc: '1'\n", R"({a:1,b:"1",c:"1"})"},
    {"block_text", "a: |\n  x\n  y\n", "{a:\"x\ny\n\"}"},
    {"tagged_text", "a: !!str 1\nb: !!int \"1\"", R"({a:"1",b:1})"},
    {"nulls", "a:\nb: ~\nc: null\nd: \"\"", R"({a:~,b:~,c:~,d:""})"},
    {"lists", "a: [1, [2], {b: 3}]\nc:\n- 4\n-", "{a:[1,[2],{b:3}],c:[4,~]}"},
    {"byte_order_mark",
     "\xef\xbb\xbf"
     "a: 1",
     "{a:1}"},
    {"document_marks", "---\na: 1\n...\n", "{a:1}"},
    {"scalar_document", "word", "word"},
    {"alias", "a: &x {b: 1}\nc: *x", "{a:{b:1},c:{b:1}}"},
    {"alias_of_null", "a: &x\nb: *x", "{a:~,b:~}"},
    {"merge", "a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}", "{a:{b:1,c:2},d:{c:3,b:1}}"},
    {"merge_first_of_list", "d: {<<: [{b: 1}, {b: 2, c: 3}]}", "{d:{b:1,c:3}}"},
    {"merge_of_merged", "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}",
     "{a:{x:1},b:{y:2,x:1},c:{y:2,x:1}}"},
    {"quoted_merge_is_a_key", "{'<<': {b: 1}}", "{<<:{b:1}}"},

    {"empty", "", "f: the file is empty\n"},
    {"blank_lines", "\n \n", "f: the file is empty\n"},
    {"comment_only", "# a\n", "f: the file is empty\n"},
    {"empty_document", "---\n", "f: the file is empty\n"},
    {"syntax", "a: [1\nb: }", "f:2:2: not YAML: end of sequence flow not found\n"},
    {"unknown_alias", "a: *x", "f:1:4: not YAML: the referenced anchor is not defined\n"},
    {"duplicate", "s:\n  address: 1\n  address: 2",
     "f:3:3: s.address: mapping key \"address\" already defined at line 2\n"},
    {"duplicate_in_list", "- a\n- {b: 1, b: 2}",
     "f:2:10: [1].b: mapping key \"b\" already defined at line 2\n"},
    {"two_duplicates", "a: 1\na: 2\na: 3",
     "f:2:1: a: mapping key \"a\" already defined at line 1\n"
     "f:3:1: a: mapping key \"a\" already defined at line 1\n"},
    {"list_as_key", "? [a]\n: 1", "f:1:3: a key must be a word, not a list\n"},
    {"null_as_key", "~: 1", "f:1:1: a key must be a word, not nothing\n"},
    {"merge_of_scalar", "a: {<<: 1}",
     "f:1:9: a.<<: map merge requires map or sequence of maps as the value\n"},
    {"merge_of_scalars", "a: {<<: [{}, 1]}",
     "f:1:14: a.<<: map merge requires map or sequence of maps as the value\n"},
    {"list_in_itself", "a: &x [*x]", "f:1:8: a[0]: an anchor contains itself\n"},
    {"mapping_in_itself", "a: &x {<<: *x}", "f:1:12: a.<<: an anchor contains itself\n"},
    {"second_document", "a: 1\n---\nb: 2",
     "f:2:1: text after the end of the document; a file holds only one\n"},
    {"stray_comma", ",a", "f:1:1: text after the end of the document; a file holds only one\n"},
    {"nul", "a: 1\nb: \0"sv, "f:2:4: a control character\n"},
    {"end_of_transmission", "a: 1\n\4b: 2", "f:2:1: a control character\n"},
    {"latin_1", "a: b\xe4r", "f:1:5: not UTF-8\n"},
    {"utf_16",
     "\xff\xfe"
     "a\0"sv,
     "f:1:1: not UTF-8\n"},
};

class Yaml : public testing::TestWithParam<Case> {};

TEST_P(Yaml, IsReadOrRefused) {
  EXPECT_EQ(show(GetParam().yaml), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, Yaml, testing::ValuesIn(kCases), test::by_name);

TEST(YamlBounds, Depth) {
  const std::string deep = std::string(63, '[') + std::string(63, ']');
  EXPECT_EQ(show(deep), deep);
  for (const std::size_t depth : {65u, 400u, 5000u, 100'000u}) {
    const std::string deeper = std::string(depth, '[') + std::string(depth, ']');
    EXPECT_THAT(show(deeper), testing::StartsWith("f:")) << depth;
  }
}

TEST(YamlBounds, DepthThroughAliases) {
  std::string yaml = "a0: &a0 1\n";
  for (int i = 1; i < 80; ++i) {
    const std::string n = std::to_string(i);
    yaml += "a" + n + ": &a" + n + " [*a" + std::to_string(i - 1) + "]\n";
  }
  EXPECT_THAT(show(yaml), testing::HasSubstr("nested too deeply"));
}

TEST(YamlBounds, AliasesThatMultiply) {
  std::string yaml = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string one = "*a" + std::to_string(i - 1);
    yaml += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + one;
    for (int k = 1; k < 10; ++k) { yaml += ", " + one; }
    yaml += "]\n";
  }
  EXPECT_THAT(show(yaml), testing::HasSubstr("too many values"));
}

TEST(YamlBounds, Size) {
  EXPECT_EQ(show(std::string(4 * 1024 * 1024 + 1, '#')), "f: the file is larger than 4 MiB\n");
}

TEST(YamlPlaces, StartAtOne) {
  Diagnostics diagnostics("f");
  const std::optional<Node> root = parse_yaml("a:\n  - b: c\n", diagnostics);
  ASSERT_TRUE(root.has_value());
  const Node& item = root->entries[0].value.items[0];
  EXPECT_EQ(item.entries[0].at.line, 2);
  EXPECT_EQ(item.entries[0].at.column, 5);
  EXPECT_EQ(item.entries[0].value.at.line, 2);
  EXPECT_EQ(item.entries[0].value.at.column, 8);
}

}  // namespace
}  // namespace butter::config
