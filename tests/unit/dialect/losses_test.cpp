#include "dialect/losses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace butter::dialect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Support kSupport[] = {{Feature::temperature, Fate::mapped, "temperature"},
                                {Feature::metadata, Fate::passed, "metadata"},
                                {Feature::choices, Fate::refused, "one answer a request"}};
constexpr ProviderDialect kProvider{.dialect = Dialect::gemini, .support = kSupport};

TEST(Losses, NamesWhatIsDroppedAsTheCallerWroteIt) {
  Conversation asked;
  asked.use(Feature::seed);
  asked.use(Feature::temperature);
  asked.use(Feature::metadata);
  asked.use(Feature::user, "safety_identifier");
  asked.use(Feature::unknown);
  asked.unknown = {"flux"};
  const auto lost = losses(asked, kProvider, false);
  ASSERT_TRUE(lost);
  EXPECT_THAT(*lost, ElementsAre("seed", "safety_identifier", "flux"));
}

TEST(Losses, NothingUsedNothingLost) {
  EXPECT_TRUE(losses(Conversation{}, kProvider, true)->empty());
}

TEST(Losses, WhatMustNotBeDroppedIsRefused) {
  Conversation asked;
  asked.use(Feature::choices, "n");
  const auto lost = losses(asked, kProvider, false);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, Errc::bad_request);
  EXPECT_THAT(lost.error().detail, HasSubstr("\"n\""));
  EXPECT_THAT(lost.error().detail, HasSubstr("one answer a request"));
}

TEST(Losses, StrictRefusesTheFirst) {
  Conversation seed;
  seed.use(Feature::seed);
  const auto refused = losses(seed, kProvider, true);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail, HasSubstr("\"seed\""));

  Conversation unknown;
  unknown.unknown = {"flux"};
  EXPECT_THAT(losses(unknown, kProvider, true).error().detail, HasSubstr("\"flux\""));
}

TEST(Losses, WhatThisRequestCannotSayIsReportedToo) {
  ProviderDialect provider = kProvider;
  provider.lost = [](const Conversation&) {
    return FeatureSet{}.set(static_cast<std::size_t>(Feature::temperature));
  };
  EXPECT_TRUE(losses(Conversation{}, provider, true)->empty());
  Conversation asked;
  asked.use(Feature::temperature);
  asked.use(Feature::metadata);
  EXPECT_THAT(*losses(asked, provider, false), ElementsAre("temperature"));
  EXPECT_THAT(losses(asked, provider, true).error().detail, HasSubstr("this request"));
}

TEST(Losses, AnthropicsOwnFieldsAreReportedElsewhere) {
  Conversation asked;
  asked.messages_own.emplace_back("container", Raw{"\"c\""});
  EXPECT_THAT(*losses(asked, kProvider, false), ElementsAre("container"));
  EXPECT_THAT(losses(asked, kProvider, true).error().detail, HasSubstr("\"container\""));
  ProviderDialect messages = kProvider;
  messages.dialect = Dialect::messages;
  EXPECT_TRUE(losses(asked, messages, true)->empty());
}

TEST(Losses, KeptStateIsRefusedWithWhatToDo) {
  Conversation asked;
  asked.use(Feature::previous_response, "previous_response_id");
  const auto refused = losses(asked, kProvider, false);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail, HasSubstr("\"previous_response_id\""));
  EXPECT_THAT(refused.error().detail, HasSubstr("send the whole input"));
}

}  // namespace
}  // namespace butter::dialect
