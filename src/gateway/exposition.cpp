// GET /metrics: the workers' counters, merged.

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "gateway/telemetry.h"
#include "metrics/text.h"

namespace butter::gateway {

namespace {

struct MergedHistogram {
  std::span<const double> bounds;
  std::vector<std::uint64_t> buckets;
  std::uint64_t sum_ns = 0;

  void add(const metrics::Histogram& from) {
    bounds = from.bounds();
    buckets.resize(bounds.size() + 1);
    for (std::size_t i = 0; i < buckets.size(); ++i) { buckets[i] += from.bucket(i); }
    sum_ns += from.sum_ns();
  }
  [[nodiscard]] metrics::HistogramValues values() const { return {bounds, buckets, sum_ns}; }
};

struct MergedSeries {
  const Telemetry::Series* labels = nullptr;
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  MergedHistogram duration;
  std::array<std::uint64_t, Telemetry::kTokenKinds.size()> tokens{};
};

using Labels = std::vector<metrics::Label>;

Labels labels_of(const Telemetry::Series& series) {
  return {{"provider", series.provider},
          {"model", series.model},
          {"http_status_code", series.status},
          {"streaming", series.streaming ? "true" : "false"},
          {"otel_scope_name", "github.com/temikus/butter"},
          {"otel_scope_version", ""},
          {"otel_scope_schema_url", ""}};
}

void write_requests(metrics::TextWriter& out, const std::map<std::string, MergedSeries>& merged) {
  out.family("butter_request_total", "Total number of requests processed", "counter");
  for (const auto& [key, series] : merged) {
    out.sample("butter_request_total", labels_of(*series.labels), series.requests);
  }
  out.family("butter_request_errors_total", "Total number of failed requests", "counter");
  for (const auto& [key, series] : merged) {
    if (series.errors > 0) {
      out.sample("butter_request_errors_total", labels_of(*series.labels), series.errors);
    }
  }
  out.family("butter_request_duration_seconds", "Request duration in seconds", "histogram");
  for (const auto& [key, series] : merged) {
    out.histogram("butter_request_duration_seconds", labels_of(*series.labels),
                  series.duration.values());
  }
}

/// By provider and model: the series differ in status and streaming, too.
void write_tokens(metrics::TextWriter& out, const std::map<std::string, MergedSeries>& merged) {
  using Names = std::pair<std::string_view, std::string_view>;
  std::map<Names, std::array<std::uint64_t, Telemetry::kTokenKinds.size()>> sums;
  for (const auto& [key, series] : merged) {
    auto& sum = sums[{series.labels->provider, series.labels->model}];
    for (std::size_t i = 0; i < sum.size(); ++i) { sum[i] += series.tokens[i]; }
  }
  out.family("butter_tokens_total", "Tokens that providers reported", "counter");
  for (const auto& [names, sum] : sums) {
    for (std::size_t i = 0; i < sum.size(); ++i) {
      if (sum[i] == 0) { continue; }
      out.sample("butter_tokens_total",
                 Labels{{"provider", std::string(names.first)},
                        {"model", std::string(names.second)},
                        {"type", std::string(Telemetry::kTokenKinds[i])}},
                 sum[i]);
    }
  }
}

struct GaugeInfo {
  std::string_view name, help;
  metrics::Gauge Telemetry::* member;
};
constexpr GaugeInfo kGauges[] = {
    {"butter_open_connections", "Client connections that are open", &Telemetry::open_connections},
    {"butter_inflight", "Requests that are being relayed", &Telemetry::in_flight},
    {"butter_open_streams", "Streamed answers that are being relayed", &Telemetry::open_streams},
};

struct CounterInfo {
  std::string_view name, help;
  metrics::Counter Telemetry::* member;
};
constexpr CounterInfo kCounters[] = {
    {"butter_connections_total", "Client connections accepted", &Telemetry::connections},
    {"butter_clients_left_total", "Requests whose client left before the end",
     &Telemetry::clients_left},
    {"butter_ratelimit_fallbacks_total",
     "Rate limits judged by this process alone, since Redis was away",
     &Telemetry::limiter_fallbacks},
    {"butter_streams_broken_total", "Streams ended with an error event",
     &Telemetry::streams_broken},
    {"butter_streams_unmarked_total", "Complete streams without their dialect's end",
     &Telemetry::streams_unmarked},
};

void write_totals(metrics::TextWriter& out, std::span<Telemetry* const> workers) {
  for (const GaugeInfo& info : kGauges) {
    std::int64_t total = 0;
    for (const Telemetry* worker : workers) { total += (worker->*info.member).value(); }
    out.family(info.name, info.help, "gauge");
    out.sample(info.name, {}, static_cast<double>(total));
  }
  for (const CounterInfo& info : kCounters) {
    std::uint64_t total = 0;
    for (const Telemetry* worker : workers) { total += (worker->*info.member).value(); }
    out.family(info.name, info.help, "counter");
    out.sample(info.name, {}, total);
  }
  MergedHistogram overhead;
  for (const Telemetry* worker : workers) { overhead.add(worker->overhead); }
  out.family("butter_overhead_seconds", "Time that butter added to a request", "histogram");
  out.histogram("butter_overhead_seconds", {}, overhead.values());
}

struct GateInfo {
  std::string_view name, help;
  std::size_t (upstream::Gate::*count)() const;
};
constexpr GateInfo kGates[] = {
    {"butter_upstream_in_flight", "Requests under way at a provider that has max_in_flight",
     &upstream::Gate::inside},
    {"butter_upstream_queued", "Requests that wait for their turn at such a provider",
     &upstream::Gate::waiting},
};

struct MergedHook {
  const Telemetry::HookSeries* labels = nullptr;
  MergedHistogram duration;
};
using MergedResults =
    std::map<std::string, std::pair<const Telemetry::HookResultSeries*, std::uint64_t>>;

void write_hooks(metrics::TextWriter& out, const std::map<std::string, MergedHook>& hooks,
                 const MergedResults& results) {
  out.family("butter_plugin_calls_total", "Calls of plugins' hooks", "counter");
  for (const auto& [key, calls] : results) {
    out.sample("butter_plugin_calls_total",
               Labels{{"plugin", calls.first->plugin},
                      {"hook", calls.first->hook},
                      {"result", calls.first->result}},
               calls.second);
  }
  out.family("butter_plugin_duration_seconds", "Time that a call took", "histogram");
  for (const auto& [key, hook] : hooks) {
    out.histogram("butter_plugin_duration_seconds",
                  Labels{{"plugin", hook.labels->plugin}, {"hook", hook.labels->hook}},
                  hook.duration.values());
  }
}

void write_gates(metrics::TextWriter& out, const Snapshot& snapshot) {
  for (const GateInfo& info : kGates) {
    out.family(info.name, info.help, "gauge");
    for (std::size_t i = 0; i < snapshot.provider_count(); ++i) {
      const auto& endpoint = snapshot.endpoint(i);
      if (!endpoint || !endpoint->gate) { continue; }
      const Labels labels{{"provider", endpoint->name}};
      out.sample(info.name, labels, static_cast<double>((*endpoint->gate.*info.count)()));
    }
  }
}

}  // namespace

std::string Telemetry::exposition(std::span<Telemetry* const> workers, const Snapshot& snapshot) {
  std::map<std::string, MergedSeries> requests;
  std::map<std::string, std::pair<const AttemptSeries*, std::uint64_t>> attempts;
  std::map<std::string, MergedHook> hooks;
  MergedResults hook_results;
  for (const Telemetry* const worker : workers) {
    // Series are never removed, so the labels stay valid after the lock.
    const std::lock_guard lock(worker->mutex_);
    for (const auto& [key, series] : worker->series_) {
      MergedSeries& into = requests[key];
      into.labels = series.get();
      into.requests += series->requests.value();
      into.errors += series->errors.value();
      into.duration.add(series->duration);
      for (std::size_t i = 0; i < into.tokens.size(); ++i) {
        into.tokens[i] += series->tokens[i].value();
      }
    }
    for (const auto& [key, series] : worker->attempts_) {
      auto& into = attempts[key];
      into.first = series.get();
      into.second += series->attempts.value();
    }
    for (const auto& [key, series] : worker->hooks_) {
      MergedHook& into = hooks[key];
      into.labels = series.get();
      into.duration.add(series->duration);
    }
    for (const auto& [key, series] : worker->hook_results_) {
      auto& into = hook_results[key];
      into.first = series.get();
      into.second += series->calls.value();
    }
  }
  metrics::TextWriter out;
  write_requests(out, requests);
  write_tokens(out, requests);
  out.family("butter_attempts_total", "Attempts at upstreams, by why they were made", "counter");
  for (const auto& [key, series] : attempts) {
    const Labels labels{{"provider", series.first->provider}, {"reason", series.first->reason}};
    out.sample("butter_attempts_total", labels, series.second);
  }
  write_totals(out, workers);
  write_gates(out, snapshot);
  write_hooks(out, hooks, hook_results);
  return out.take();
}

}  // namespace butter::gateway
