#include "gateway/rate_claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;
using testing::ElementsAre;
using testing::IsEmpty;

class CallerTest : public testing::Test {
 protected:
  CallerTest() {
    settings_.requests_per_minute = 2;
    settings_.tokens_per_minute = 1000;
  }

  [[nodiscard]] CallerLimits limits(const char* peer, Fields fields = {}) const {
    return limits_of_caller(settings_, trusted_, net::Address::literal(peer, 1).value(),
                            test::fields_of(fields));
  }
  [[nodiscard]] static std::string message(const CallerLimits& limits, limit::Unit unit) {
    return message_of(claim_of(limits, unit, 1));
  }

  config::RateLimit settings_;
  std::vector<limit::Network> trusted_;
};

TEST_F(CallerTest, OneForAll) {
  const CallerLimits one = limits("192.0.2.1");
  EXPECT_EQ(one.scope, limit::Scope::everyone);
  EXPECT_EQ(one.key, "");
  EXPECT_EQ(one.requests_per_minute, 2U);
  EXPECT_EQ(one.tokens_per_minute, 1000U);
  EXPECT_EQ(message(one, limit::Unit::requests), "rate limit exceeded (2 requests/minute)");
  EXPECT_EQ(message(one, limit::Unit::tokens), "rate limit exceeded (1000 tokens/minute)");
}

TEST_F(CallerTest, OneForEachAddress) {
  settings_.per_ip = true;
  const CallerLimits one = limits("192.0.2.1");
  EXPECT_EQ(one.scope, limit::Scope::client);
  EXPECT_EQ(one.key, limits("192.0.2.1", {{"X-Forwarded-For", "1.1.1.1"}}).key);
  EXPECT_NE(one.key, limits("192.0.2.2").key);
  EXPECT_EQ(limits("2001:db8::1").key, limits("2001:db8::2").key);
  EXPECT_EQ(message(one, limit::Unit::requests), "rate limit exceeded (2 requests/minute)");
}

TEST_F(CallerTest, TheClientBehindAProxyOfOurs) {
  settings_.per_ip = true;
  trusted_ = {limit::Network::parse("10.0.0.0/8").value()};
  const std::string one = limits("1.1.1.1").key;
  EXPECT_EQ(limits("10.0.0.1", {{"X-Forwarded-For", "9.9.9.9, 1.1.1.1"}}).key, one);
  EXPECT_EQ(
      limits("10.0.0.2", {{"X-Forwarded-For", "8.8.8.8"}, {"X-Forwarded-For", "1.1.1.1"}}).key,
      one);
  EXPECT_NE(limits("10.0.0.1", {{"X-Forwarded-For", "1.1.1.2"}}).key, one);
}

TEST_F(CallerTest, AppKeysGoFirst) {
  settings_.per_ip = settings_.per_app_key = true;
  settings_.per_app_key_rpm = 5;
  settings_.per_app_key_tpm = 500;
  settings_.app_key_limits = {{"btr_own", 3}};
  settings_.app_key_token_limits = {{"btr_own", 300}};
  const CallerLimits any = limits("192.0.2.1", {{"X-Butter-App-Key", "btr_a"}});
  EXPECT_EQ(any.scope, limit::Scope::app_key);
  EXPECT_EQ(any.key, "btr_a");
  EXPECT_EQ(any.requests_per_minute, 5U);
  EXPECT_EQ(any.tokens_per_minute, 500U);
  EXPECT_EQ(message(any, limit::Unit::requests),
            "rate limit exceeded for app key (5 requests/minute)");
  const CallerLimits own = limits("192.0.2.1", {{"X-Butter-App-Key", "btr_own"}});
  EXPECT_EQ(own.requests_per_minute, 3U);
  EXPECT_EQ(own.tokens_per_minute, 300U);
  EXPECT_EQ(limits("192.0.2.1").scope, limit::Scope::client);
}

TEST_F(CallerTest, AnAppKeyWithoutALimitOfItsOwnHasThatOfAll) {
  settings_.per_app_key = true;
  settings_.burst = 7;
  const CallerLimits any = limits("192.0.2.1", {{"X-Butter-App-Key", "btr_a"}});
  EXPECT_EQ(any.requests_per_minute, 2U);
  EXPECT_EQ(any.tokens_per_minute, 1000U);
  EXPECT_EQ(claim_of(any, limit::Unit::requests, 1).rate.burst, 7U);
}

