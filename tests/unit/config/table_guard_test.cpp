#include "unit/config/support.h"

namespace butter::config {
namespace {

using test::good;
using test::mistakes;
using testing::ElementsAre;
using testing::IsEmpty;

Guard guard(const std::string& settings) {
  return good("plugins: {guard: " + settings + "}").guard;
}

TEST(GuardTable, OffWithoutItsKey) {
  EXPECT_FALSE(good("plugins: {}").guard.enabled);
}

TEST(GuardTable, NullTurnsItOn) {
  const Guard made = guard("");
  EXPECT_TRUE(made.enabled);
  EXPECT_EQ(made.mode, GuardMode::block);
  EXPECT_THAT(made.scan_roles, ElementsAre("user", "assistant", "tool"));
  EXPECT_TRUE(made.default_phrases);
  EXPECT_THAT(made.phrases, IsEmpty());
  EXPECT_THAT(made.patterns, IsEmpty());
  EXPECT_FALSE(made.redact_requests);
  EXPECT_FALSE(made.redact_answers);
  EXPECT_THAT(made.redact_kinds,
              ElementsAre(GuardKind::email, GuardKind::card, GuardKind::iban, GuardKind::key));
}

TEST(GuardTable, Settings) {
  const Guard made = guard(
      "{mode: tag, scan_roles: [all], default_phrases: false, phrases: [open sesame], "
      "patterns: ['a+', b], redact: {requests: true, answers: true, kinds: [card, key]}}");
  EXPECT_EQ(made.mode, GuardMode::tag);
  EXPECT_THAT(made.scan_roles, ElementsAre("all"));
  EXPECT_FALSE(made.default_phrases);
  EXPECT_THAT(made.phrases, ElementsAre("open sesame"));
  EXPECT_THAT(made.patterns, ElementsAre("a+", "b"));
  EXPECT_TRUE(made.redact_requests);
  EXPECT_TRUE(made.redact_answers);
  EXPECT_THAT(made.redact_kinds, ElementsAre(GuardKind::card, GuardKind::key));
  EXPECT_EQ(guard("{mode: log}").mode, GuardMode::log);
}

TEST(GuardTable, Mistakes) {
  EXPECT_THAT(mistakes("plugins: {guard: {mode: warn}}"),
              testing::HasSubstr("plugins.guard.mode: expected one of block, log, tag"));
  EXPECT_THAT(mistakes("plugins: {guard: {phrases: [' ']}}"),
              testing::HasSubstr("plugins.guard.phrases[0]: must not be empty"));
  EXPECT_THAT(mistakes("plugins: {guard: {redact: {kinds: [phone]}}}"),
              testing::HasSubstr("expected one of email, card, iban, key"));
  EXPECT_THAT(mistakes("plugins: {guard: {redact: {kind: [card]}}}"),
              testing::HasSubstr("unknown"));
}

}  // namespace
}  // namespace butter::config
