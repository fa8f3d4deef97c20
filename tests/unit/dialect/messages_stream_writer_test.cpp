#include "dialect/messages_stream_writer.h"

#include "unit/dialect/messages_support.h"

namespace butter::dialect {
namespace {

using messages_test::answered;
using messages_test::event;
using testing::HasSubstr;
using Kind = Delta::Kind;

constexpr std::string_view kNoUsage =
    R"("usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,)"
    R"("output_tokens":0})";
constexpr std::string_view kUsage =
    R"("usage":{"input_tokens":4,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,)"
    R"("output_tokens":5,"output_tokens_details":{"thinking_tokens":1}})";

std::string begun() {
  return event("message_start",
               R"("message":{"id":"i","type":"message","role":"assistant","model":"m",)"
               R"("content":[],"stop_reason":null,"stop_sequence":null,)" +
                   std::string(kNoUsage) + '}');
}

std::string ended(std::string_view reason) {
  return event("message_delta", R"("delta":{"stop_reason":")" + std::string(reason) +
                                    R"(","stop_sequence":null},)" + std::string(kUsage)) +
         event("message_stop", "");
}

TEST(MessagesStreamWriter, HasAnthropicsGrammar) {
  EXPECT_EQ(
      answered({{.kind = Kind::thinking, .text = {"h"}},
                {.kind = Kind::signature, .text = {"s"}},
                {.kind = Kind::text, .text = {"a"}},
                {.kind = Kind::tool_begin, .tool = 0, .id = {"t"}, .name = {"f"}},
                {.kind = Kind::tool_arguments, .tool = 0, .text = {"{}"}},
                {.kind = Kind::tool_begin, .tool = 1, .id = {"u"}, .name = {"g"}}},
               true, {.reason = Finish::Reason::tool_calls}),
      begun() +
          event("content_block_start",
                R"("index":0,"content_block":{"type":"thinking","thinking":"","signature":""})") +
          event("content_block_delta",
                R"("index":0,"delta":{"type":"thinking_delta","thinking":"h"})") +
          event("content_block_delta",
                R"("index":0,"delta":{"type":"signature_delta","signature":"s"})") +
          event("content_block_stop", R"("index":0)") +
          event("content_block_start", R"("index":1,"content_block":{"type":"text","text":""})") +
          event("content_block_delta", R"("index":1,"delta":{"type":"text_delta","text":"a"})") +
          event("content_block_stop", R"("index":1)") +
          event("content_block_start",
                R"("index":2,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}})") +
          event("content_block_delta",
                R"("index":2,"delta":{"type":"input_json_delta","partial_json":"{}"})") +
          event("content_block_stop", R"("index":2)") +
          event("content_block_start",
                R"("index":3,"content_block":{"type":"tool_use","id":"u","name":"g","input":{}})") +
          event("content_block_stop", R"("index":3)") + ended("tool_use"));
}

TEST(MessagesStreamWriter, AnEmptyAnswerHasNoBlocks) {
  const std::string answer = answered({}, true);
  EXPECT_TRUE(answer.starts_with("event: message_start\n"));
  EXPECT_EQ(answer.find("content_block"), std::string::npos);
  EXPECT_TRUE(answer.ends_with(ended("end_turn")));
}

TEST(MessagesStreamWriter, CitationsBelongToTheText) {
  EXPECT_THAT(
      answered({{.kind = Kind::text, .text = {"a"}},
                {.kind = Kind::citation, .raw = {"{\"type\":\n\"char_location\"}"}},
                {.kind = Kind::citation, .raw = {"{}"}}},
               true),
      HasSubstr(event("content_block_delta", R"("index":0,"delta":{"type":"citations_delta",)"
                                             R"("citation":{"type":"char_location"}})") +
                event("content_block_stop", R"("index":0)")));
}

TEST(MessagesStreamWriter, AnErrorIsAnEvent) {
  Buffer out;
  const auto writer = kMessagesCaller.make_writer(out, {.stream = true, .id = "r"});
  writer->start({});
  writer->error({.kind = AnswerError::Kind::overloaded, .status = 529, .message = "busy"});
  EXPECT_EQ(out.view(), event("error", R"("error":{"type":"overloaded_error","message":"busy"},)"
                                       R"("request_id":"r")"));
  EXPECT_TRUE(writer->over());
  EXPECT_FALSE(writer->begun());
}

}  // namespace
}  // namespace butter::dialect