TEST_F(CallerTest, ABurstIsOfRequests) {
  settings_.burst = 1;
  const CallerLimits all = limits("192.0.2.1");
  const limit::Claim requests = claim_of(all, limit::Unit::requests, 1);
  EXPECT_EQ(requests.rate.per_minute, 2U);
  EXPECT_EQ(requests.rate.burst, 1U);
  const limit::Claim tokens = claim_of(all, limit::Unit::tokens, 300);
  EXPECT_EQ(tokens.rate.burst, 1000U);
  EXPECT_EQ(tokens.units, 300U);
}

ClientRequest request_of(std::string_view body,
                         provider::Operation operation = provider::Operation::chat) {
  ClientRequest request;
  request.operation = operation;
  request.body.append(body);
  return request;
}

struct Estimate {
  const char* name;
  provider::Operation operation;
  std::string body;
  std::uint64_t tokens;
};

class EstimateTokens : public testing::TestWithParam<Estimate> {};

using enum provider::Operation;
const Estimate kEstimates[] = {
    {"a_quarter_of_the_bytes", chat, R"({"messages":")" + std::string(385, 'x') + "\"}", 100},
    {"and_the_most_of_the_answer", chat, R"({"max_tokens":1000 })", 1005},
    {"the_newer_name", chat, R"({"max_completion_tokens":50})", 57},
    {"of_responses", responses, R"({"max_output_tokens":50})", 56},
    {"of_messages", messages, R"({"max_tokens":50})", 54},
    {"the_larger_of_two", chat, R"({"max_tokens":1,"max_completion_tokens":50})", 60},
    {"not_inside", chat, R"({"metadata":{"max_tokens":1000}})", 8},
    {"no_number", chat, R"({"max_tokens":"1000"})", 5},
    {"negative", chat, R"({"max_tokens":-1000})", 5},
    {"absurd", chat, R"({"max_tokens":99999999999999})", 100'000'007},
    {"no_json", chat, "12345678", 2},
    {"embeddings", embeddings, R"({"input":"xxxxx"})", 4},
    {"not_counted", other, R"({"prompt":"an image"})", 0},
    {"costs_nothing", count_tokens, R"({"max_tokens":1000 })", 0},
};

TEST_P(EstimateTokens, OfWhatWasRead) {
  const Estimate& row = GetParam();
  EXPECT_EQ(estimate_tokens(request_of(row.body, row.operation)), row.tokens);
}

INSTANTIATE_TEST_SUITE_P(Rows, EstimateTokens, testing::ValuesIn(kEstimates), test::name_of);

TEST(EstimateTokensOf, ABodyThatIsPassedOnIsNotKnown) {
  ClientRequest request = request_of(R"({"max_tokens":1000})");
  request.body_streams = true;
  EXPECT_EQ(estimate_tokens(request), 0U);
}

class ProviderClaims : public testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> claims(std::string_view provider,
                                                std::string_view model) const {
    std::vector<limit::Claim> found;
    append_claims(settings_, provider, model, request_of(R"({"max_tokens":95 })"), found);
    std::vector<std::string> told;
    for (const limit::Claim& claim : found) {
      told.push_back(message_of(claim) + " " + std::to_string(claim.units));
    }
    return told;
  }

  config::RateLimit settings_{
      .providers = {{"p",
                     {.all = {.requests_per_minute = 10, .tokens_per_minute = 1000},
                      .models = {{"m", {.tokens_per_minute = 400}}}}},
                    {"q", {.models = {{"m", {.requests_per_minute = 4}}}}}}};
};

TEST_F(ProviderClaims, AreThoseOfTheProviderAndOfItsModel) {
  EXPECT_THAT(claims("p", "other"),
              ElementsAre("provider \"p\" is at its rate limit (10 requests/minute) 1",
                          "provider \"p\" is at its rate limit (1000 tokens/minute) 99"));
  EXPECT_THAT(
      claims("p", "m"),
      ElementsAre("provider \"p\" is at its rate limit (10 requests/minute) 1",
                  "provider \"p\" is at its rate limit (1000 tokens/minute) 99",
                  "model \"m\" of provider \"p\" is at its rate limit (400 tokens/minute) 99"));
  EXPECT_THAT(
      claims("q", "m"),
      ElementsAre("model \"m\" of provider \"q\" is at its rate limit (4 requests/minute) 1"));
  EXPECT_THAT(claims("q", "other"), IsEmpty());
  EXPECT_THAT(claims("r", "m"), IsEmpty());
}

}  // namespace
}  // namespace butter::gateway
