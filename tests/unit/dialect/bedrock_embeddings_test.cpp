#include <gtest/gtest.h>

#include <string>

#include "dialect/embeddings.h"

namespace butter::dialect {
namespace {

std::string written(const EmbeddingsDialect& dialect, const EmbeddingsRequest& request,
                    std::string_view model) {
  Buffer out;
  const auto done = dialect.write_request(request, model, out);
  return done ? std::string(out.view()) : done.error().detail;
}

/// The vectors, a line each, and the tokens.
std::string read(const EmbeddingsDialect& dialect, std::size_t inputs, std::string_view body) {
  EmbeddingsRequest request;
  request.inputs.resize(inputs);
  const auto answer = dialect.read_answer(body, request);
  if (!answer) { return answer.error().detail; }
  std::string out;
  for (const Raw vector : answer->vectors) { out.append(vector.json).append("\n"); }
  return out + std::to_string(answer->input_tokens);
}

constexpr char kNone[] = "the answer is not one for embeddings";

TEST(TitanEmbeddings, Request) {
  EmbeddingsRequest request{.inputs = {{R"(a\"b)"}}};
  EXPECT_EQ(written(kTitanEmbeddings, request, "amazon.titan-embed-text-v2:0"),
            R"({"inputText":"a\"b"})");
  request.dimensions = 256;
  EXPECT_EQ(written(kTitanEmbeddings, request, "amazon.titan-embed-text-v2:0"),
            R"({"inputText":"a\"b","dimensions":256})");
  EXPECT_EQ(written(kTitanEmbeddings, request, "amazon.titan-embed-text-v1"),
            "dimensions: this model has no choice of them");
  request.inputs.push_back({"c"});
  EXPECT_EQ(written(kTitanEmbeddings, request, "amazon.titan-embed-text-v2:0"),
            "input: Titan's models take one text a request; send them one by one");
}

TEST(TitanEmbeddings, Answer) {
  EXPECT_EQ(read(kTitanEmbeddings, 1, R"({"embedding":[0.1, -2e-3],"inputTextTokenCount":5})"),
            "[0.1, -2e-3]\n5");
  for (const std::string_view body : {"", "{}", R"({"embedding":"x"})", R"({"embedding":[1)"}) {
    EXPECT_EQ(read(kTitanEmbeddings, 1, body), kNone) << body;
  }
}

TEST(CohereEmbeddings, Request) {
  EmbeddingsRequest request{.inputs = {{"a"}, {"b"}}};
  EXPECT_EQ(written(kCohereEmbeddings, request, "cohere.embed-english-v3"),
            R"({"texts":["a","b"],"input_type":"search_document"})");
  request.dimensions = 512;
  EXPECT_EQ(written(kCohereEmbeddings, request, "us.cohere.embed-v4:0"),
            R"({"texts":["a","b"],"input_type":"search_document","output_dimension":512})");
  EXPECT_EQ(written(kCohereEmbeddings, request, "cohere.embed-english-v3"),
            "dimensions: this model has no choice of them");
}

TEST(CohereEmbeddings, Answer) {
  EXPECT_EQ(read(kCohereEmbeddings, 2, R"({"embeddings":[[1,2],[3]],"id":"x"})"), "[1,2]\n[3]\n0");
  EXPECT_EQ(read(kCohereEmbeddings, 1, R"({"embeddings":{"float":[[1]]}})"), "[1]\n0");
  for (const std::string_view body : {"", "{}", R"({"embeddings":[[1]]})",
                                      R"({"embeddings":[1,2]})", R"({"embeddings":[[1],[2])"}) {
    EXPECT_EQ(read(kCohereEmbeddings, 2, body), kNone) << body;
  }
}

}  // namespace
}  // namespace butter::dialect
