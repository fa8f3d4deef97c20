#include "json/text.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <ostream>
#include <string>

#include "base/random.h"

namespace butter::json {
namespace {

struct AppendCase {
  const char* name;
  std::string_view text;
  std::string_view json;
  friend std::ostream& operator<<(std::ostream& os, const AppendCase& c) { return os << c.name; }
};

constexpr AppendCase kAppendCases[] = {
    {"empty", "", R"("")"},
    {"plain", "gpt-4o mini/x", R"("gpt-4o mini/x")"},
    {"quote_and_backslash", R"(a"b\c)", R"("a\"b\\c")"},
    {"short_escapes", "\b\f\n\r\t", R"("\b\f\n\r\t")"},
    {"control_bytes", std::string_view("\0\x1f\x1b", 3), R"("\u0000\u001f\u001b")"},
    {"del_stays", "\x7f", "\"\x7f\""},
    {"html_stays", "<&>", R"("<&>")"},
    {"utf8_stays", "\xc3\xa4\xf0\x9f\x98\x80", "\"\xc3\xa4\xf0\x9f\x98\x80\""},
    {"bad_byte",
     "a\xff"
     "b",
     "\"a\xef\xbf\xbd"
     "b\""},
    {"cut_character", "\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    {"surrogate", "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"bad_before_quote", "\xc3\"", "\"\xef\xbf\xbd\\\"\""},
};

class AppendString : public testing::TestWithParam<AppendCase> {};

TEST_P(AppendString, ToAString) {
  std::string out = "x:";
  append_string(out, GetParam().text);
  EXPECT_EQ(out, "x:" + std::string(GetParam().json));
}

TEST_P(AppendString, ToABuffer) {
  Buffer out;
  out.append("x:");
  append_string(out, GetParam().text);
  EXPECT_EQ(out.view(), "x:" + std::string(GetParam().json));
}

INSTANTIATE_TEST_SUITE_P(Table, AppendString, testing::ValuesIn(kAppendCases),
                         [](const auto& row) { return std::string(row.param.name); });

struct UnescapeCase {
  const char* name;
  std::string_view raw;
  const char* text;  ///< nullptr: malformed
  friend std::ostream& operator<<(std::ostream& os, const UnescapeCase& c) { return os << c.name; }
};

constexpr UnescapeCase kUnescapeCases[] = {
    {"empty", "", ""},
    {"plain", "model", "model"},
    {"short_escapes", R"(\"\\\/\b\f\n\r\t)", "\"\\/\b\f\n\r\t"},
    {"ascii_unit", R"(mod\u0065l)", "model"},
    {"upper_case_digits", R"(\u00E4)", "\xc3\xa4"},
    {"three_bytes", R"(\u20ac)", "\xe2\x82\xac"},
    {"pair", R"(\ud83d\ude00)", "\xf0\x9f\x98\x80"},
    {"last_character", R"(\udbff\udfff)", "\xf4\x8f\xbf\xbf"},
    {"lone_high", R"(\ud83dx)", "\xef\xbf\xbdx"},
    {"lone_high_at_end", R"(\ud83d)", "\xef\xbf\xbd"},
    {"lone_low", R"(\ude00)", "\xef\xbf\xbd"},
    {"high_then_plain_unit", R"(\ud83d\u0041)",
     "\xef\xbf\xbd"
     "A"},
    {"high_high_low", R"(\ud83d\ud83d\ude00)", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
    {"utf8_stays", "\xc3\xa4\\n", "\xc3\xa4\n"},
    {"unknown_letter", R"(\q)", nullptr},
    {"upper_case_letter", R"(\N)", nullptr},
    {"too_few_digits", R"(\u12)", nullptr},
    {"no_digits", R"(\u)", nullptr},
    {"not_a_digit", R"(\u12g4)", nullptr},
    {"sign", R"(\u-123)", nullptr},
    {"hex_prefix", R"(\u0x12)", nullptr},
    {"cut_escape", "a\\", nullptr},
    {"bad_second_unit", R"(\ud83d\u12)", nullptr},
};

class Unescape : public testing::TestWithParam<UnescapeCase> {};

TEST_P(Unescape, Decodes) {
  std::string out = "what was here before";
  EXPECT_EQ(unescape(GetParam().raw, out), GetParam().text != nullptr);
  if (GetParam().text != nullptr) { EXPECT_EQ(out, GetParam().text); }
}

INSTANTIATE_TEST_SUITE_P(Table, Unescape, testing::ValuesIn(kUnescapeCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(AppendStringProperty, AnyBytesBecomeValidJson) {
  Random random(7);
  simdjson::dom::parser parser;
  for (int round = 0; round < 2000; ++round) {
    std::string text(random.next() % 24, '\0');
    for (char& c : text) { c = static_cast<char>(random.next()); }
    std::string json;
    append_string(json, text);
    std::string_view read;
    ASSERT_EQ(parser.parse("[" + json + "]").at(0).get(read), simdjson::SUCCESS) << json;
    std::string own;
    ASSERT_TRUE(unescape(std::string_view(json).substr(1, json.size() - 2), own));
    EXPECT_EQ(own, read);
  }
}

}  // namespace
}  // namespace butter::json
