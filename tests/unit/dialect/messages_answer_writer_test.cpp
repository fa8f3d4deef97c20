#include "dialect/messages_answer_writer.h"

#include "unit/dialect/messages_support.h"

namespace butter::dialect {
namespace {

using messages_test::answered;
using messages_test::fold_stream;
using messages_test::fold_whole;
using testing::HasSubstr;
using Kind = Delta::Kind;

TEST(MessagesAnswerWriter, IsOneMessage) {
  EXPECT_EQ(
      answered({{.kind = Kind::text, .text = {"a"}}, {.kind = Kind::text, .text = {"\\n"}}}, false),
      R"({"id":"i","type":"message","role":"assistant","model":"m",)"
      R"("content":[{"type":"text","text":"a\n"}],"stop_reason":"end_turn",)"
      R"("stop_sequence":null,"usage":{"input_tokens":4,"cache_creation_input_tokens":2,)"
      R"("cache_read_input_tokens":3,"output_tokens":5,)"
      R"("output_tokens_details":{"thinking_tokens":1}}})");
}

TEST(MessagesAnswerWriter, ArgumentsBecomeAnObject) {
  struct Row {
    std::string_view arguments, input;
  };
  constexpr Row kRows[] = {{"", "{}"},
                           {R"({\"a\": \"\\u00e9\"})", R"({"a": "\u00e9"})"},
                           {R"({\"a\":)", R"({"INVALID_JSON":"{\"a\":"})"},
                           {"[1]", R"({"INVALID_JSON":"[1]"})"},
                           {"{} {}", R"({"INVALID_JSON":"{} {}"})"}};
  for (const Row& row : kRows) {
    EXPECT_THAT(answered({{.kind = Kind::tool_begin, .id = {"t"}, .name = {"f"}},
                          {.kind = Kind::tool_arguments, .text = {row.arguments}}},
                         false),
                HasSubstr(R"("input":)" + std::string(row.input) + "}]"));
  }
}

TEST(MessagesAnswerWriter, WholeAndStreamAreTheSameMessage) {
  const std::vector<Delta> deltas{{.kind = Kind::thinking, .text = {"h"}},
                                  {.kind = Kind::signature, .text = {"s"}},
                                  {.kind = Kind::redacted, .text = {"d"}},
                                  {.kind = Kind::text, .text = {"a"}},
                                  {.kind = Kind::citation, .raw = {R"({"type":"x_location"})"}},
                                  {.kind = Kind::tool_begin, .id = {"t"}, .name = {"f"}},
                                  {.kind = Kind::tool_arguments, .text = {R"({\"a\":)"}},
                                  {.kind = Kind::tool_arguments, .text = {"1}"}},
                                  {.kind = Kind::tool_begin, .tool = 1, .id = {"u"}}};
  for (const auto reason : {Finish::Reason::tool_calls, Finish::Reason::length}) {
    const Finish finish{.reason = reason};
    EXPECT_EQ(fold_whole(answered(deltas, false, finish)),
              fold_stream(answered(deltas, true, finish)));
  }
}

TEST(MessagesAnswerWriter, AnErrorIsAnErrorBody) {
  Buffer out;
  const auto writer = kMessagesCaller.make_writer(out, {.id = "r"});
  writer->delta({.kind = Kind::text, .text = {"a"}});
  writer->error({.kind = AnswerError::Kind::server, .message = "m"});
  EXPECT_EQ(out.view(),
            R"({"type":"error","error":{"type":"api_error","message":"m"},"request_id":"r"})");
}

}  // namespace
}  // namespace butter::dialect
