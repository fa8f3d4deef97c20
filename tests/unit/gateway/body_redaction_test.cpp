#include "gateway/body_redaction.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

BodyRedaction with_keys(std::initializer_list<std::string> keys) {
  config::Provider up = test::provider("up");
  for (const std::string& key : keys) { up.keys.emplace_back().key = Secret(key); }
  return BodyRedaction(test::config_of({up}));
}

std::string applied(const BodyRedaction& redaction, std::string text,
                    std::string_view app_key = "") {
  redaction.apply(text, app_key);
  return text;
}

TEST(BodyRedaction, HidesEachKeyOfTheProviders) {
  const BodyRedaction redaction = with_keys({"sk-first-key-0001", "sk-second-key-0002"});
  EXPECT_EQ(applied(redaction, "sk-second-key-0002 or sk-first-key-0001, sk-first-key-0001"),
            "...0002 or ...0001, ...0001");
}

TEST(BodyRedaction, AKeyThatBeginsAsAnotherLeavesNothingOfIt) {
  const BodyRedaction redaction = with_keys({"sk-key-0001", "sk-key-0001-longer"});
  EXPECT_EQ(applied(redaction, "<sk-key-0001-longer> <sk-key-0001>"), "<...nger> <...>");
}

TEST(BodyRedaction, HidesTheCallersAppKey) {
  EXPECT_EQ(applied(with_keys({}), "I am btr_0123456789", "btr_0123456789"), "I am ...6789");
}

TEST(BodyRedaction, AWordIsNoKey) {
  EXPECT_EQ(applied(with_keys({"mock", ""}), "mock", "app"), "mock");
}

TEST(BodyRedaction, HidesWhatTheGuardFinds) {
  EXPECT_EQ(applied(with_keys({}), R"({"to":"ann@example.com","by":"bob\u0040example.com"})"),
            R"({"to":"[EMAIL]","by":"[EMAIL]"})");
  EXPECT_EQ(applied(with_keys({}), R"(data: {"card":"4111 1111 1111 1111"})"),
            R"(data: {"card":"[CARD]"})");
}

TEST(BodyRedaction, UnlessItIsNotWanted) {
  config::Provider up = test::provider("up");
  up.keys.emplace_back().key = Secret("sk-first-key-0001");
  config::Config config = test::config_of({up});
  config.requestlog.redact_bodies = false;
  EXPECT_EQ(applied(BodyRedaction(config), "ann@example.com, sk-first-key-0001"),
            "ann@example.com, ...0001");
}

TEST(BodyRedaction, KnowsTheLongest) {
  EXPECT_EQ(with_keys({"sk-0123456789"}).longest_secret(), 256u);
  EXPECT_EQ(with_keys({"sk-0123456789", std::string(300, 'k')}).longest_secret(), 300u);
}

}  // namespace
}  // namespace butter::gateway
