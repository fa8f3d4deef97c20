#include "dialect/gemini_model.h"

#include <gtest/gtest.h>

namespace butter::dialect::gemini {
namespace {

TEST(GeminiModel, NamesOfResources) {
  EXPECT_EQ(resource_name("gemini-2.0-flash"), "models/gemini-2.0-flash");
  EXPECT_EQ(resource_name("models/gemini-2.0-flash"), "models/gemini-2.0-flash");
  EXPECT_EQ(resource_name("tunedModels/mine"), "tunedModels/mine");
}

TEST(GeminiModel, ThirdGeneration) {
  for (const std::string_view model :
       {"gemini-3-pro-preview", "gemini-3.1-flash", "models/gemini-3-flash", "gemini-10-pro",
        "gemini-flash-latest"}) {
    const Generation generation = generation_of(model);
    EXPECT_TRUE(generation.thinking_levels) << model;
    EXPECT_TRUE(generation.wants_signatures) << model;
    EXPECT_TRUE(generation.media_in_results) << model;
  }
}

TEST(GeminiModel, EarlierOnesAndUnknownNames) {
  for (const std::string_view model :
       {"gemini-2.5-flash", "gemini-1.5-pro", "gemini-", "gemini-x", "tunedModels/mine", ""}) {
    const Generation generation = generation_of(model);
    EXPECT_FALSE(generation.thinking_levels) << model;
    EXPECT_FALSE(generation.wants_signatures) << model;
    EXPECT_FALSE(generation.media_in_results) << model;
  }
}

TEST(GeminiModel, ProAlwaysThinks) {
  EXPECT_TRUE(generation_of("gemini-2.5-pro").always_thinks);
  EXPECT_FALSE(generation_of("gemini-2.5-flash").always_thinks);
}

}  // namespace
}  // namespace butter::dialect::gemini
