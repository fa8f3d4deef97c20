#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/clock.h"
#include "dialect/answer.h"
#include "gateway/snapshot.h"
#include "log/logger.h"
#include "metrics/counter.h"

namespace butter::gateway {

/// All that is known of a request when it ends, however it ended.
struct RequestRecord {
  std::string_view method;
  std::string_view path;
  std::string_view request_id;
  std::string_view provider;  ///< "" when none was reached
  std::string_view model;     ///< the caller's
  std::string_view upstream_model;
  int status = 0;  ///< what the client got; 499 when it left before an answer
  bool streaming = false;
  bool client_left = false;
  std::string_view error;  ///< "" = none
  std::uint32_t attempts = 0;
  Duration duration{0};
  Duration first_byte{0};      ///< until the answer's head went out; 0 = never
  Duration overhead{0};        ///< ours of it
  std::uint64_t bytes_in = 0;  ///< of the body
  std::uint64_t bytes_out = 0;
  std::optional<dialect::Usage> usage{};  ///< as the provider said it
};

/// The counters of one worker. Thread: record() and the counters worker-local, the rest any.
class Telemetry {
 public:
  /// The values of the label `type` of butter_tokens_total. `cached` and `cache_write` are parts of
  /// `input`, `reasoning` one of `output`.
  static constexpr std::array<std::string_view, 5> kTokenKinds{"input", "output", "cached",
                                                               "cache_write", "reasoning"};
  struct Series {
    Series();
    std::string provider, model, status;
    bool streaming = false;
    metrics::Counter requests;
    metrics::Counter errors;
    metrics::Histogram duration;
    std::array<metrics::Counter, kTokenKinds.size()> tokens;
  };
  struct AttemptSeries {
    std::string provider;
    std::string reason;  ///< "first", "retry", "key", "failover"
    metrics::Counter attempts;
  };

  Telemetry();

  /// Counts the request and writes its log line, as the snapshot's plugins ask for.
  void record(const RequestRecord& record, const Snapshot& snapshot, log::Logger& logger);
  void count_attempt(std::string_view provider, std::string_view reason);

  metrics::Gauge open_connections;  ///< of clients
  metrics::Gauge in_flight;         ///< requests that are relayed
  metrics::Gauge open_streams;
  metrics::Counter connections;
  metrics::Counter streams_broken;    ///< ended with an error event
  metrics::Counter streams_unmarked;  ///< complete, but without the dialect's end
  metrics::Counter clients_left;
  metrics::Counter limiter_fallbacks;  ///< verdicts of this process, for Redis was away
  metrics::Histogram overhead;

  /// The text of GET /metrics: all workers together, and the providers that have a cap.
  [[nodiscard]] static std::string exposition(std::span<Telemetry* const> workers,
                                              const Snapshot& snapshot);

 private:
  [[nodiscard]] std::string_view model_label(const RequestRecord& record, const Snapshot& snapshot);
  [[nodiscard]] Series& series(const RequestRecord& record, std::string_view model);

  static constexpr std::size_t kMostLearned = 256;

  std::string key_;  ///< scratch
  std::unordered_set<std::string> learned_models_;
  mutable std::mutex mutex_;  ///< held to insert and to scrape; look-ups by the worker need none
  std::unordered_map<std::string, std::unique_ptr<Series>> series_;
  std::unordered_map<std::string, std::unique_ptr<AttemptSeries>> attempts_;
};

}  // namespace butter::gateway
