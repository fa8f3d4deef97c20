#include "json/walk.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "json/structure.h"

namespace butter::json {
namespace {

/// The members of the object `text` as "key=value;", then "@" and where it stopped.
std::string members_of(std::string_view text) {
  Structure structure;
  const auto offsets = structure.find(text);
  if (!offsets) { return offsets.error().detail; }
  const Walk walk(text, *offsets);
  std::string out;
  const Walk::Step end = walk.object(offsets->data(), [&](const WalkedMember& member) {
    const std::size_t begin = walk.offset(member.at);
    out += member.key;
    out += '=';
    out += text.substr(begin, walk.end_before(member.next) - begin);
    out += ';';
  });
  return out + (end ? "}" + std::to_string(walk.offset(*end)) : "@" + std::to_string(end.error()));
}

struct Case {
  const char* name;
  std::string_view text;
  std::string_view expected;  ///< "}offset" of the closing brace, or "@offset" of the failure
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr Case kCases[] = {
    {"empty", "{}", "}1"},
    {"empty_with_space", " { } ", "}3"},
    {"one", R"({"a":1})", "a=1;}6"},
    {"spaces", "{ \"a\" : 1 , \"b\"\n:\t[ 1 ] }", "a=1;b=[ 1 ];}24"},
    {"nested", R"({"a":{"b":[{}]},"c":[]})", R"(a={"b":[{}]};c=[];}22)"},
    {"escapes_in_keys_stay", R"({"\"":"\\"})", R"(\"="\\";}10)"},
    {"empty_key", R"({"":""})", R"(="";}6)"},
    {"stops_at_its_brace", "{}{}", "}1"},
    {"skipped_values_are_not_judged", R"({"a":truu,"b":[}})", "a=truu;b=[};}16"},
    {"not_an_object", "[]", "@0"},
    {"open", "{", "@1"},
    {"key_only", R"({"a")", "@4"},
    {"no_value", R"({"a":)", "@5"},
    {"no_end", R"({"a":1)", "a=1;@6"},
    {"open_array", R"({"a":[1)", "@7"},
    {"open_object", R"({"a":{"b":{})", "@12"},
    {"comma_first", "{,}", "@1"},
    {"comma_last", R"({"a":1,})", "a=1;@7"},
    {"comma_twice", R"({"a":1,,"b":2})", "a=1;@7"},
    {"no_comma", R"({"a":1 "b":2})", "a=1;@7"},
    {"no_colon", R"({"a" 1})", "@5"},
    {"two_colons", R"({"a"::1})", "@5"},
    {"bare_key", "{a:1}", "@1"},
    {"number_key", "{1:1}", "@1"},
    {"brace_as_value", R"({"a":})", "@5"},
    {"comma_as_value", R"({"a":,"b":1})", "@5"},
    {"closed_by_bracket", R"({"a":1])", "a=1;@6"},
    {"text_behind_string", R"({"a":"b"c})", R"(a="b";@8)"},
};

class WalkObject : public testing::TestWithParam<Case> {};

TEST_P(WalkObject, VisitsMembers) {
  EXPECT_EQ(members_of(GetParam().text), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, WalkObject, testing::ValuesIn(kCases),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace butter::json
