#include <gtest/gtest.h>

#include "provider/mock_shapes.h"
#include "unit/provider/json_at.h"

namespace butter::provider::mock {
namespace {

using test::json_at;

TEST(MockModerations, OneResultForEachInput) {
  Request request;
  request.id = "id";
  request.inputs = {"a", "b"};
  const std::string body = moderation_answer(request).pieces.at(0);
  EXPECT_EQ(json_at(body, "/id"), "modr-id");
  EXPECT_EQ(json_at(body, "/results/1/flagged"), "false");
  EXPECT_EQ(json_at(body, "/results/2"), "absent");
  EXPECT_EQ(json_at(body, "/results/0/categories/self-harm~1intent"), "false");
  EXPECT_EQ(json_at(body, "/results/0/category_applied_input_types/hate"), R"(["text"])");
}

TEST(MockModerations, WithoutInputThereIsOne) {
  const std::string body = moderation_answer(Request{}).pieces.at(0);
  EXPECT_NE(json_at(body, "/results/0"), "absent");
  EXPECT_EQ(json_at(body, "/results/1"), "absent");
}

}  // namespace
}  // namespace butter::provider::mock
