#include "dialect/chat_request_writer.h"

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ChatRequestWriter, TheLimitHasTheVendorsName) {
  const std::string body = chat_test::request(R"("max_tokens":7)");
  EXPECT_THAT(chat_test::rewritten(body), HasSubstr(R"("max_completion_tokens":7)"));
  EXPECT_THAT(chat_test::rewritten(body, {.model = "m", .max_completion_tokens = false}),
              HasSubstr(R"("max_tokens":7)"));
}

TEST(ChatRequestWriter, AStreamTellsItsUsage) {
  EXPECT_THAT(chat_test::rewritten(chat_test::request(R"("n":1)"), {.model = "x", .stream = true}),
              HasSubstr(R"("stream":true,"stream_options":{"include_usage":true})"));
  EXPECT_THAT(chat_test::rewritten(chat_test::request(R"("n":1)"),
                                   {.model = "x", .stream = true, .stream_options = false}),
              Not(HasSubstr("stream_options")));
}

TEST(ChatRequestWriter, ABudgetBecomesTheNearestEffort) {
  const std::pair<const char*, const char*> rows[] = {
      {"1024", "low"}, {"8000", "medium"}, {"30000", "high"}};
  for (const auto& [budget, effort] : rows) {
    EXPECT_THAT(
        chat_test::rewritten(chat_test::request(
            std::string(R"("thinking":{"type":"enabled","budget_tokens":)") + budget + '}')),
        HasSubstr(std::string(R"("reasoning_effort":")") + effort));
  }
}

TEST(ChatRequestWriter, WithoutToolsNothingIsSaidAboutThem) {
  EXPECT_THAT(chat_test::rewritten(
                  chat_test::request(R"("tool_choice":"auto","parallel_tool_calls":true)")),
              Not(HasSubstr("tool")));
}

}  // namespace
}  // namespace butter::dialect
