#include "dialect/embeddings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace butter::dialect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(EmbeddingsRequest, AStringIsOneInput) {
  const std::string body = R"({"model":"m","input":"caf\u00e9","encoding_format":"float"})";
  const auto request = read_embeddings_request(body);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->model.escaped, "m");
  EXPECT_THAT(request->inputs, ElementsAre(Text{R"(caf\u00e9)"}));
  EXPECT_EQ(request->encoding, EmbeddingsRequest::Encoding::numbers);
  EXPECT_FALSE(request->dimensions);
  EXPECT_TRUE(request->dropped.empty());
}

TEST(EmbeddingsRequest, AListIsAsManyAndWhatNobodyKnowsIsNamed) {
  const std::string body = R"({"input":["a","b"],"model":"m","dimensions":256,"user":"u",
    "encoding_format":"base64","flux":1,"nothing":null})";
  const auto request = read_embeddings_request(body);
  ASSERT_TRUE(request);
  EXPECT_THAT(request->inputs, ElementsAre(Text{"a"}, Text{"b"}));
  EXPECT_EQ(request->dimensions, 256U);
  EXPECT_EQ(request->encoding, EmbeddingsRequest::Encoding::base64);
  EXPECT_THAT(request->dropped, ElementsAre("user", "flux"));
}

TEST(EmbeddingsRequest, WhatIsWrongIsNamed) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"([])", "the body must be an object"},
      {R"({"model":"m"})", "input: at least one"},
      {R"({"input":[]})", "input: at least one"},
      {R"({"input":7})", "input: must be a string or a list"},
      {R"({"input":["a",[1,2]]})", "input[1]: must be a string; lists of tokens"},
      {R"({"input":[1,2]})", "input[0]: must be a string; lists of tokens"},
      {R"({"input":"a","dimensions":0})", "dimensions: must be"},
      {R"({"input":"a","dimensions":"many"})", "dimensions: must be"},
      {R"({"input":"a","encoding_format":"hex"})", "not \"hex\""},
      {R"({"input":"a",)", "not valid JSON"}};
  for (const auto& [body, complaint] : cases) {
    const auto request = read_embeddings_request(body);
    ASSERT_FALSE(request) << body;
    EXPECT_EQ(request.error().code, Errc::bad_request);
    EXPECT_THAT(request.error().detail, HasSubstr(std::string(complaint)));
  }
}

std::string written(const EmbeddingsAnswer& answer, EmbeddingsRequest::Encoding encoding) {
  EmbeddingsRequest request;
  request.encoding = encoding;
  Buffer out;
  if (!write_embeddings_answer(answer, request, "m", out)) { return "error"; }
  return std::string(out.view());
}

TEST(EmbeddingsAnswer, NumbersAsTheProviderWroteThem) {
  const EmbeddingsAnswer answer{.vectors = {{"[0.10, -2e-3]"}, {"[1]"}}, .input_tokens = 5};
  EXPECT_EQ(
      written(answer, EmbeddingsRequest::Encoding::numbers),
      R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.10, -2e-3]},)"
      R"({"object":"embedding","index":1,"embedding":[1]}],"model":"m",)"
      R"("usage":{"prompt_tokens":5,"total_tokens":5}})");
}

TEST(EmbeddingsAnswer, FloatsInBase64) {
  const EmbeddingsAnswer answer{.vectors = {{"[1, -2.5]"}}};
  // 00 00 80 3f, 00 00 20 c0
  EXPECT_THAT(written(answer, EmbeddingsRequest::Encoding::base64),
              HasSubstr(R"("embedding":"AACAPwAAIMA=")"));
}

TEST(EmbeddingsAnswer, AVectorOfSomethingElseIsNoAnswer) {
  for (const std::string_view vector : {R"([1,"a"])", "[1,null]", "[1", "[]", "{}"}) {
    EXPECT_EQ(written({.vectors = {{vector}}}, EmbeddingsRequest::Encoding::base64), "error")
        << vector;
  }
}

}  // namespace
}  // namespace butter::dialect
