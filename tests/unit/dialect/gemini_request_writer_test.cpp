#include "dialect/gemini_request_writer.h"

#include <gtest/gtest.h>

namespace butter::dialect::gemini {
namespace {

Conversation hello() {
  Conversation asked;
  asked.turns.push_back({.role = Role::user, .parts = {{.text = {"hello"}}}});
  return asked;
}

std::string written(const Conversation& asked) {
  Buffer out;
  const Result<void> done = write_request(asked, {.model = "gemini-2.0-flash"}, out);
  return done ? std::string(out.view()) : "error: " + done.error().detail;
}

TEST(GeminiRequest, Plain) {
  EXPECT_EQ(written(hello()), R"({"contents":[{"role":"user","parts":[{"text":"hello"}]}]})");
}

TEST(GeminiRequest, AllMembers) {
  Conversation asked = hello();
  asked.system = {{.text = {"be brief"}}};
  asked.tools = {{.name = {"f"}}};
  asked.max_tokens = 5;
  asked.safety_settings = {R"([{"category":"X"}])"};
  asked.service_tier = {"\"flex\""};
  EXPECT_EQ(written(asked), R"({"systemInstruction":{"parts":[{"text":"be brief"}]},)"
                            R"("contents":[{"role":"user","parts":[{"text":"hello"}]}],)"
                            R"("tools":[{"functionDeclarations":[{"name":"f"}]}],)"
                            R"("generationConfig":{"maxOutputTokens":5},)"
                            R"("safetySettings":[{"category":"X"}],"serviceTier":"flex"})");
}

TEST(GeminiRequest, TiersByGooglesNames) {
  Conversation asked = hello();
  asked.service_tier = {"\"default\""};
  EXPECT_TRUE(written(asked).ends_with(R"(,"serviceTier":"standard"})"));
  asked.service_tier = {"\"auto\""};
  EXPECT_EQ(written(asked), written(hello()));
}

TEST(GeminiRequest, ErrorsOfItsParts) {
  EXPECT_TRUE(written({}).starts_with("error: at least one message"));
  Conversation asked = hello();
  asked.tools = {{.server = {R"({"type":"bash_20250124"})"}}};
  EXPECT_TRUE(written(asked).starts_with("error: tools: a tool of type"));
}

}  // namespace
}  // namespace butter::dialect::gemini
