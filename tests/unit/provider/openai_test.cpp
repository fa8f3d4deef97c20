#include <gtest/gtest.h>

#include <array>
#include <string_view>

#include "unit/provider/made.h"

namespace butter::provider {
namespace {

TEST(OpenAi, SaysWhatIsItsOwn) {
  const test::Made made(config::ProviderType::openai);
  EXPECT_EQ(made.auth("K"), "Authorization: Bearer K\r\n");
  EXPECT_EQ(made.auth(""), "");
  EXPECT_EQ(made.defaults(), "");
  EXPECT_EQ(made.speaks(), "chat completions responses embeddings other ");
  EXPECT_EQ(made.provider->has_native(), true);
}

TEST(OpenAi, Targets) {
  const test::Made made(config::ProviderType::openai);
  const std::array<std::string_view, 3> cases[] = {
      {"/chat/completions", "", "/v1/chat/completions"},
      {"/models", "a=b&c", "/v1/models?a=b&c"},
  };
  for (const auto& [path, query, expected] : cases) {
    EXPECT_EQ(made.target(path, query), expected);
  }
}

}  // namespace
}  // namespace butter::provider
