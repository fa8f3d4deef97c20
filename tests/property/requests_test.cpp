#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "dialect/dialects.h"
#include "json/cursor.h"
#include "property/described.h"
#include "property/generated.h"

namespace butter::property {
namespace {

using dialect::CallerDialect;
using dialect::Conversation;
using dialect::ProviderDialect;

constexpr std::uint32_t kSeeds = 200;

/// A dialect in which requests are both written and read.
struct Tongue {
  const ProviderDialect& writes;
  const CallerDialect& reads;
};

const Tongue kChat{dialect::kChatProvider, dialect::kChatCaller};
const Tongue kMessages{dialect::kMessagesProvider, dialect::kMessagesCaller};

std::string written(const Conversation& conversation, const Tongue& tongue) {
  Buffer out;
  // As to a vendor whose models think aloud.
  const dialect::Target target{
      .model = "m", .stream = conversation.stream, .max_completion_tokens = false};
  const auto done = tongue.writes.write_request(conversation, target, out);
  EXPECT_TRUE(done) << done.error().detail;
  return std::string(out.view());
}

/// Says the conversation in one dialect after the other, and what is left of it.
std::string through(const Conversation& conversation, std::initializer_list<Tongue> tongues) {
  std::string body;
  const Conversation* said = &conversation;
  Conversation heard;
  std::string next;
  for (const Tongue& tongue : tongues) {
    next = written(*said, tongue);
    heard = Conversation{};
    body.swap(next);
    const auto read = tongue.reads.read_request(body, heard);
    EXPECT_TRUE(read) << read.error().detail << '\n' << body;
    said = &heard;
  }
  return described(*said);
}

TEST(Requests, KeepTheirMeaningThroughEveryDialect) {
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    Conversation asked;
    Generator(seed).fill(asked);
    const std::string meant = described(asked);
    ASSERT_EQ(through(asked, {kChat}), meant) << "seed " << seed;
    ASSERT_EQ(through(asked, {kMessages}), meant) << "seed " << seed;
    ASSERT_EQ(through(asked, {kChat, kMessages, kChat}), meant) << "seed " << seed;
    ASSERT_EQ(through(asked, {kMessages, kChat, kMessages}), meant) << "seed " << seed;
  }
}

TEST(Requests, AreWrittenTheSameOnceTheyHaveBeenRead) {
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    Conversation asked;
    Generator(seed).fill(asked);
    for (const Tongue& tongue : {kChat, kMessages}) {
      const std::string once = written(asked, tongue);
      Conversation heard;
      ASSERT_TRUE(tongue.reads.read_request(once, heard)) << once;
      ASSERT_EQ(written(heard, tongue), once) << "seed " << seed;
    }
  }
}

/// What no caller speaks can only be looked at from outside. Converse has no words for URLs of
/// images, nor for no tools once they have been called.
TEST(Requests, CanBeWrittenForEveryProviderOrAreRefused) {
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    Conversation asked;
    Generator(seed).fill(asked);
    for (const ProviderDialect* provider :
         {&dialect::kGeminiProvider, &dialect::kConverseProvider}) {
      Buffer out;
      const auto done = provider->write_request(asked, {.model = "m"}, out);
      if (!done) {
        ASSERT_EQ(provider->dialect, dialect::Dialect::converse) << "seed " << seed;
        ASSERT_EQ(done.error().code, Errc::bad_request) << "seed " << seed;
        continue;
      }
      json::Cursor cursor(out.view());
      cursor.object([&](std::string_view) { cursor.skip_value(); });
      ASSERT_TRUE(cursor.ok() && cursor.peek() == '\0') << "seed " << seed << '\n' << out.view();
    }
  }
}

}  // namespace
}  // namespace butter::property
