#include "wasm/go_json.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace butter::wasm {
namespace {

struct Row {
  std::string_view name;
  std::string_view in;
  std::string_view out;
  friend std::ostream& operator<<(std::ostream& os, const Row& row) { return os << row.name; }
};
constexpr auto by_name = [](const auto& row) { return std::string(row.param.name); };

std::string go_string(std::string_view text) {
  std::string out;
  append_go_string(out, text);
  return out;
}

/// The compact form; "refused" when it is not JSON.
std::string compact(std::string_view json) {
  std::string out;
  const bool good = append_compact(out, json);
  EXPECT_EQ(good, is_json(json));
  return good ? out : "refused";
}

class GoString : public testing::TestWithParam<Row> {};
TEST_P(GoString, IsAsGoWritesIt) {
  EXPECT_EQ(go_string(GetParam().in), GetParam().out);
}

constexpr Row kStrings[] = {
    {"empty", "", R"("")"},
    {"plain", "a b", R"("a b")"},
    {"quotes", R"(a"b\c/)", R"("a\"b\\c/")"},
    {"markup", "<a> & b", R"("\u003ca\u003e \u0026 b")"},
    {"named_controls", "\b\f\n\r\t", R"("\b\f\n\r\t")"},
    {"controls", std::string_view("\0\x1b\x1f", 3), R"("\u0000\u001b\u001f")"},
    {"delete_is_plain", "\x7f", "\"\x7f\""},
    {"separators", "a\u2028b\u2029c", R"("a\u2028b\u2029c")"},
    {"neighbours_of_separators", "\u2027\u202a\u20ac", "\"\u2027\u202a\u20ac\""},
    {"umlauts_and_astral", "\u00fc\U0001f600", "\"\u00fc\U0001f600\""},
    {"not_utf8", "a\xff\xc3(", R"("a\ufffd\ufffd(")"},
    {"cut_off", "\xe2\x80", R"("\ufffd\ufffd")"},
};
INSTANTIATE_TEST_SUITE_P(Table, GoString, testing::ValuesIn(kStrings), by_name);

class Compact : public testing::TestWithParam<Row> {};
TEST_P(Compact, IsAsGoWritesIt) {
  EXPECT_EQ(compact(GetParam().in), GetParam().out);
}

constexpr Row kTexts[] = {
    {"object", " { \"a\" : [ 1 , 2.5e-3 , -0 ] ,\n\t\"b\":{ } , \"c\": [ ] }\r\n",
     R"({"a":[1,2.5e-3,-0],"b":{},"c":[]})"},
    {"order_and_duplicates_stay", R"({"b":1,"a":2,"b":3})", R"({"b":1,"a":2,"b":3})"},
    {"numbers_keep_their_spelling", "[1.0, 1E+2, 12345678901234567890]",
     "[1.0,1E+2,12345678901234567890]"},
    {"words", " [true,false,null] ", "[true,false,null]"},
    {"scalar", " \"x\" ", R"("x")"},
    {"blanks_in_strings_stay", R"({"a b":" c "})", R"({"a b":" c "})"},
    {"escapes_stay", R"(["\u003c\/\ud83d\n"])", R"(["\u003c\/\ud83d\n"])"},
    {"markup", R"(["<a>&"])", R"(["\u003ca\u003e\u0026"])"},
    {"markup_in_keys", R"({"<":1})", R"({"\u003c":1})"},
    {"separators", "[\"\u2028\u2029\u20ac\"]", "[\"\\u2028\\u2029\u20ac\"]"},
    {"bytes_that_are_not_utf8_stay", "[\"\xff\xe2\"]", "[\"\xff\xe2\"]"},
    {"nothing", "", "refused"},
    {"blanks", " \n", "refused"},
    {"two_values", "1 2", "refused"},
    {"open_object", R"({"a":1)", "refused"},
    {"comma_and_end", R"({"a":1,)", "refused"},
    {"comma_before_brace", R"({"a":1,})", "refused"},
    {"comma_before_bracket", "[1,]", "refused"},
    {"no_comma", "[1 2]", "refused"},
    {"no_colon", R"({"a" 1})", "refused"},
    {"no_value", R"({"a":})", "refused"},
    {"key_is_no_string", "{1:2}", "refused"},
    {"crossed_brackets", "[{]}", "refused"},
    {"closed_twice", "[]]", "refused"},
    {"closed_unopened", "}", "refused"},
    {"misspelt", "[truu]", "refused"},
    {"word_goes_on", "nulll", "refused"},
    {"leading_zero", "01", "refused"},
    {"leading_plus", "+1", "refused"},
    {"no_fraction", "1.", "refused"},
    {"no_exponent", "1e", "refused"},
    {"lone_minus", "-", "refused"},
    {"not_a_number", "NaN", "refused"},
    {"open_string", R"("abc)", "refused"},
    {"escape_at_end", R"("abc\)", "refused"},
    {"unknown_escape", R"("\q")", "refused"},
    {"short_escape", R"("\u12")", "refused"},
    {"line_break_in_string", "\"a\nb\"", "refused"},
    {"comment", "[1] // one", "refused"},
    {"zero_byte", std::string_view("[1\0]", 4), "refused"},
};
INSTANTIATE_TEST_SUITE_P(Table, Compact, testing::ValuesIn(kTexts), by_name);

TEST(Compact, AppendsToWhatIsThere) {
  std::string out = "x";
  EXPECT_TRUE(append_compact(out, "[ 1 ]"));
  EXPECT_EQ(out, "x[1]");
}

TEST(Compact, DepthHasABound) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(is_json(nested(10'000)));
  EXPECT_FALSE(is_json(nested(10'001)));
}

}  // namespace
}  // namespace butter::wasm
