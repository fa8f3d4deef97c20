#include "guard/stream_pieces.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace butter::guard {

std::ostream& operator<<(std::ostream& out, const Piece& piece) {
  return out << piece.channel.field << '/' << piece.channel.index << '/' << piece.channel.part
             << '=' << piece.raw;
}

namespace {

/// "field/index/part=raw; ...", then who ends.
std::string told(std::string_view data) {
  const Pieces pieces = read_pieces(data);
  std::ostringstream out;
  for (const Piece& piece : pieces.pieces) { out << piece << "; "; }
  for (const Channel& channel : pieces.ending) { out << "end of " << channel.index << "; "; }
  if (pieces.all_end) { out << "end"; }
  return out.str();
}

TEST(ReadPieces, OfChat) {
  EXPECT_EQ(told(R"({"choices":[{"index":0,"delta":{"role":"assistant","content":"a\n"}}]})"),
            "content/0/0=a\\n; ");
  EXPECT_EQ(told(R"({"choices":[{"delta":{"reasoning_content":"r","content":""},"index":2}]})"),
            "reasoning_content/2/0=r; ");
  EXPECT_EQ(told(R"({"choices":[{"index":1,"delta":{"refusal":"no"}},{"delta":{"content":"x"}}]})"),
            "refusal/1/0=no; content/0/0=x; ");
  EXPECT_EQ(told(R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"), "end of 0; ");
  EXPECT_EQ(told(R"({"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]})"),
            "content/0/0=x; ");
  EXPECT_EQ(told(R"({"choices":[],"usage":{"total_tokens":3}})"), "");
}

TEST(ReadPieces, OfCalls) {
  EXPECT_EQ(
      told(R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"i",)"
           R"("function":{"name":"f","arguments":"{"}},{"custom":{"input":"x"},"index":2}]}}]})"),
      "arguments/0/1={; input/0/2=x; ");
  EXPECT_EQ(told(R"({"choices":[{"delta":{"function_call":{"name":"f","arguments":"{"}}}]})"),
            "function_call/0/0={; ");
}

TEST(ReadPieces, OfReasoningDetails) {
  EXPECT_EQ(told(R"({"choices":[{"delta":{"reasoning":"a","reasoning_details":[{"type":)"
                 R"("reasoning.text","text":"a","index":1}]}}]})"),
            "reasoning/0/0=a; reasoning_details/0/1=a; ");
}

TEST(ReadPieces, OfCompletions) {
  EXPECT_EQ(told(R"({"choices":[{"text":"a","index":0,"logprobs":null,"finish_reason":null}]})"),
            "text/0/0=a; ");
}

TEST(ReadPieces, OfMessages) {
  EXPECT_EQ(told(R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta",)"
                 R"("text":"a"}})"),
            "text/1/0=a; ");
  EXPECT_EQ(told(R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta",)"
                 R"("partial_json":"{"}})"),
            "partial_json/0/0={; ");
  EXPECT_EQ(told(R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta",)"
                 R"("thinking":"t"}})"),
            "thinking/0/0=t; ");
  EXPECT_EQ(told(R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta",)"
                 R"("signature":"t"}})"),
            "");
  EXPECT_EQ(told(R"({"type":"content_block_stop","index":1})"), "end of 1; ");
  EXPECT_EQ(told(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"}})"), "end");
  EXPECT_EQ(told(R"({"type":"message_stop"})"), "end");
  EXPECT_EQ(told(R"({"type":"ping"})"), "");
}

TEST(ReadPieces, OfResponses) {
  EXPECT_EQ(told(R"({"type":"response.output_text.delta","item_id":"m","output_index":1,)"
                 R"("content_index":2,"delta":"a"})"),
            "response.output_text/1/2=a; ");
  EXPECT_EQ(
      told(R"({"type":"response.function_call_arguments.delta","output_index":3,"delta":"{"})"),
      "response.function_call_arguments/3/0={; ");
  EXPECT_EQ(told(R"({"type":"response.output_audio.delta","delta":"UklGR"})"), "");
  EXPECT_EQ(told(R"({"type":"response.output_audio_transcript.delta","delta":"a"})"),
            "response.output_audio_transcript/0/0=a; ");
  EXPECT_EQ(told(R"({"type":"response.output_text.done","output_index":1,"text":"a"})"),
            "end of 1; ");
  for (const char* const end : {"completed", "incomplete", "failed"}) {
    EXPECT_EQ(told(R"({"type":"response.)" + std::string(end) + R"(","response":{}})"), "end");
  }
}

TEST(ReadPieces, OfGemini) {
  EXPECT_EQ(told(R"({"candidates":[{"content":{"parts":[{"text":"t","thought":true},)"
                 R"({"text":"a"},{"functionCall":{"name":"f"}}],"role":"model"},"index":1}]})"),
            "thought/1/0=t; text/1/0=a; ");
  EXPECT_EQ(told(R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]})"),
            "text/0/0=a; end of 0; ");
}

TEST(ReadPieces, AnErrorEndsAll) {
  EXPECT_EQ(told(R"({"error":{"message":"x"}})"), "end");
  EXPECT_EQ(told(R"({"type":"error","error":{"type":"overloaded_error"}})"), "end");
  EXPECT_EQ(told(R"({"type":"response.output_text.done","error":null})"), "end of 0; ");
}

TEST(ReadPieces, OfOthersThereAreNone) {
  for (const char* const data :
       {"", "[DONE]", "[1]", "\"text\"", "{", R"({"text":"a"})",
        R"({"choices":"x","candidates":{}})", R"({"type":"x","delta":"a"})"}) {
    EXPECT_EQ(told(data), "") << data;
  }
}

TEST(Pieces, EndByIndex) {
  const Pieces pieces{.ending = {{.of = Channel::Of::block, .index = 1}}};
  EXPECT_TRUE(pieces.ends({.of = Channel::Of::block, .field = "text", .index = 1}));
  EXPECT_FALSE(pieces.ends({.of = Channel::Of::block, .field = "text", .index = 2}));
  EXPECT_FALSE(pieces.ends({.of = Channel::Of::choice, .field = "text", .index = 1}));
  EXPECT_TRUE(Pieces{.all_end = true}.ends({}));
}

TEST(ContentOf, CallsIsJson) {
  for (const char* const field :
       {"arguments", "function_call", "partial_json", "response.function_call_arguments"}) {
    EXPECT_EQ(content_of({.field = field}), Content::json) << field;
  }
  EXPECT_EQ(content_of({.field = "content"}), Content::prose);
}

}  // namespace
}  // namespace butter::guard
