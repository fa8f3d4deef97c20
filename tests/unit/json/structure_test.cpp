#include "json/structure.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace butter::json {
namespace {

/// The text in memory of just its size, so that the address sanitizer sees a read behind it.
std::vector<char> exact(std::string_view text) {
  return {text.begin(), text.end()};
}
std::string_view view(const std::vector<char>& text) {
  return {text.data(), text.size()};
}

std::vector<std::uint32_t> offsets_of(std::string_view text) {
  Structure structure;
  const std::vector<char> bytes = exact(text);
  const auto found = structure.find(view(bytes));
  return found ? std::vector<std::uint32_t>(found->begin(), found->end())
               : std::vector<std::uint32_t>{};
}

std::string error_of(std::string_view text) {
  Structure structure;
  const std::vector<char> bytes = exact(text);
  const auto found = structure.find(view(bytes));
  return found ? "" : found.error().detail;
}

using Offsets = std::vector<std::uint32_t>;

TEST(Structure, PunctuationOutsideStringsAndStartsOfScalars) {
  EXPECT_EQ(offsets_of(R"({"a":[1, true],"b":"{,:"})"),
            (Offsets{0, 1, 4, 5, 6, 7, 9, 13, 14, 15, 18, 19, 24}));
}

TEST(Structure, EscapedQuotesStayInTheString) {
  EXPECT_EQ(offsets_of(R"(["\"],[\\",1])"), (Offsets{0, 1, 10, 11, 12}));
}

TEST(Structure, ScalarWithoutAnObject) {
  EXPECT_EQ(offsets_of("  null "), (Offsets{2}));
}

TEST(Structure, ScalarsThatTouchAStringBeginAnew) {
  EXPECT_EQ(offsets_of(R"("a"x)"), (Offsets{0, 3}));
}

struct ErrorCase {
  const char* name;
  std::string_view text;
  std::string_view error;
  friend std::ostream& operator<<(std::ostream& os, const ErrorCase& c) { return os << c.name; }
};

constexpr ErrorCase kErrorCases[] = {
    {"empty", "", "unexpected end of JSON input"},
    {"white_space", " \r\n\t", "unexpected end of JSON input"},
    {"open_string", R"({"a":"b)", "unexpected end of JSON input"},
    {"open_string_after_escape", R"({"a":"b\")", "unexpected end of JSON input"},
    {"bad_utf8", "{\"a\":\"\xff\"}", "invalid UTF-8 at offset 6"},
    {"bad_utf8_outside_strings", "{}\x80", "invalid UTF-8 at offset 2"},
    {"cut_utf8_at_the_end", "{}\xe2\x82", "invalid UTF-8 at offset 2"},
    {"newline_in_string", "{\"a\":\"b\n\"}", "unescaped control character in a string at offset 7"},
    {"nul_in_string", std::string_view("{\"\\\"\0\":1}", 9),
     "unescaped control character in a string at offset 4"},
};

class StructureError : public testing::TestWithParam<ErrorCase> {};

TEST_P(StructureError, SaysWhatAndWhere) {
  EXPECT_EQ(error_of(GetParam().text), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(Table, StructureError, testing::ValuesIn(kErrorCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Structure, EverySizeAroundTheBlocksOfTheScanner) {
  Structure structure;
  for (std::size_t size = 2; size < 300; ++size) {
    const std::vector<char> bytes = exact("[" + std::string(size - 2, ' ') + "]");
    const auto found = structure.find(view(bytes));
    ASSERT_TRUE(found);
    EXPECT_EQ(Offsets(found->begin(), found->end()),
              (Offsets{0, static_cast<std::uint32_t>(size - 1)}));
  }
}

TEST(Structure, WorksOnAfterErrorsAndRelease) {
  Structure structure;
  const std::string large = "[" + std::string(1u << 20, ' ') + "]";
  EXPECT_FALSE(structure.find("\"").has_value());
  EXPECT_TRUE(structure.find(large).has_value());
  structure.release(64u << 20);
  structure.release(1000);
  ASSERT_TRUE(structure.find("[]").has_value());
  EXPECT_EQ(structure.find("[]")->size(), 2u);
}

}  // namespace
}  // namespace butter::json
