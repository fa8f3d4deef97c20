#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "provider/mock_shapes.h"
#include "unit/provider/json_at.h"

namespace butter::provider::mock {
namespace {

using test::json_at;

Request example(std::vector<std::string> inputs, std::size_t dimensions = 4) {
  Request request;
  request.model = "m";
  request.inputs = std::move(inputs);
  request.dimensions = dimensions;
  return request;
}

TEST(MockEmbeddings, OneForEachInput) {
  const std::string body = embedding_answer(example({"a", "b", "a"})).pieces.at(0);
  EXPECT_EQ(json_at(body, "/object"), "list");
  EXPECT_EQ(json_at(body, "/data/2/index"), "2");
  EXPECT_EQ(json_at(body, "/data/2/object"), "embedding");
  EXPECT_EQ(json_at(body, "/data/3"), "absent");
  EXPECT_EQ(json_at(body, "/data/0/embedding"), json_at(body, "/data/2/embedding"));
  EXPECT_NE(json_at(body, "/data/0/embedding"), json_at(body, "/data/1/embedding"));
  EXPECT_EQ(json_at(body, "/usage/total_tokens"), "1");
}

TEST(MockEmbeddings, UnitVectors) {
  const std::string body = embedding_answer(example({"a"}, 64)).pieces.at(0);
  double squares = 0;
  for (int i = 0; i < 64; ++i) {
    const double value = std::stod(json_at(body, "/data/0/embedding/" + std::to_string(i)));
    squares += value * value;
  }
  EXPECT_NEAR(std::sqrt(squares), 1, 1e-5);
}

TEST(MockEmbeddings, Dimensions) {
  struct Row {
    std::size_t asked;
    std::size_t given;
  };
  for (const Row row : {Row{0, 1536}, Row{1, 1}, Row{256, 256}, Row{1000000, 4096}}) {
    const std::string body = embedding_answer(example({"a"}, row.asked)).pieces.at(0);
    const std::string last = "/data/0/embedding/" + std::to_string(row.given - 1);
    EXPECT_NE(json_at(body, last), "absent") << row.asked;
    EXPECT_EQ(json_at(body, "/data/0/embedding/" + std::to_string(row.given)), "absent");
  }
}

TEST(MockEmbeddings, Base64HoldsFloats) {
  Request request = example({"a"}, 3);
  request.base64 = true;
  const std::string text = json_at(embedding_answer(request).pieces.at(0), "/data/0/embedding");
  EXPECT_EQ(text.size(), 16U);  // 12 bytes
}

TEST(MockEmbeddings, NoInput) {
  EXPECT_EQ(json_at(embedding_answer(example({})).pieces.at(0), "/data"), "[]");
}

}  // namespace
}  // namespace butter::provider::mock
