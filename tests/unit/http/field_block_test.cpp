#include "http/field_block.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::http {
namespace {

// What a whole head may look like is in request_head_test and
// response_head_test; here are the facts.

TEST(FieldBlock, EmptyHasNoFacts) {
  Fields fields;
  const auto facts = parse_field_block("\r\n", Side::request, fields);
  ASSERT_TRUE(facts.has_value());
  EXPECT_FALSE(facts->has_host);
  EXPECT_FALSE(facts->has_length);
  EXPECT_FALSE(facts->has_chunked);
  EXPECT_TRUE(fields.all().empty());
}

TEST(FieldBlock, CollectsTheFacts) {
  Fields fields;
  const auto facts = parse_field_block(
      "HOST: h\r\nContent-length: 7\r\nConnection: "
      "keep-alive\r\nexpect: 100-continue\r\n\r\n",
      Side::request, fields);
  ASSERT_TRUE(facts.has_value());
  EXPECT_TRUE(facts->has_host);
  EXPECT_EQ(facts->host, "h");
  EXPECT_TRUE(facts->has_length);
  EXPECT_EQ(facts->length, 7U);
  EXPECT_TRUE(facts->keep_alive);
  EXPECT_FALSE(facts->close);
  EXPECT_TRUE(facts->expect_continue);
  EXPECT_EQ(fields.all().size(), 4U);
}

TEST(FieldBlock, NamesOfTheSameLengthAndLetterAreOthers) {
  Fields fields;
  const auto facts = parse_field_block(
      "hose: x\r\nexpert: 100-continue\r\nconnexion_: "
      "close\r\ncontent-lengtt: 1\r\n"
      "transfer-encodink: chunked\r\n\r\n",
      Side::request, fields);
  ASSERT_TRUE(facts.has_value());
  EXPECT_FALSE(facts->has_host || facts->has_length || facts->has_chunked || facts->close ||
               facts->expect_continue);
}

TEST(FieldBlock, ObsTextIsForResponsesOnly) {
  Fields fields;
  const std::string_view bytes = "X: \xc3\xa4\r\n\r\n";
  EXPECT_EQ(parse_field_block(bytes, Side::request, fields).error(), HeadError::malformed);
  EXPECT_TRUE(parse_field_block(bytes, Side::response, fields).has_value());
}

TEST(FieldBlock, MustEndWithItsBlankLine) {
  Fields fields;
  for (const std::string_view bytes : {"", "\r", "\rx", "X: y", "X: y\r", "X: y\r\n", "X: y\r\n\r",
                                       "X: y\r\n\rz", "X: y\r\n\r\nz", "\r\n\r\n"}) {
    fields.clear();
    EXPECT_EQ(parse_field_block(bytes, Side::request, fields).error(), HeadError::malformed)
        << bytes;
  }
}

struct KeepAliveCase {
  bool http_1_0, close, keep_alive, expected;
};

TEST(FieldBlock, KeepsAlive) {
  constexpr KeepAliveCase kCases[] = {
      {false, false, false, true}, {false, true, false, false}, {false, true, true, false},
      {true, false, false, false}, {true, false, true, true},   {true, true, true, false},
  };
  for (const auto& c : kCases) {
    FieldFacts facts;
    facts.close = c.close;
    facts.keep_alive = c.keep_alive;
    EXPECT_EQ(facts.keeps_alive(c.http_1_0), c.expected);
  }
}

}  // namespace
}  // namespace butter::http
