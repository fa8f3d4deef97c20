#include <gtest/gtest.h>

#include "unit/provider/made.h"

namespace butter::provider {
namespace {

TEST(MockProvider, SaysWhatIsItsOwn) {
  const test::Made made(config::ProviderType::mock);
  EXPECT_EQ(made.auth("K"), "");
  EXPECT_EQ(made.auth(""), "");
  EXPECT_EQ(made.defaults(), "");
  EXPECT_EQ(made.speaks(), "chat completions responses embeddings other ");
  EXPECT_EQ(made.provider->has_native(), false);
}

TEST(MockProvider, NeedsNoUrl) {
  EXPECT_EQ(test::Made(config::ProviderType::mock, "").provider->url().host, "");
}

}  // namespace
}  // namespace butter::provider
