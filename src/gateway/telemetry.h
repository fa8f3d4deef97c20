#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "gateway/request_record.h"
#include "gateway/snapshot.h"
#include "log/logger.h"
#include "metrics/counter.h"

namespace butter::gateway {

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

  struct HookSeries {
    HookSeries();
    std::string plugin, hook;
    metrics::Histogram duration;
  };
  struct HookResultSeries {
    std::string plugin, hook;
    std::string result;  ///< "ok", "changed", "answered", or the name of a wasm::Fault
    metrics::Counter calls;
  };

  Telemetry();

  /// Counts the request and writes its log line, as the snapshot's plugins ask for.
  void record(const RequestRecord& record, const Snapshot& snapshot, log::Logger& logger);
  void count_attempt(std::string_view provider, std::string_view reason);
  void count_hook(std::string_view plugin, std::string_view hook, std::string_view result,
                  Duration took);

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
  template <class S>
  using SeriesByKey = std::unordered_map<std::string, std::unique_ptr<S>>;
  /// That of key_; \param fill  names a new one
  template <class S, class Fill>
  [[nodiscard]] S& find_or_make(SeriesByKey<S>& all, Fill fill);
  [[nodiscard]] Series& series(const RequestRecord& record, std::string_view model);

  static constexpr std::size_t kMostLearned = 256;

  std::string key_;  ///< scratch
  std::unordered_set<std::string> learned_models_;
  mutable std::mutex mutex_;  ///< held to insert and to scrape; look-ups by the worker need none
  SeriesByKey<Series> series_;
  SeriesByKey<AttemptSeries> attempts_;
  SeriesByKey<HookSeries> hooks_;
  SeriesByKey<HookResultSeries> hook_results_;
};

}  // namespace butter::gateway
