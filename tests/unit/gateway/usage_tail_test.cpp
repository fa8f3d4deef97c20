#include "gateway/usage_tail.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::gateway {
namespace {

const std::string kBody =
    R"({"choices":[{"message":{"content":"the \"usage\":{}"}}],"usage" : {"a":1}})";

std::string usage_of(std::string_view body, std::optional<std::uint64_t> size, std::size_t step) {
  UsageTail tail;
  tail.start(size);
  for (std::size_t at = 0; at < body.size(); at += step) { tail.feed(body.substr(at, step)); }
  return std::string(tail.usage());
}

TEST(UsageTail, WhereverTheBodyIsCut) {
  for (std::size_t step = 1; step <= kBody.size(); ++step) {
    EXPECT_EQ(usage_of(kBody, kBody.size(), step), R"({"a":1}})") << step;
    EXPECT_EQ(usage_of(kBody, std::nullopt, step), R"({"a":1}})") << step;
  }
}

TEST(UsageTail, AtTheEndOfALongBody) {
  const std::string body = R"({"data":")" + std::string(100'000, 'g') + R"(","usage":{"a":1}})";
  for (const std::size_t step :
       {std::size_t{1}, std::size_t{1000}, std::size_t{16'384}, body.size()}) {
    EXPECT_EQ(usage_of(body, body.size(), step), R"({"a":1}})") << step;
    EXPECT_EQ(usage_of(body, std::nullopt, step), R"({"a":1}})") << step;
  }
}

TEST(UsageTail, TheLastOneCounts) {
  const std::string body = R"({"x":{"usage":{"a":1}},"usage":{"a":2}})";
  EXPECT_EQ(usage_of(body, body.size(), body.size()), R"({"a":2}})");
}

TEST(UsageTail, NoneIsNone) {
  for (const std::string_view body :
       {"", "{}", R"({"a":"usage"})", R"({"my_usage":{}})", "gggg", "usage\""}) {
    EXPECT_EQ(usage_of(body, body.size(), 1), body == R"({"a":"usage"})" ? "}" : "") << body;
  }
}

TEST(UsageTail, TheNextAnswerBeginsAnew) {
  UsageTail tail;
  tail.start(kBody.size());
  tail.feed(kBody);
  tail.start(2);
  tail.feed("{}");
  EXPECT_EQ(tail.usage(), "");
}

}  // namespace
}  // namespace butter::gateway
