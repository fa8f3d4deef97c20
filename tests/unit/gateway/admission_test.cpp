#include "gateway/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;
using Step = RateLimiter::Step;

/// Limits of this process alone, so that every verdict is there at once.
class AdmissionTest : public testing::Test {
 protected:
  static void never() { ADD_FAILURE() << "nothing is waited for"; }

  Step enter(Admission& admission) { return admission.enter(limiter_, limits_, never); }
  /// A request that may cost so many tokens.
  Step charge(Admission& admission, unsigned tokens) {
    ClientRequest request;
    request.operation = provider::Operation::chat;
    request.body.append(R"({"max_tokens":)" + std::to_string(tokens) + "}");
    const std::uint64_t bytes = request.body.size() / 4;
    request.body.clear();
    request.body.append(R"({"max_tokens":)" + std::to_string(tokens - bytes) + "}");
    EXPECT_EQ(estimate_tokens(request), tokens);
    return admission.charge(request, never);
  }
  static std::string fields(const Admission& admission) {
    Buffer out;
    admission.write_fields(out);
    return std::string(out.view());
  }

  net::Loop loop_;
  net::Resolver resolver_;
  limit::Ledger ledger_;
  std::atomic<int> away_{0};
  log::Sink sink_{-1};
  log::Logger logger_{sink_, log::Level::error};
  metrics::Counter fallbacks_;
  RateLimiter limiter_{loop_, resolver_, {}, ledger_, away_, logger_, fallbacks_};
  CallerLimits limits_{.requests_per_minute = 60, .tokens_per_minute = 60'000};
};

TEST_F(AdmissionTest, SaysWhatIsLeft) {
  Admission admission;
  EXPECT_EQ(enter(admission), Step::granted);
  EXPECT_TRUE(admission.in_force());
  EXPECT_EQ(fields(admission),
            "x-ratelimit-limit-requests: 60\r\nx-ratelimit-remaining-requests: 59\r\n"
            "x-ratelimit-reset-requests: 1000ms\r\n");
  EXPECT_EQ(charge(admission, 1000), Step::granted);
  EXPECT_THAT(fields(admission),
              HasSubstr("x-ratelimit-limit-tokens: 60000\r\nx-ratelimit-remaining-tokens: 59000\r\n"
                        "x-ratelimit-reset-tokens: 1000ms\r\n"));
  admission.forget();
  EXPECT_FALSE(admission.in_force());
  EXPECT_EQ(fields(admission), "");
}

TEST_F(AdmissionTest, WithoutALimitItIsNotInForce) {
  limits_ = {};
  Admission admission;
  EXPECT_EQ(enter(admission), Step::granted);
  EXPECT_FALSE(admission.in_force());
  EXPECT_EQ(charge(admission, 1000), Step::granted);
  EXPECT_EQ(fields(admission), "");
  admission.settle(5);
}

TEST_F(AdmissionTest, ARequestTooManyIsRefused) {
  limits_.burst = 1;
  Admission first;
  Admission second;
  EXPECT_EQ(enter(first), Step::granted);
  EXPECT_EQ(enter(second), Step::refused);
  ASSERT_NE(second.refused(), nullptr);
  EXPECT_EQ(second.refused()->unit, limit::Unit::requests);
  EXPECT_EQ(first.refused(), nullptr);
}

TEST_F(AdmissionTest, TokensAreSettledOnce) {
  Admission first;
  EXPECT_EQ(enter(first), Step::granted);
  EXPECT_EQ(charge(first, 50'000), Step::granted);
  Admission second;
  EXPECT_EQ(enter(second), Step::granted);
  EXPECT_EQ(charge(second, 20'000), Step::refused);
  EXPECT_EQ(second.refused()->unit, limit::Unit::tokens);
  second.settle(0);  // nothing was taken
  first.settle(10'000);
  first.settle(0);
  Admission third;
  EXPECT_EQ(enter(third), Step::granted);
  EXPECT_EQ(charge(third, 50'000), Step::granted);
  EXPECT_THAT(fields(third), HasSubstr("x-ratelimit-remaining-tokens: 0\r\n"));
}

TEST_F(AdmissionTest, AnUnknownCostIsTheEstimate) {
  Admission first;
  EXPECT_EQ(enter(first), Step::granted);
  EXPECT_EQ(charge(first, 50'000), Step::granted);
  first.settle(std::nullopt);
  Admission second;
  EXPECT_EQ(enter(second), Step::granted);
  EXPECT_EQ(charge(second, 20'000), Step::refused);
}

class QuotaTest : public AdmissionTest {
 protected:
  Step take(AttemptQuota& quota, std::string_view model = "m") {
    ClientRequest request;
    request.operation = provider::Operation::chat;
    request.body.append(R"({"max_tokens":94 })");
    return quota.take(limiter_, settings_, "p", model, request, never);
  }

  config::RateLimit settings_{.providers = {{"p",
                                             {.all = {.requests_per_minute = 3},
                                              .models = {{"m", {.tokens_per_minute = 150}}}}}}};
};

TEST_F(QuotaTest, IsThatOfTheProviderAndOfItsModel) {
  AttemptQuota first;
  EXPECT_EQ(take(first), Step::granted);
  AttemptQuota second;
  EXPECT_EQ(take(second), Step::refused);
  const Error error = second.error();
  EXPECT_EQ(error.code, Errc::rate_limited);
  EXPECT_EQ(error.detail, "model \"m\" of provider \"p\" is at its rate limit (150 tokens/minute)");
  EXPECT_GT(error.retry_after, 0s);
  second.settle(0);
  first.settle(10);
  EXPECT_EQ(take(second), Step::granted);
  AttemptQuota third;
  EXPECT_EQ(take(third, "other"), Step::granted) << "the refused one took no request";
  EXPECT_EQ(take(third, "other"), Step::refused);
  EXPECT_THAT(third.error().detail, HasSubstr("provider \"p\" is at its rate limit (3 requests"));
}

}  // namespace
}  // namespace butter::gateway
