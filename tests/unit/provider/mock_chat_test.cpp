#include <gtest/gtest.h>

#include <string>

#include "provider/mock_shapes.h"
#include "unit/provider/json_at.h"

namespace butter::provider::mock {
namespace {

using test::data_of;
using test::json_at;

Request example() {
  Request request;
  request.model = "m";
  request.id = "id";
  request.now = 7;
  request.text = "Hi there";
  request.prompt_bytes = 40;
  return request;
}

Request with_tool() {
  Request request = example();
  request.forced_tool = "f";
  request.forced_arguments = R"({"a":"b c"})";
  return request;
}

const std::string kText = "Hello from Butter's built-in provider. You said: Hi there";

TEST(MockChat, Whole) {
  const MockAnswer answer = chat_answer(example(), false);
  ASSERT_EQ(answer.pieces.size(), 1U);
  const std::string& body = answer.pieces[0];
  EXPECT_EQ(json_at(body, "/id"), "chatcmpl-id");
  EXPECT_EQ(json_at(body, "/object"), "chat.completion");
  EXPECT_EQ(json_at(body, "/created"), "7");
  EXPECT_EQ(json_at(body, "/choices/0/message/role"), "assistant");
  EXPECT_EQ(json_at(body, "/choices/0/message/content"), kText);
  EXPECT_EQ(json_at(body, "/choices/0/finish_reason"), "stop");
  EXPECT_EQ(json_at(body, "/choices/1"), "absent");
  EXPECT_EQ(json_at(body, "/usage/prompt_tokens"), "10");
  EXPECT_EQ(json_at(body, "/usage/total_tokens"), "25");
}

TEST(MockChat, SeveralChoices) {
  Request request = example();
  request.n = 3;
  const std::string body = chat_answer(request, false).pieces[0];
  EXPECT_EQ(json_at(body, "/choices/2/index"), "2");
  EXPECT_EQ(json_at(body, "/choices/3"), "absent");
  EXPECT_EQ(json_at(body, "/usage/completion_tokens"), "45");
}

TEST(MockChat, ToolCall) {
  const std::string body = chat_answer(with_tool(), false).pieces[0];
  EXPECT_EQ(json_at(body, "/choices/0/finish_reason"), "tool_calls");
  EXPECT_EQ(json_at(body, "/choices/0/message/content"), "null");
  EXPECT_EQ(json_at(body, "/choices/0/message/tool_calls/0/function/name"), "f");
  EXPECT_EQ(json_at(body, "/choices/0/message/tool_calls/0/function/arguments"), R"({"a":"b c"})");
}

TEST(MockChat, StreamedTextIsTheWholeText) {
  const MockAnswer answer = chat_answer(example(), true);
  ASSERT_GT(answer.pieces.size(), 6U);
  EXPECT_EQ(json_at(data_of(answer.pieces[0]), "/choices/0/delta/role"), "assistant");
  EXPECT_EQ(json_at(data_of(answer.pieces[0]), "/choices/0/delta/content"), "");
  EXPECT_EQ(json_at(data_of(answer.pieces[0]), "/usage"), "absent");
  std::string text;
  for (std::size_t i = 1; i + 2 < answer.pieces.size(); ++i) {
    const std::string_view data = data_of(answer.pieces[i]);
    EXPECT_EQ(json_at(data, "/object"), "chat.completion.chunk");
    EXPECT_EQ(json_at(data, "/choices/0/finish_reason"), "null");
    text += json_at(data, "/choices/0/delta/content");
  }
  EXPECT_EQ(text, kText);
  EXPECT_EQ(json_at(data_of(answer.pieces.end()[-2]), "/choices/0/finish_reason"), "stop");
  EXPECT_EQ(json_at(data_of(answer.pieces.end()[-2]), "/choices/0/delta"), "{}");
  EXPECT_EQ(answer.pieces.back(), "data: [DONE]\n\n");
}

TEST(MockChat, UsageChunkOnlyWhenAskedFor) {
  Request request = example();
  request.include_usage = true;
  const MockAnswer answer = chat_answer(request, true);
  EXPECT_EQ(json_at(data_of(answer.pieces[0]), "/usage"), "null");
  EXPECT_EQ(json_at(data_of(answer.pieces.end()[-2]), "/choices"), "[]");
  EXPECT_EQ(json_at(data_of(answer.pieces.end()[-2]), "/usage/total_tokens"), "25");
}

TEST(MockChat, StreamedToolCall) {
  const MockAnswer answer = chat_answer(with_tool(), true);
  EXPECT_EQ(json_at(data_of(answer.pieces[0]), "/choices/0/delta/tool_calls/0/function/name"), "f");
  std::string arguments;
  for (std::size_t i = 1; i + 2 < answer.pieces.size(); ++i) {
    arguments +=
        json_at(data_of(answer.pieces[i]), "/choices/0/delta/tool_calls/0/function/arguments");
  }
  EXPECT_EQ(arguments, R"({"a":"b c"})");
  EXPECT_EQ(json_at(data_of(answer.pieces.end()[-2]), "/choices/0/finish_reason"), "tool_calls");
}

TEST(MockCompletions, WholeAndStreamed) {
  const std::string body = completion_answer(example(), false).pieces[0];
  EXPECT_EQ(json_at(body, "/id"), "cmpl-id");
  EXPECT_EQ(json_at(body, "/object"), "text_completion");
  EXPECT_EQ(json_at(body, "/choices/0/text"), kText);
  const MockAnswer answer = completion_answer(example(), true);
  std::string text;
  for (std::size_t i = 0; i + 2 < answer.pieces.size(); ++i) {
    text += json_at(data_of(answer.pieces[i]), "/choices/0/text");
  }
  EXPECT_EQ(text, kText);
  EXPECT_EQ(json_at(data_of(answer.pieces.end()[-2]), "/choices/0/finish_reason"), "stop");
}

}  // namespace
}  // namespace butter::provider::mock
