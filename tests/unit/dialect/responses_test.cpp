#include <gtest/gtest.h>

#include <algorithm>

#include "dialect/dialects.h"

namespace butter::dialect {
namespace {

TEST(Responses, IsWhatCallersSpeak) {
  EXPECT_EQ(caller_dialect(Dialect::responses), &kResponsesCaller);
  EXPECT_EQ(kResponsesCaller.dialect, Dialect::responses);
}

TEST(Responses, TheTableHasWhatARequestUses) {
  constexpr std::string_view kBody = R"({"model":"m","instructions":"i","max_output_tokens":1,
    "temperature":1,"top_p":1,"top_logprobs":1,"user":"u","metadata":{"a":"b"},"background":true,
    "service_tier":"flex","truncation":"auto","previous_response_id":"r",
    "parallel_tool_calls":false,"reasoning":{"effort":"low","summary":"auto"},
    "text":{"verbosity":"low","format":{"type":"json_object"}},"tool_choice":"auto",
    "tools":[{"type":"function","name":"f","strict":true},{"type":"web_search"}],
    "input":[{"role":"developer","content":"d"},{"role":"user","content":[
      {"type":"input_image","image_url":"https://a.example","detail":"low"},
      {"type":"input_file","file_id":"f"},
      {"type":"input_audio","input_audio":{"data":"A","format":"wav"}}]},
      {"type":"reasoning","summary":[{"type":"summary_text","text":"t"}]},
      {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
      {"type":"function_call_output","call_id":"c","output":[
        {"type":"input_image","image_url":"data:image/png;base64,A"}]},
      {"role":"assistant","content":[{"type":"refusal","refusal":"no"}]}]})";
  Conversation asked;
  const auto read = kResponsesCaller.read_request(kBody, asked);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_GT(asked.used.count(), 28U);
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const auto feature = static_cast<Feature>(i);
    const bool has_row = std::ranges::find(kResponsesCaller.fields, feature, &Meaning::feature) !=
                         kResponsesCaller.fields.end();
    EXPECT_TRUE(!asked.used[i] || has_row) << to_string(feature);
  }
}

TEST(Responses, ErrorsHaveOpenAisShape) {
  Buffer out;
  kResponsesCaller.write_error({.kind = AnswerError::Kind::overloaded, .message = "m"}, "r", out);
  EXPECT_TRUE(out.view().starts_with(R"({"error":{"message":"m")"));
}

}  // namespace
}  // namespace butter::dialect
