#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dialect/embeddings.h"

namespace butter::dialect {
namespace {

std::string written(const EmbeddingsRequest& request, std::string_view model = "embed-1") {
  Buffer out;
  EXPECT_TRUE(kGeminiEmbeddings.write_request(request, model, out));
  return std::string(out.view());
}

TEST(GeminiEmbeddings, OneTextIsAskedForAlone) {
  EXPECT_EQ(written({.inputs = {{"\\u00e9"}}, .dimensions = 256}),
            R"({"model":"models/embed-1","content":{"parts":[{"text":"\u00e9"}]},)"
            R"("outputDimensionality":256})");
}

TEST(GeminiEmbeddings, SeveralAreABatch) {
  EXPECT_EQ(written({.inputs = {{"a"}, {"b"}}}, "models/e"),
            R"({"requests":[{"model":"models/e","content":{"parts":[{"text":"a"}]}},)"
            R"({"model":"models/e","content":{"parts":[{"text":"b"}]}}]})");
}

TEST(GeminiEmbeddings, Answers) {
  const auto one = kGeminiEmbeddings.read_answer(
      R"({"embedding":{"values":[0.1, 2]},"usageMetadata":{"promptTokenCount":4}})",
      {.inputs = {{"a"}}});
  ASSERT_TRUE(one);
  EXPECT_THAT(one->vectors, testing::ElementsAre(Raw{"[0.1, 2]"}));
  EXPECT_EQ(one->input_tokens, 4U);
  const auto two = kGeminiEmbeddings.read_answer(
      R"({"embeddings":[{"shape":[1],"values":[1]},{"values":[2]}]})", {.inputs = {{"a"}, {"b"}}});
  ASSERT_TRUE(two);
  EXPECT_THAT(two->vectors, testing::ElementsAre(Raw{"[1]"}, Raw{"[2]"}));
  EXPECT_EQ(two->input_tokens, 0U);
}

TEST(GeminiEmbeddings, WhatIsNoAnswer) {
  for (const std::string_view body :
       {"", "{}", "[]", R"({"embeddings":[{"values":[1]},{"values":[2]}]})",
        R"({"embedding":{"values":7}})", R"({"embedding":{"values":[1]})"}) {
    const auto answer = kGeminiEmbeddings.read_answer(body, {.inputs = {{"a"}}});
    ASSERT_FALSE(answer) << body;
    EXPECT_EQ(answer.error().code, Errc::upstream_protocol);
  }
}

}  // namespace
}  // namespace butter::dialect
