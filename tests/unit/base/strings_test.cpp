#include "base/strings.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace butter {
namespace {

TEST(ToLower, ChangesAsciiLettersOnly) {
  EXPECT_EQ(to_lower('A'), 'a');
  EXPECT_EQ(to_lower('Z'), 'z');
  EXPECT_EQ(to_lower('a'), 'a');
  EXPECT_EQ(to_lower('@'), '@');
  EXPECT_EQ(to_lower('['), '[');
  EXPECT_EQ(to_lower('\xc4'), '\xc4');
}

TEST(IEquals, ComparesWithoutRegardToAsciiCase) {
  EXPECT_TRUE(iequals("", ""));
  EXPECT_TRUE(iequals("Content-Type", "content-TYPE"));
  EXPECT_FALSE(iequals("content-type", "content-typ"));
  EXPECT_FALSE(iequals("a", "b"));
  EXPECT_FALSE(iequals("@", "`"));
  EXPECT_FALSE(iequals("\xc4", "\xe4"));
}

TEST(IEquals, IsThatOfEachByteWhereverItStands) {
  for (const std::size_t size : {1u, 7u, 8u, 9u, 16u, 19u}) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int x = 0; x < 256; ++x) {
        for (const int flip : {0x01, 0x20, 0x21, 0x80, 0xa0}) {
          std::string a(size, 'k'), b(size, 'K');
          a[at] = static_cast<char>(x);
          b[at] = static_cast<char>(x ^ flip);
          EXPECT_EQ(iequals(a, b), to_lower(a[at]) == to_lower(b[at])) << size << at << x << flip;
        }
      }
    }
  }
}

struct TextCase {
  std::string_view text;
  std::string_view expected;
};

TEST(Trim, TakesBlanksAndTabsAway) {
  constexpr TextCase kCases[] = {
      {"", ""},      {" \t", ""},          {"a", "a"},         {" a", "a"},
      {"a\t ", "a"}, {"\t a b \t", "a b"}, {"\na\n", "\na\n"},
  };
  for (const TextCase& c : kCases) { EXPECT_EQ(trim(c.text), c.expected); }
}

TEST(Quoted, EscapesAndShortens) {
  constexpr TextCase kCases[] = {
      {"", R"("")"},
      {"plain", R"("plain")"},
      {R"(a"b\c)", R"("a\"b\\c")"},
      {"\n\x7f", R"("\x0a\x7f")"},
      {std::string_view("\0", 1), R"("\x00")"},
      {"\xc3\xa4", "\"\xc3\xa4\""},
  };
  for (const TextCase& c : kCases) { EXPECT_EQ(butter::quoted(c.text), c.expected); }
  EXPECT_EQ(butter::quoted(std::string(64, 'x')), '"' + std::string(64, 'x') + '"');
  EXPECT_EQ(butter::quoted(std::string(65, 'x')), '"' + std::string(64, 'x') + "...\"");
}

using Names = std::vector<std::string>;

const Names kModels = {"gpt-4o", "gpt-4o-mini", "claude-3-haiku", "llama-3.1-8b"};

TEST(Nearest, FindsTheNearestFirst) {
  EXPECT_EQ(nearest("gpt-4o-mni", kModels, 3), (Names{"gpt-4o-mini"}));
  EXPECT_EQ(nearest("gpt-4", kModels, 3), (Names{"gpt-4o"}));
  EXPECT_EQ(nearest("GPT-4O", kModels, 3), (Names{"gpt-4o"}));
}

TEST(Nearest, AtMostAsManyAsAsked) {
  const Names words = {"ac", "ab", "abc", "abcd"};
  EXPECT_EQ(nearest("ab", words, 2), (Names{"ab", "abc"}));
  EXPECT_EQ(nearest("ab", words, 0), Names{});
}

TEST(Nearest, FarWordsAreNotOffered) {
  EXPECT_EQ(nearest("mistral-large", kModels, 3), Names{});
  EXPECT_EQ(nearest("anything", Names{}, 3), Names{});
}

TEST(Nearest, VeryLongWordsAreNotCompared) {
  const std::string word(257, 'x');
  EXPECT_EQ(nearest(word, Names{word}, 3), Names{});
}

TEST(Strings, PercentEncodedIsOneSegment) {
  EXPECT_EQ(percent_encoded("gemini-2.0_flash~A"), "gemini-2.0_flash~A");
  EXPECT_EQ(percent_encoded("a/../b?x#y%z:\xc3\xa9 \r\n"),
            "a%2F..%2Fb%3Fx%23y%25z%3A%C3%A9%20%0D%0A");
  EXPECT_EQ(percent_encoded(""), "");
  EXPECT_EQ(percent_decoded(percent_encoded("100% ~/?\x01\xff")), "100% ~/?\x01\xff");
}

}  // namespace
}  // namespace butter
