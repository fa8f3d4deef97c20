#include "gateway/telemetry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "log/logger.h"
#include "log/sink.h"
#include "unit/gateway/setup.h"
#include "unit/log/pipe.h"
#include "unit/provider/json_at.h"

namespace butter::gateway {
namespace {

using provider::test::json_at;

config::Config config_with_models() {
  config::Provider up = test::provider("up");
  up.models = {{"known", "known-upstream"}};
  return test::config_of({up});
}

/// A worker's telemetry, with what it wrote.
class TelemetryTest : public testing::Test {
 protected:
  TelemetryTest() : sink_(pipe_.writer()), logger_(sink_, log::Level::debug) {}

  void record(const RequestRecord& record) { telemetry_.record(record, *snapshot_, logger_); }

  /// Lines of the exposition that begin with `prefix`.
  [[nodiscard]] std::vector<std::string> samples(std::string_view prefix) const {
    Telemetry* const one = const_cast<Telemetry*>(&telemetry_);
    const std::string text = Telemetry::exposition({&one, 1}, *snapshot_);
    std::vector<std::string> out;
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t end = rest.find('\n');
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(end + 1);
      if (line.starts_with(prefix)) { out.emplace_back(line); }
    }
    return out;
  }
  [[nodiscard]] std::size_t count_of(std::string_view family, std::string_view label) const {
    const auto lines = samples(family);
    return static_cast<std::size_t>(std::ranges::count_if(
        lines, [label](const std::string& line) { return line.find(label) != std::string::npos; }));
  }

  /// The lines that were logged.
  [[nodiscard]] std::string logged() {
    logger_.flush();
    sink_.flush();
    return pipe_.read_rest();
  }

