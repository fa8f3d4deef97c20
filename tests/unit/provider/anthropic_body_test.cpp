#include "provider/anthropic_body.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace butter::provider {
namespace {

std::string spliced(std::string_view body, std::string_view betas = {},
                    StreamMember stream = StreamMember::removed) {
  json::RequestScanner scanner;
  const auto scan = scanner.scan(body);
  json::Splice splice;
  splice_anthropic_body(*scan, body, "bedrock-2023-05-31", betas, stream, splice);
  std::array<std::string_view, 2 * json::Splice::kMost + 1> pieces;
  const std::size_t count = splice.pieces(body, pieces);
  std::string out;
  for (std::size_t i = 0; i < count; ++i) { out += pieces[i]; }
  EXPECT_EQ(splice.size_after(body.size()), out.size());
  return out;
}

// Case 122: model and stream go, the version comes, and all other bytes stay as they are.
TEST(AnthropicBody, KeepsTheCallersBytes) {
  EXPECT_EQ(spliced("{ \"model\" : \"claude\", \"max_tokens\":1.0e2 ,\n\"stream\": true,"
                    "\"messages\":[{\"role\":\"user\",\"content\":\"\\u00e9\"}]}"),
            "{ \"max_tokens\":1.0e2 ,\n\"messages\":[{\"role\":\"user\",\"content\":\"\\u00e9\"}],"
            "\"anthropic_version\":\"bedrock-2023-05-31\"}");
}

TEST(AnthropicBody, StreamMayStay) {
  EXPECT_EQ(spliced(R"({"model":"m","stream":true})", "", StreamMember::kept),
            R"({"stream":true,"anthropic_version":"bedrock-2023-05-31"})");
}

TEST(AnthropicBody, NothingElseIsThere) {
  EXPECT_EQ(spliced(R"({"model":"m"})"), R"({"anthropic_version":"bedrock-2023-05-31"})");
  EXPECT_EQ(spliced(R"({"a":1,"stream":false,"model":"m"})"),
            R"({"a":1,"anthropic_version":"bedrock-2023-05-31"})");
}

TEST(AnthropicBody, BetasOfTheHeader) {
  EXPECT_EQ(
      spliced(R"({"model":"m"})", "a-2025-01-01, b\"c ,,"),
      R"({"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["a-2025-01-01","b\"c"]})");
  EXPECT_EQ(spliced(R"({"model":"m"})", " "), R"({"anthropic_version":"bedrock-2023-05-31"})");
}

TEST(AnthropicBody, TheCallersOwnStay) {
  EXPECT_EQ(spliced(R"({"anthropic_version":"x","anthropic_beta":[],"model":"m"})", "a"),
            R"({"anthropic_version":"x","anthropic_beta":[]})");
}

}  // namespace
}  // namespace butter::provider
