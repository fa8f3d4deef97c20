#include "guard/stream_event.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::guard {
namespace {

using Of = Channel::Of;

std::string event_of(const Channel& channel, std::string_view like,
                     std::string_view text = "a\"b") {
  Buffer out;
  append_piece_event(out, channel, like, text);
  return std::string(out.view());
}

TEST(PieceEvent, OfChatSaysNothingElse) {
  constexpr std::string_view kLike =
      R"(data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":)"
      R"([{"index":0,"delta":{"role":"assistant","content":"x"},"logprobs":null}],)"
      R"("usage":{"total_tokens":1}})"
      "\n\n";
  const std::string head =
      R"(data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":)";
  EXPECT_EQ(event_of({.of = Of::choice, .field = "content"}, kLike),
            head + R"([{"index":0,"delta":{"content":"a\"b"},"finish_reason":null}]})" + "\n\n");
  EXPECT_EQ(event_of({.of = Of::choice, .field = "reasoning_content", .index = 1}, kLike),
            head + R"([{"index":1,"delta":{"reasoning_content":"a\"b"},"finish_reason":null}]})" +
                "\n\n");
  EXPECT_EQ(event_of({.of = Of::choice, .field = "arguments", .index = 0, .part = 2}, kLike),
            head +
                R"([{"index":0,"delta":{"tool_calls":[{"index":2,"function":{"arguments":)"
                R"("a\"b"}}]},"finish_reason":null}]})" +
                "\n\n");
  EXPECT_EQ(event_of({.of = Of::choice, .field = "input", .index = 0, .part = 2}, kLike),
            head +
                R"([{"index":0,"delta":{"tool_calls":[{"index":2,"custom":{"input":)"
                R"("a\"b"}}]},"finish_reason":null}]})" +
                "\n\n");
  EXPECT_EQ(event_of({.of = Of::choice, .field = "reasoning_details", .part = 1}, kLike, "b"),
            head +
                R"([{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.text",)"
                R"("index":1,"text":"b"}]},"finish_reason":null}]})" +
                "\n\n");
  EXPECT_EQ(event_of({.of = Of::choice, .field = "function_call"}, kLike),
            head +
                R"([{"index":0,"delta":{"function_call":{"arguments":"a\"b"}},)"
                R"("finish_reason":null}]})" +
                "\n\n");
  EXPECT_EQ(event_of({.of = Of::choice, .field = "text"}, kLike),
            head + R"([{"index":0,"text":"a\"b","finish_reason":null}]})" + "\n\n");
}

TEST(PieceEvent, OfGeminiSaysNothingElse) {
  constexpr std::string_view kLike =
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"},{\"functionCall\":{}}]}}],"
      "\"usageMetadata\":{},\"modelVersion\":\"g\"}\r\n\r\n";
  EXPECT_EQ(event_of({.of = Of::candidate, .field = "text", .index = 1}, kLike, "b"),
            "data: {\"modelVersion\":\"g\",\"candidates\":[{\"index\":1,\"content\":{\"role\":"
            "\"model\",\"parts\":[{\"text\":\"b\"}]}}]}\n\n");
  EXPECT_EQ(event_of({.of = Of::candidate, .field = "thought"}, kLike, "b"),
            "data: {\"modelVersion\":\"g\",\"candidates\":[{\"index\":0,\"content\":{\"role\":"
            "\"model\",\"parts\":[{\"text\":\"b\",\"thought\":true}]}}]}\n\n");
}

TEST(PieceEvent, OfMessagesIsTheLastWithAnotherText) {
  EXPECT_EQ(event_of({.of = Of::block, .field = "text", .index = 3},
                     "event: content_block_delta\ndata: {\"type\":\"content_block_delta\","
                     "\"index\":3,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}\n\n"),
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":3,"
            "\"delta\":{\"type\":\"text_delta\",\"text\":\"a\\\"b\"}}\n\n");
}

TEST(PieceEvent, OfResponsesIsTheLastWithAnotherText) {
  EXPECT_EQ(event_of({.of = Of::item, .field = "response.output_text"},
                     "event: response.output_text.delta\nid: 7\ndata: {\"type\":"
                     "\"response.output_text.delta\",\"sequence_number\":4,\"item_id\":\"m\","
                     "\"delta\":\"x\",\"logprobs\":[]}\n\n"),
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
            "\"sequence_number\":4,\"item_id\":\"m\",\"delta\":\"a\\\"b\",\"logprobs\":[]}\n\n");
}

TEST(PieceEvent, OfAnEventInSeveralLinesIsInSeveralLines) {
  EXPECT_EQ(event_of({.of = Of::block, .field = "text", .index = 0},
                     "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\ndata: "
                     "\"index\":0,\"delta\":{\"text\":\"x\"}}\n\n",
                     "b"),
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\ndata: "
            "\"index\":0,\"delta\":{\"text\":\"b\"}}\n\n");
}

}  // namespace
}  // namespace butter::guard
