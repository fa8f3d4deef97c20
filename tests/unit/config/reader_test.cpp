#include "config/reader.h"

#include "config/substitute.h"
#include "config/yaml.h"
#include "unit/config/support.h"

namespace butter::config {
namespace {

struct Thing {
  int count = 3;
  std::string name;
  std::vector<int> numbers{1};
  std::map<std::string, int> sizes;
  std::vector<std::string> items;
  std::map<std::string, int> parts;
  int inner = 5;
};

Refusal no_x(std::string_view name) {
  return name == "x" ? Refusal("must not be x") : std::nullopt;
}

void describe(Section& s, Thing& thing) {
  s.value("count", integer(thing.count, {.min = 0, .max = 9}), "");
  s.value("name", text(thing.name), "");
  s.values("numbers", values_of(thing.numbers, [](int& n) { return integer(n, {.max = 9}); }), "");
  s.dictionary("sizes",
               {.label = "size",
                .check_name = no_x,
                .add =
                    [&](std::string_view name) {
                      return integer(thing.sizes[std::string(name)], {.max = 9});
                    }},
               "");
  s.section("section", "",
            [&](Section& inner) { inner.value("inner", integer(thing.inner, {.max = 9}), ""); });
  s.list("items", "", {.shorthand = "word", .item = [&](Section& item) {
                         item.value("word", text(thing.items.emplace_back()), "");
                       }});
  s.list("strict", "", {.shorthand = "", .item = [](Section&) {}});
  s.map("parts", "", {.label = "part", .check_name = no_x, .item = [&](Section& part, auto name) {
                        int& weight = thing.parts[std::string(name)];
                        part.value("weight", integer(weight, {.max = 9}), "");
                      }});
}

struct Outcome {
  Thing thing;
  std::string complaints;
};

Outcome read(std::string_view yaml, const Body& more = nullptr) {
  Diagnostics diagnostics("f");
  Outcome outcome;
  if (std::optional<Node> root = parse_yaml(yaml, diagnostics)) {
    substitute_tree(*root, "", test::environment({{"FOUR", "4"}, {"SECRET", "hush"}}), diagnostics);
    Reader::read(*root, "", diagnostics, [&](Section& s) {
      describe(s, outcome.thing);
      if (more) { more(s); }
    });
  }
  for (const Unset& unset : diagnostics.unset()) {
    outcome.complaints += "unset " + unset.complaint.text() + '\n';
  }
  for (const Complaint& c : diagnostics.take_complaints()) {
    outcome.complaints += c.text() + '\n';
  }
  return outcome;
}

TEST(Reader, ReadsEveryShape) {
  const Outcome got = read(R"(
count: 4
name: n
numbers: [7, 8]
sizes: {a: 1, b: 2}
section: {inner: 6}
items: [one, {word: two}]
parts: {p: {weight: 3}, q:}
)");
  EXPECT_EQ(got.complaints, "");
  EXPECT_EQ(got.thing.count, 4);
  EXPECT_EQ(got.thing.name, "n");
  EXPECT_THAT(got.thing.numbers, testing::ElementsAre(7, 8));
  EXPECT_THAT(got.thing.sizes, testing::ElementsAre(testing::Pair("a", 1), testing::Pair("b", 2)));
  EXPECT_EQ(got.thing.inner, 6);
  EXPECT_THAT(got.thing.items, testing::ElementsAre("one", "two"));
  EXPECT_THAT(got.thing.parts, testing::ElementsAre(testing::Pair("p", 3), testing::Pair("q", 0)));
}

TEST(Reader, NullLeavesTheDefault) {
  const Outcome got = read("count:\nnumbers: ~\nsection:\nitems:\nparts: null\nsizes:");
  EXPECT_EQ(got.complaints, "");
  EXPECT_EQ(got.thing.count, 3);
  EXPECT_THAT(got.thing.numbers, testing::ElementsAre(1));
  EXPECT_EQ(got.thing.inner, 5);
}

TEST(Reader, EmptyListReplacesTheDefault) {
  EXPECT_TRUE(read("numbers: []").thing.numbers.empty());
}

struct Case {
  const char* name;
  std::string_view yaml;
  std::string_view complaints;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr Case kCases[] = {
    {"root", "[]", "f:1:1: expected a mapping, got a list\n"},
    {"unknown_near", "cuont: 1", "f:1:1: cuont: unknown key; did you mean \"count\"?\n"},
    {"unknown_far", "zzzzzz: 1", "f:1:1: zzzzzz: unknown key\n"},
    {"unknown_inside", "section: {iner: 1}",
     "f:1:11: section.iner: unknown key; did you mean \"inner\"?\n"},
    {"list_for_value", "count: [1]", "f:1:8: count: expected an integer from 0 to 9, got a list\n"},
    {"mapping_for_text", "name: {a: b}", "f:1:7: name: expected a text, got a mapping\n"},
    {"value_for_list", "numbers: 7", "f:1:10: numbers: expected a list, got \"7\"\n"},
    {"value_for_section", "section: yes", "f:1:10: section: expected a mapping, got \"yes\"\n"},
    {"variable_for_section", "section: ${SECRET}",
     "f:1:10: section: expected a mapping, got \"${SECRET}\"\n"},
    {"variable_is_not_shown", "count: ${SECRET}",
     "f:1:8: count: expected an integer from 0 to 9, got \"${SECRET}\"\n"},
    {"bad_number_of_list", "numbers: [1, x, [2], 10]",
     "f:1:14: numbers[1]: expected an integer from 0 to 9, got \"x\"\n"
     "f:1:17: numbers[2]: expected an integer from 0 to 9, got a list\n"
     "f:1:22: numbers[3]: expected an integer from 0 to 9, got \"10\"\n"},
    {"bad_size", "sizes: {a: x, x: 1, b: [1]}",
     "f:1:12: sizes.a: expected an integer from 0 to 9, got \"x\"\n"
     "f:1:15: sizes.x: the name must not be x\n"
     "f:1:24: sizes.b: expected an integer from 0 to 9, got a list\n"},
    {"bad_item", "items: [[a], ~]",
     "f:1:9: items[0]: expected a mapping, got a list\n"
     "f:1:14: items[1]: expected a mapping, got nothing\n"},
    {"no_shorthand", "strict: [a]", "f:1:10: strict[0]: expected a mapping, got a single value\n"},
    {"bad_part", "parts: {x: {}, y: 1, z: {weight: x}}",
     "f:1:9: parts.x: the name must not be x\n"
     "f:1:19: parts.y: expected a mapping, got a single value\n"
     "f:1:34: parts.z.weight: expected an integer from 0 to 9, got \"x\"\n"},
    {"unset", "section: {inner: \"${NONE}\"}",
     "unset f:1:18: section.inner: variable NONE is not set\n"},
};

class ReaderRefuses : public testing::TestWithParam<Case> {};

TEST_P(ReaderRefuses, WithItsPlace) {
  EXPECT_EQ(read(GetParam().yaml).complaints, GetParam().complaints);
}

INSTANTIATE_TEST_SUITE_P(Table, ReaderRefuses, testing::ValuesIn(kCases), test::by_name);

TEST(Reader, AMistakeLeavesTheRest) {
  const Outcome got = read("count: x\nname: n");
  EXPECT_EQ(got.thing.count, 3);
  EXPECT_EQ(got.thing.name, "n");
}

TEST(Reader, TypeIsJudgedAfterSubstitution) {
  EXPECT_EQ(read("count: ${FOUR}").thing.count, 4);
  EXPECT_EQ(read("count: \"${FOUR}\"").thing.count, 4);
  EXPECT_EQ(read("items: [\"${SECRET}\"]").thing.items[0], "hush");
}

TEST(Reader, PresentGivenTaken) {
  const auto flags = [](const Section& s, std::string_view key) {
    return std::to_string(s.present(key)) + std::to_string(s.given(key)) +
           std::to_string(s.taken(key));
  };
  read("name: n\ncount: x\nsection:\nsizes: {}", [&](Section& s) {
    EXPECT_EQ(flags(s, "name"), "111");
    EXPECT_EQ(flags(s, "count"), "110");
    EXPECT_EQ(flags(s, "section"), "100");
    EXPECT_EQ(flags(s, "numbers"), "000");
  });
}

TEST(Reader, RefuseStandsAtTheValueOrTheSection) {
  const Outcome got = read("name: n\nsection:\n", [](Section& s) {
    s.refuse("name", "bad");
    s.refuse("count", "missing");
  });
  EXPECT_EQ(got.complaints, "f:1:1: count: missing\nf:1:7: name: bad\n");
}

}  // namespace
}  // namespace butter::config
