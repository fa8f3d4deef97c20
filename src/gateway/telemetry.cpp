#include "gateway/telemetry.h"

#include <charconv>

#include "gateway/request_log.h"

namespace butter::gateway {

namespace {

/// The Go program's bounds began at 5 s and were meant as milliseconds; these are seconds, from
/// what a cached or refused request takes to what a long answer takes.
constexpr double kDurationBounds[] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                      1,     2.5,    5,     10,   25,    50,   100, 250,  500};
/// What we add, from 5 microseconds.
constexpr double kOverheadBounds[] = {0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025,
                                      0.0005,   0.001,   0.0025,   0.005,   0.01,   0.05};

void count_tokens(Telemetry::Series& series, const dialect::Usage& usage) {
  const std::uint64_t counts[] = {usage.input, usage.output, usage.cached, usage.cache_write,
                                  usage.reasoning};
  static_assert(std::size(counts) == Telemetry::kTokenKinds.size());
  for (std::size_t i = 0; i < std::size(counts); ++i) { series.tokens[i].add(counts[i]); }
}

}  // namespace

Telemetry::Series::Series() : duration(kDurationBounds) {}

Telemetry::HookSeries::HookSeries() : duration(kOverheadBounds) {}

Telemetry::Telemetry() : overhead(kOverheadBounds) {}

std::string_view Telemetry::model_label(const RequestRecord& record, const Snapshot& snapshot) {
  // A client chooses the name, so only names that someone vouches for become labels: the operator
  // in the configuration, or a provider by an answer.
  if (record.model.empty()) { return {}; }
  if (snapshot.names_model(record.model)) { return record.model; }
  key_.assign(record.model);
  if (learned_models_.contains(key_)) { return record.model; }
  if (record.status >= 200 && record.status < 300 && learned_models_.size() < kMostLearned) {
    learned_models_.insert(key_);
    return record.model;
  }
  return "other";
}

template <class S, class Fill>
S& Telemetry::find_or_make(SeriesByKey<S>& all, Fill fill) {
  if (const auto found = all.find(key_); found != all.end()) { return *found->second; }
  auto made = std::make_unique<S>();
  fill(*made);
  const std::lock_guard lock(mutex_);
  return *all.emplace(key_, std::move(made)).first->second;
}

Telemetry::Series& Telemetry::series(const RequestRecord& record, std::string_view model) {
  char status[8];
  const auto status_end = std::to_chars(status, status + sizeof status, record.status).ptr;
  const std::string_view status_text(status, static_cast<std::size_t>(status_end - status));
  key_.assign(record.provider).append(1, '\0').append(model).append(1, '\0').append(status_text);
  key_ += record.streaming ? 's' : 'n';
  return find_or_make(series_, [&](Series& made) {
    made.provider = record.provider;
    made.model = model;
    made.status = status_text;
    made.streaming = record.streaming;
  });
}

void Telemetry::record(const RequestRecord& record, const Snapshot& snapshot, log::Logger& logger) {
  if (record.client_left) { clients_left.add(); }
  if (snapshot.config().metrics.enabled) {
    Series& counted = series(record, model_label(record, snapshot));
    counted.requests.add();
    if (!record.error.empty() || record.status >= 400) { counted.errors.add(); }
    counted.duration.observe(record.duration);
    if (record.attempts > 0) { overhead.observe(record.overhead); }
    if (record.usage) { count_tokens(counted, *record.usage); }
  }
  const config::RequestLog& wanted = snapshot.config().requestlog;
  if (wanted.enabled) { write_request_line(record, wanted, logger); }
}

void Telemetry::count_hook(std::string_view plugin, std::string_view hook, std::string_view result,
                           Duration took) {
  key_.assign(plugin).append(1, '\0').append(hook);
  const auto name = [&](auto& made) {
    made.plugin = plugin;
    made.hook = hook;
  };
  find_or_make(hooks_, name).duration.observe(took);
  key_.append(1, '\0').append(result);
  find_or_make(hook_results_, [&](HookResultSeries& made) {
    name(made);
    made.result = result;
  }).calls.add();
}

void Telemetry::count_attempt(std::string_view provider, std::string_view reason) {
  key_.assign(provider).append(1, '\0').append(reason);
  find_or_make(attempts_, [&](AttemptSeries& made) {
    made.provider = provider;
    made.reason = reason;
  }).attempts.add();
}

}  // namespace butter::gateway
