#include "provider/mock_shapes.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::provider::mock {
namespace {

TEST(Fill, ReplacesInOrderAndLooksIntoNoValue) {
  EXPECT_EQ(fill("a@b@c", {"1@", "2"}), "a1@b2c");
  EXPECT_EQ(fill("@", {}), "@");
  EXPECT_EQ(fill("plain", {}), "plain");
}

TEST(Quote, IsAJsonString) {
  EXPECT_EQ(quote("a\"\n"), R"("a\"\n")");
}

TEST(Words, EndBeforeBlanksAndLoseNothing) {
  EXPECT_EQ(words("Hello big world"), (std::vector<std::string_view>{"Hello", " big", " world"}));
  EXPECT_EQ(words("one"), (std::vector<std::string_view>{"one"}));
  EXPECT_TRUE(words("").empty());
  for (const std::string& text : {std::string("  a  b "), std::string(100000, ' '),
                                  std::string(100000, 'x'), std::string("\xf0\x9f\x98\x80 x")}) {
    std::string joined;
    const std::vector<std::string_view> pieces = words(text);
    for (const std::string_view piece : pieces) { joined += piece; }
    EXPECT_EQ(joined, text);
    EXPECT_LE(pieces.size(), 129U);
  }
}

TEST(Tokens, FourBytesEachButAtLeastOne) {
  EXPECT_EQ(tokens(0), 1U);
  EXPECT_EQ(tokens(4), 1U);
  EXPECT_EQ(tokens(5), 2U);
}

TEST(ReplyText, PrefersTheJsonThatWasAskedFor) {
  Request request;
  request.text = "x";
  EXPECT_EQ(reply_text(request), "Hello from Butter's built-in provider. You said: x");
  request.wanted_json = "{}";
  EXPECT_EQ(reply_text(request), "{}");
}

}  // namespace
}  // namespace butter::provider::mock
