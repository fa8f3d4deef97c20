#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "http/sse.h"
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
  request.text = "Hi";
  return request;
}

/// The names of the events, one of several in a row; each event holds its own name and its number.
std::vector<std::string> names(const MockAnswer& answer) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < answer.pieces.size(); ++i) {
    const http::SseEvent event = http::parse_sse_event(answer.pieces[i]);
    EXPECT_EQ(json_at(event.data, "/type"), event.name);
    EXPECT_EQ(json_at(event.data, "/sequence_number"), std::to_string(i));
    result.emplace_back(event.name);
  }
  result.erase(std::ranges::unique(result).begin(), result.end());
  return result;
}

TEST(MockResponses, Whole) {
  const std::string body = response_answer(example(), false).pieces.at(0);
  EXPECT_EQ(json_at(body, "/object"), "response");
  EXPECT_EQ(json_at(body, "/status"), "completed");
  EXPECT_EQ(json_at(body, "/output/0/type"), "message");
  EXPECT_EQ(json_at(body, "/output/0/content/0/type"), "output_text");
  EXPECT_EQ(json_at(body, "/output/0/content/0/text"),
            "Hello from Butter's built-in provider. You said: Hi");
  EXPECT_EQ(json_at(body, "/usage/output_tokens"), "13");
}

TEST(MockResponses, ToolCall) {
  Request request = example();
  request.forced_tool = "f";
  request.forced_arguments = "{}";
  const std::string body = response_answer(request, false).pieces.at(0);
  EXPECT_EQ(json_at(body, "/output/0/type"), "function_call");
  EXPECT_EQ(json_at(body, "/output/0/name"), "f");
  EXPECT_EQ(json_at(body, "/output/0/arguments"), "{}");
  EXPECT_EQ(names(response_answer(request, true)),
            (std::vector<std::string>{
                "response.created", "response.in_progress", "response.output_item.added",
                "response.function_call_arguments.delta", "response.function_call_arguments.done",
                "response.output_item.done", "response.completed"}));
}

TEST(MockResponses, EventsInTheirOrder) {
  const MockAnswer answer = response_answer(example(), true);
  EXPECT_EQ(
      names(answer),
      (std::vector<std::string>{
          "response.created", "response.in_progress", "response.output_item.added",
          "response.content_part.added", "response.output_text.delta", "response.output_text.done",
          "response.content_part.done", "response.output_item.done", "response.completed"}));
}

TEST(MockResponses, DeltasMakeTheText) {
  const MockAnswer answer = response_answer(example(), true);
  std::string text;
  for (const std::string& piece : answer.pieces) {
    const std::string_view data = data_of(piece);
    if (json_at(data, "/type") == "response.output_text.delta") { text += json_at(data, "/delta"); }
  }
  const std::string_view last = data_of(answer.pieces.back());
  EXPECT_EQ(json_at(last, "/response/output/0/content/0/text"), text);
  EXPECT_EQ(json_at(data_of(answer.pieces.front()), "/response/output"), "[]");
  EXPECT_EQ(json_at(data_of(answer.pieces.front()), "/response/usage"), "null");
}

}  // namespace
}  // namespace butter::provider::mock
