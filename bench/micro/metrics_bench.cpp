// Question: what do counting and timing cost a request, and what does one scrape cost?
// Budget: 1 ns a counter, 10 ns an observation, 1 ms for a scrape of 1000 series.

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "metrics/counter.h"
#include "metrics/text.h"

namespace {

using namespace butter::metrics;

constexpr double kBounds[] = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                              2.5,   5,    10,    20,   30,  60,   120, 300};

void metrics_counter(benchmark::State& state) {
  Counter counter;
  for (auto _ : state) {
    counter.add();
    benchmark::ClobberMemory();
  }
  if (counter.value() != static_cast<std::uint64_t>(state.iterations())) {
    state.SkipWithError("wrong count");
  }
}
BENCHMARK(metrics_counter);

void metrics_histogram(benchmark::State& state) {
  Histogram histogram(kBounds);
  butter::Duration value = std::chrono::milliseconds(1);
  for (auto _ : state) {
    histogram.observe(value);
    value += std::chrono::microseconds(37);
  }
  std::uint64_t count = 0;
  for (std::size_t i = 0; i <= std::size(kBounds); ++i) { count += histogram.bucket(i); }
  if (count != static_cast<std::uint64_t>(state.iterations())) {
    state.SkipWithError("wrong count");
  }
}
BENCHMARK(metrics_histogram);

/// 50 histograms of 20 lines each.
void metrics_scrape(benchmark::State& state) {
  const std::vector<std::uint64_t> buckets(std::size(kBounds) + 1, 12345);
  std::size_t size = 0;
  for (auto _ : state) {
    TextWriter writer;
    writer.family("butter_request_duration_seconds", "Time from accept to last byte", "histogram");
    for (int i = 0; i < 50; ++i) {
      const std::string model = "model-" + std::to_string(i);
      const std::vector<Label> labels = {{"provider", "openai"}, {"model", model}};
      writer.histogram("butter_request_duration_seconds", labels,
                       {.bounds = kBounds, .buckets = buckets, .sum_ns = 123'456'789'012});
    }
    size = writer.take().size();
  }
  if (size < 50 * 19 * std::string_view("butter_request_duration_seconds").size()) {
    state.SkipWithError("text too short");
  }
}
BENCHMARK(metrics_scrape);

}  // namespace
