#include "provider/event_facts.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::provider {
namespace {

TEST(ReadChunk, ChoicesAreKnownByTheirIndex) {
  const ChunkFacts facts = read_chunk(
      R"({"choices":[{"index":0,"delta":{}},{"finish_reason":"stop","index":2},{"index":99}]})");
  EXPECT_TRUE(facts.valid);
  EXPECT_EQ(facts.seen, std::uint64_t{1} << 63 | 0b101U);
  EXPECT_EQ(facts.finished, 0b100U);
  EXPECT_TRUE(facts.content);
}

TEST(ReadChunk, AChoiceWithoutIndexIsTheFirst) {
  EXPECT_EQ(read_chunk(R"({"choices":[{"delta":{}}]})").seen, 1U);
}

TEST(ReadChunk, Errors) {
  EXPECT_TRUE(read_chunk(R"({"error":{"message":"m"}})").error);
  EXPECT_TRUE(read_chunk(R"({"choices":[],"error":"text"})").error);
  EXPECT_FALSE(read_chunk(R"({"error":null})").error);
  EXPECT_FALSE(read_chunk(R"({"choices":[{"error":{"message":"m"}}]})").error);
  EXPECT_FALSE(read_chunk(R"({"x":{"error":{"message":"m"}}})").error);
}

TEST(ReadChunk, WhatIsNoObjectIsNotValid) {
  for (const char* text : {"", "[]", "1", "null", "{", R"({"a")", "<html>"}) {
    EXPECT_FALSE(read_chunk(text).valid) << text;
    EXPECT_FALSE(read_typed(text).valid) << text;
  }
}

TEST(ReadTyped, ReadsTheTypeOfTheTopLevel) {
  const TypedFacts facts = read_typed(R"({"response":{"type":"x","error":{"a":1}},"type":"y"})");
  EXPECT_TRUE(facts.valid);
  EXPECT_EQ(facts.type, "y");
  EXPECT_FALSE(facts.error);
  EXPECT_TRUE(read_typed(R"({"error":{"message":"m"}})").error);
  EXPECT_EQ(read_typed(R"({"type":5})").type, "");
}

TEST(BlockHasContent, OnlyWhenItSaysMoreThanItsType) {
  const auto block = [](std::string_view inner) {
    return block_has_content(R"({"type":"content_block_start","index":0,"content_block":)" +
                             std::string(inner) + "}");
  };
  EXPECT_FALSE(block(R"({"type":"text","text":""})"));
  EXPECT_FALSE(block(R"({"type":"thinking","thinking":"","signature":""})"));
  EXPECT_TRUE(block(R"({"type":"tool_use","id":"t","name":"n","input":{}})"));
  EXPECT_TRUE(block(R"({"type":"redacted_thinking","data":"x"})"));
  EXPECT_TRUE(block(R"({"type":"text","text":"Hi"})"));
  EXPECT_FALSE(block("null"));
}

}  // namespace
}  // namespace butter::provider