  std::shared_ptr<const Snapshot> snapshot_ = test::snapshot_of(config_with_models());
  log::Pipe pipe_;
  log::Sink sink_;
  log::Logger logger_;
  Telemetry telemetry_;
};

RequestRecord good() {
  RequestRecord out;
  out.method = "POST";
  out.path = "/v1/chat/completions";
  out.request_id = "req_1";
  out.provider = "up";
  out.model = "known";
  out.upstream_model = "known-upstream";
  out.status = 200;
  out.attempts = 2;
  out.duration = 12345us;
  out.first_byte = 2345us;
  out.overhead = 45us;
  out.bytes_in = 100;
  out.bytes_out = 2000;
  return out;
}

TEST_F(TelemetryTest, OneLineForEachRequest) {
  record(good());
  const std::string text = logged();
  ASSERT_EQ(std::ranges::count(text, '\n'), 1) << text;
  EXPECT_EQ(json_at(text, "/msg"), "request trace");
  EXPECT_EQ(json_at(text, "/request_id"), "req_1");
}

TEST_F(TelemetryTest, NothingIsLoggedUnlessAskedFor) {
  config::Config config = config_with_models();
  config.requestlog.enabled = false;
  snapshot_ = test::snapshot_of(std::move(config));
  record(good());
  EXPECT_EQ(logged(), "");
}

TEST_F(TelemetryTest, NothingIsCountedUnlessAskedFor) {
  config::Config config = config_with_models();
  config.metrics.enabled = false;
  snapshot_ = test::snapshot_of(std::move(config));
  record(good());
  EXPECT_THAT(samples("butter_request_total{"), testing::IsEmpty());
  EXPECT_THAT(samples("butter_overhead_seconds_count"),
              testing::ElementsAre("butter_overhead_seconds_count 0"));
}

TEST_F(TelemetryTest, ASeriesForEachProviderModelStatusAndStreaming) {
  record(good());
  record(good());
  RequestRecord other = good();
  other.streaming = true;
  record(other);
  other.status = 429;
  record(other);
  other.provider = "";
  record(other);
  EXPECT_EQ(samples("butter_request_total{").size(), 4u);
  EXPECT_THAT(samples("butter_request_total{"),
              testing::Contains(testing::AllOf(
                  testing::HasSubstr(R"(provider="up")"), testing::HasSubstr(R"(model="known")"),
                  testing::HasSubstr(R"(http_status_code="200")"),
                  testing::HasSubstr(R"(streaming="false")"), testing::EndsWith(" 2"))));
}

TEST_F(TelemetryTest, ErrorsAreStatusesFrom400AndWhatBroke) {
  record(good());
  EXPECT_THAT(samples("butter_request_errors_total{"), testing::IsEmpty());
  RequestRecord refused = good();
  refused.status = 400;
  record(refused);
  RequestRecord broken = good();
  broken.streaming = true;
  broken.error = "the stream ended before its answer did";
  record(broken);
  EXPECT_EQ(samples("butter_request_errors_total{").size(), 2u);
}

TEST_F(TelemetryTest, OverheadIsOfRelayedRequestsOnly) {
  RequestRecord refused = good();
  refused.attempts = 0;
  record(refused);
  EXPECT_THAT(samples("butter_overhead_seconds_count"),
              testing::ElementsAre(testing::EndsWith(" 0")));
  record(good());
  EXPECT_THAT(samples("butter_overhead_seconds_count"),
              testing::ElementsAre(testing::EndsWith(" 1")));
}

TEST_F(TelemetryTest, CountsClientsThatLeft) {
  RequestRecord left = good();
  left.status = 499;
  left.client_left = true;
  record(left);
  EXPECT_EQ(telemetry_.clients_left.value(), 1u);
}

TEST_F(TelemetryTest, AModelThatNobodyVouchesForIsOther) {
  RequestRecord made_up = good();
  made_up.model = "made-up";
  made_up.status = 404;
  record(made_up);
  EXPECT_EQ(count_of("butter_request_total{", R"(model="other")"), 1u);
  made_up.status = 200;
  record(made_up);
  EXPECT_EQ(count_of("butter_request_total{", R"(model="made-up")"), 1u);
  made_up.status = 500;
  record(made_up);
  EXPECT_EQ(count_of("butter_request_total{", R"(model="made-up")"), 2u);
  made_up.model = "";
  record(made_up);
  EXPECT_EQ(count_of("butter_request_total{", R"(model="")"), 1u);
}

TEST_F(TelemetryTest, LearnsABoundedNumberOfModels) {
  constexpr int kAsked = 400;
  constexpr std::size_t kMostLearned = 256;
  for (int i = 0; i < kAsked; ++i) {
    const std::string model = "model-" + std::to_string(i);
    RequestRecord served = good();
    served.model = model;
    record(served);
  }
  EXPECT_EQ(samples("butter_request_total{").size(), kMostLearned + 1);
  EXPECT_EQ(count_of("butter_request_total{", R"(model="other")"), 1u);
  record(good());
  EXPECT_EQ(count_of("butter_request_total{", R"(model="known")"), 1u);
}

TEST_F(TelemetryTest, CountsAttemptsByReason) {
  telemetry_.count_attempt("up", "first");
  telemetry_.count_attempt("up", "retry");
  telemetry_.count_attempt("up", "first");
  EXPECT_THAT(samples("butter_attempts_total{"),
              testing::ElementsAre(R"(butter_attempts_total{provider="up",reason="first"} 2)",
                                   R"(butter_attempts_total{provider="up",reason="retry"} 1)"));
}

TEST_F(TelemetryTest, CountsHooksByWhatTheyDid) {
  telemetry_.count_hook("guard", "pre_http", "ok", 10us);
  telemetry_.count_hook("guard", "pre_http", "ok", 10us);
  telemetry_.count_hook("guard", "pre_http", "timeout", 50ms);
  EXPECT_THAT(
      samples("butter_plugin_calls_total{"),
      testing::ElementsAre(
          R"(butter_plugin_calls_total{plugin="guard",hook="pre_http",result="ok"} 2)",
          R"(butter_plugin_calls_total{plugin="guard",hook="pre_http",result="timeout"} 1)"));
  EXPECT_THAT(samples("butter_plugin_duration_seconds_count{"),
              testing::ElementsAre(
                  R"(butter_plugin_duration_seconds_count{plugin="guard",hook="pre_http"} 3)"));
}

TEST_F(TelemetryTest, KeepsNoViewOfTheRecord) {
  {
    std::string provider = "a provider with a long name", model = "a model with a long name, too";
    RequestRecord short_lived = good();
    short_lived.provider = provider;
    short_lived.model = model;
    record(short_lived);
    std::ranges::fill(provider, 'x');
    std::ranges::fill(model, 'x');
  }
  EXPECT_EQ(count_of("butter_request_total{", "a model with a long name, too"), 1u);
}

}  // namespace
}  // namespace butter::gateway
