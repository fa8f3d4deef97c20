#include <gtest/gtest.h>

#include <array>

#include "gateway/telemetry.h"
#include "log/logger.h"
#include "log/sink.h"
#include "unit/config/support.h"
#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

/// Two workers with known counters.
class ExpositionTest : public testing::Test {
 protected:
  ExpositionTest() : sink_(-1), logger_(sink_, log::Level::error) {}

  void record(std::size_t worker, int status, bool streaming, Duration duration, Duration overhead,
              std::string_view error = "") {
    RequestRecord out;
    out.provider = "up";
    out.model = "known \"model\"\\\n";
    out.status = status;
    out.streaming = streaming;
    out.attempts = 1;
    out.duration = duration;
    out.overhead = overhead;
    out.error = error;
    workers_[worker].record(out, *snapshot_, logger_);
  }

  [[nodiscard]] std::string text() {
    const std::array<Telemetry*, 2> all{&workers_[0], &workers_[1]};
    return Telemetry::exposition(all, *snapshot_);
  }

  static std::shared_ptr<const Snapshot> snapshot() {
    config::Provider up = test::provider("up");
    up.models = {{"known \"model\"\\\n", "m"}};
    up.max_in_flight = 2;
    config::Config config = test::config_of({up});
    config.requestlog.enabled = false;
    return test::snapshot_of(std::move(config));
  }

  std::shared_ptr<const Snapshot> snapshot_ = snapshot();
  log::Sink sink_;
  log::Logger logger_;
  std::array<Telemetry, 2> workers_;
};

TEST_F(ExpositionTest, IsTheGoldenText) {
  record(0, 200, false, 3ms, 20us);
  record(1, 200, false, 300ms, 30us);
  record(1, 200, true, 20s, 8us);
  record(0, 502, false, 600s, 100ms, "up request failed: connection refused");
  workers_[0].count_attempt("up", "first");
  workers_[1].count_attempt("up", "first");
  workers_[1].count_attempt("up", "retry");
  workers_[0].count_hook("guard", "pre_http", "ok", 20us);
  workers_[1].count_hook("guard", "pre_http", "timeout", 50ms);
  workers_[0].open_connections.add(3);
  workers_[1].open_connections.add(-1);
  workers_[0].in_flight.add(2);
  workers_[1].open_streams.add(1);
  workers_[0].connections.add(5);
  workers_[1].connections.add(6);
  workers_[1].clients_left.add();
  workers_[0].streams_broken.add();
  workers_[1].streams_unmarked.add(2);
  upstream::Gate& gate = *snapshot_->endpoint(0)->gate;
  net::Loop loop;
  std::array<upstream::Gate::Place, 5> places;
  for (auto& place : places) {
    static_cast<void>(place.enter(gate, {.inside = 2, .waiting = 9}, loop, [] {}));
  }
  config::test::expect_golden("tests/golden/metrics.txt", text());
}

TEST_F(ExpositionTest, OfIdleWorkersHasEveryFamilyOnce) {
  const std::string all = text();
  for (const char* const family :
       {"butter_request_total", "butter_request_errors_total", "butter_request_duration_seconds",
        "butter_attempts_total", "butter_open_connections", "butter_inflight",
        "butter_open_streams", "butter_connections_total", "butter_clients_left_total",
        "butter_streams_broken_total", "butter_streams_unmarked_total", "butter_overhead_seconds",
        "butter_upstream_in_flight", "butter_upstream_queued"}) {
    const std::string type = "# TYPE " + std::string(family) + " ";
    const std::size_t at = all.find(type);
    EXPECT_NE(at, std::string::npos) << family;
    EXPECT_EQ(all.find(type, at + 1), std::string::npos) << family;
  }
}

}  // namespace
}  // namespace butter::gateway
