#include "dialect/chat_stream_writer.h"

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ChatStreamWriter, TheRoleComesFirstAndUsageOnlyWhenAsked) {
  const std::vector<Delta> deltas = {{.text = {"a"}}};
  const std::string plain = chat_test::answered(deltas, {.stream = true});
  EXPECT_THAT(plain,
              testing::StartsWith(
                  R"(data: {"id":"i","object":"chat.completion.chunk","created":1,"model":"m",)"
                  R"("choices":[{"index":0,"delta":{"role":"assistant","content":""},)"));
  EXPECT_THAT(plain, Not(HasSubstr("usage")));
  EXPECT_THAT(plain, testing::EndsWith("data: [DONE]\n\n"));
  EXPECT_THAT(chat_test::answered(deltas, {.stream = true, .stream_usage = true}),
              HasSubstr(R"("choices":[],"usage":{"prompt_tokens":3,)"));
}

TEST(ChatStreamWriter, AnErrorEndsTheStreamWithoutDone) {
  Buffer out;
  const auto writer = kChatCaller.make_writer(out, {.stream = true});
  writer->start({});
  EXPECT_FALSE(writer->begun());
  writer->delta({.text = {"a"}});
  EXPECT_TRUE(writer->begun());
  writer->error({.message = "m"});
  EXPECT_TRUE(writer->over());
  EXPECT_THAT(std::string(out.view()), HasSubstr("data: {\"error\":{\"message\":\"m\""));
  EXPECT_THAT(std::string(out.view()), Not(HasSubstr("[DONE]")));
}

TEST(ChatStreamWriter, RawValuesOfSeveralLinesBecomeOne) {
  const std::string stream = chat_test::answered(
      {{.kind = Delta::Kind::logprobs, .raw = {"{\"content\":\ndata:[]}"}}}, {.stream = true});
  EXPECT_THAT(stream, HasSubstr("\"logprobs\":{\"content\":[]}"));
}

}  // namespace
}  // namespace butter::dialect
