#include "dialect/token_estimate.h"

#include "unit/dialect/messages_support.h"

namespace butter::dialect {
namespace {

using messages_test::ask;
using messages_test::request;
using messages_test::with_content;

std::uint64_t estimate(const std::string& body) {
  const auto asked = ask(body);
  EXPECT_EQ(asked->complaint, "");
  return estimate_tokens(asked->conversation);
}

TEST(TokenEstimate, TextCountsByItsBytes) {
  EXPECT_EQ(estimate(with_content('"' + std::string(400, 'a') + '"')), 104U);
  EXPECT_EQ(estimate(with_content("\"漢字漢字\"")), 4U + 6U);
  EXPECT_EQ(estimate(R"({"model":"m","system":"abcd","messages":[{"role":"user","content":"a"}]})"),
            4U + 1U + 1U);
}

TEST(TokenEstimate, WhatIsNoTextHasAPrice) {
  constexpr std::string_view kImage = R"([{"type":"image","source":{"type":"url","url":"u"}}])";
  EXPECT_EQ(estimate(with_content(kImage)), 4U + 1600U);
  EXPECT_EQ(estimate(with_content(R"([{"type":"document","source":{"type":"url","url":"u"}}])")),
            4U + 1500U);
  EXPECT_EQ(estimate(with_content(R"([{"type":"tool_result","tool_use_id":"t","content":)" +
                                  std::string(kImage) + "}]")),
            8U + 1600U);
}

TEST(TokenEstimate, ToolsCountToo) {
  const std::uint64_t none = estimate(request(R"("max_tokens":1)"));
  const std::uint64_t one = estimate(request(R"("tools":[{"name":"abcd","input_schema":{}}])"));
  EXPECT_EQ(one - none, 300U + 16U + 1U + 1U);
}

TEST(TokenEstimate, MoreIsMore) {
  std::uint64_t before = 0;
  for (std::size_t size = 8; size < 4096; size *= 2) {
    const std::uint64_t now = estimate(with_content('"' + std::string(size, 'x') + '"'));
    EXPECT_GT(now, before);
    before = now;
  }
}

TEST(TokenEstimate, IsToldAsAnthropicTellsIt) {
  Buffer out;
  write_token_count(42, out);
  EXPECT_EQ(out.view(), R"({"input_tokens":42})");
}

}  // namespace
}  // namespace butter::dialect
