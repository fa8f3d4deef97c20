#include "provider/operation.h"

#include <gtest/gtest.h>

namespace butter::provider {
namespace {

struct Row {
  std::string_view path;
  Operation operation;
  std::string_view name;
};

constexpr Row kRows[] = {
    {"/chat/completions", Operation::chat, "chat"},
    {"/completions", Operation::completions, "completions"},
    {"/responses", Operation::responses, "responses"},
    {"/messages", Operation::messages, "messages"},
    {"/embeddings", Operation::embeddings, "embeddings"},
    {"/images/generations", Operation::other, "other"},
    {"/responses/resp_1", Operation::other, "other"},
    {"/messages/count_tokens", Operation::count_tokens, "count_tokens"},
    {"/chat/completions/", Operation::other, "other"},
    {"/Chat/Completions", Operation::other, "other"},
    {"chat/completions", Operation::other, "other"},
    {"", Operation::other, "other"},
};

TEST(Operation, ByPath) {
  for (const Row& row : kRows) {
    EXPECT_EQ(operation_of(row.path), row.operation) << row.path;
    EXPECT_EQ(to_string(operation_of(row.path)), row.name) << row.path;
  }
}

TEST(Operation, AllButMessagesAreOpenAis) {
  for (const Row& row : kRows) {
    EXPECT_EQ(is_openai(row.operation), !row.path.starts_with("/messages")) << row.path;
  }
}

}  // namespace
}  // namespace butter::provider
