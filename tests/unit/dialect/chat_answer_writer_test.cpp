#include "dialect/chat_answer_writer.h"

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

using testing::HasSubstr;

using Kind = Delta::Kind;

const std::vector<Delta> kDeltas = {
    {.kind = Kind::thinking, .text = {"th"}},
    {.kind = Kind::thinking, .text = {"ink"}},
    {.kind = Kind::signature, .text = {"sig"}},
    {.kind = Kind::redacted, .text = {"opaque"}},
    {.kind = Kind::text, .text = {"a\\n"}},
    {.kind = Kind::tool_begin, .tool = 0, .name = {"f"}},
    {.kind = Kind::tool_begin, .tool = 1, .id = {"c"}, .name = {"g"}, .signature = {"s"}},
    {.kind = Kind::tool_arguments, .tool = 1, .text = {"{\\\"x\\\":1}"}},
    {.kind = Kind::tool_arguments, .tool = 0, .text = {"{}"}},
    {.kind = Kind::citation, .raw = {R"({"type":"url_citation"})"}},
    {.kind = Kind::logprobs, .raw = {R"({"content":[{"token":"a"}],"refusal":null})"}},
    {.kind = Kind::text, .choice = 1, .text = {"b"}}};

TEST(ChatAnswerWriter, AStreamSaysWhatTheWholeAnswerSays) {
  const Finish finish{.reason = Finish::Reason::tool_calls};
  const std::string whole = chat_test::answered(kDeltas, {.id = "r"}, finish);
  const std::string stream =
      chat_test::answered(kDeltas, {.stream = true, .stream_usage = true, .id = "r"}, finish);
  EXPECT_EQ(chat_test::fold_whole(whole), chat_test::fold_stream(stream));
  EXPECT_THAT(whole, HasSubstr(R"("id":"call_r_0_0")"));
  EXPECT_THAT(whole,
              HasSubstr(R"("thinking_blocks":[{"type":"thinking","thinking":"think",)"
                        R"("signature":"sig"},{"type":"redacted_thinking","data":"opaque"}])"));
}

TEST(ChatAnswerWriter, ContentIsNullBesideCallsOnly) {
  EXPECT_THAT(chat_test::answered({{.kind = Kind::tool_begin, .name = {"f"}}}, {}),
              HasSubstr("\"content\":null"));
  EXPECT_THAT(chat_test::answered({{.kind = Kind::text}}, {}), HasSubstr("\"content\":\"\""));
}

TEST(ChatAnswerWriter, ReasonsAreOnesThatTheSdksKnow) {
  using Reason = Finish::Reason;
  EXPECT_EQ(chat_finish_reason(Reason::pause), "stop");
  EXPECT_EQ(chat_finish_reason(Reason::length), "length");
  EXPECT_EQ(chat_finish_reason(Reason::tool_calls), "tool_calls");
  EXPECT_EQ(chat_finish_reason(Reason::refusal), "content_filter");
}

TEST(ChatAnswerWriter, AnErrorIsTheBody) {
  Buffer out;
  const auto writer = kChatCaller.make_writer(out, {});
  writer->error({.kind = AnswerError::Kind::rate_limit, .message = "slow"});
  EXPECT_TRUE(writer->over());
  EXPECT_THAT(std::string(out.view()), testing::StartsWith(R"({"error":{"message":"slow")"));
}

}  // namespace
}  // namespace butter::dialect
