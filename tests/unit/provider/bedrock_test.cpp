#include <gtest/gtest.h>

#include "unit/provider/made.h"

namespace butter::provider {
namespace {

TEST(Bedrock, SaysWhatIsItsOwn) {
  const test::Made made(config::ProviderType::bedrock);
  EXPECT_EQ(made.auth("K"), "");
  EXPECT_EQ(made.auth(""), "");
  EXPECT_EQ(made.defaults(), "");
  EXPECT_EQ(made.speaks(), "");
  EXPECT_EQ(made.provider->has_native(), false);
}

TEST(Bedrock, NeedsNoUrl) {
  EXPECT_EQ(test::Made(config::ProviderType::bedrock, "").provider->url().host, "");
}

}  // namespace
}  // namespace butter::provider
