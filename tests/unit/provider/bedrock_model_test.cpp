#include "provider/bedrock_model.h"

#include <gtest/gtest.h>

namespace butter::provider {
namespace {

// Case 120 and beyond.
TEST(BedrockModel, Ids) {
  const std::map<std::string, std::string, std::less<>> map{
      {"fast", "amazon.nova-lite-v1:0"}, {"claude-opus-4-20250514", "eu.anthropic.own"}};
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"claude-3-5-sonnet-20241022", "anthropic.claude-3-5-sonnet-20241022-v2:0"},
      {"claude-sonnet-4-20250514", "anthropic.claude-sonnet-4-20250514-v1:0"},
      {"x", "anthropic.x-v1:0"},
      {"claude-2.1", "anthropic.claude-v2:1"},
      {"gpt-4.1", "anthropic.gpt-4.1-v1:0"},
      {".x", "anthropic..x-v1:0"},
      {"claude-opus-4-20250514", "eu.anthropic.own"},
      {"fast", "amazon.nova-lite-v1:0"},
      {"us.anthropic.claude-sonnet-4-20250514-v1:0", "us.anthropic.claude-sonnet-4-20250514-v1:0"},
      {"us-gov.anthropic.claude-v2", "us-gov.anthropic.claude-v2"},
      {"global.anthropic.claude-sonnet-4-6", "global.anthropic.claude-sonnet-4-6"},
      {"meta.llama3-1-8b-instruct-v1:0", "meta.llama3-1-8b-instruct-v1:0"},
      {"arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude",
       "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude"},
  };
  for (const auto& [name, id] : rows) {
    EXPECT_EQ(bedrock_model_id(name, map), id);
    EXPECT_EQ(bedrock_model_id(id, {}), id) << "an id stays what it is";
  }
}

TEST(BedrockModel, WhoseItIs) {
  EXPECT_TRUE(is_anthropic_id("anthropic.claude-v2"));
  EXPECT_TRUE(is_anthropic_id("arn:aws:bedrock:us-east-1:1:inference-profile/eu.anthropic.x"));
  EXPECT_FALSE(is_anthropic_id("meta.llama3-1-8b-instruct-v1:0"));
  EXPECT_FALSE(is_anthropic_id("arn:aws:bedrock:us-east-1:1:application-inference-profile/a1"));
}

}  // namespace
}  // namespace butter::provider
