// A load generator for gateways: closed loop, fixed rate, or streams held open. It checks every
// answer against what mock_upstream sends, and prints one JSON object. One thread, on 127.0.0.1.
//
// usage: load_client --port N [--connections 32] [--rate N] [--warm-up S] [--seconds S]
//                    [--requests N] [--watch PID[,PID...]] [shape]
//        load_client --port N --hold STREAMS [--seconds LIMIT] [shape]
// shape: [--request-bytes 1024] [--answer-bytes 1024] [--chunks N] [--chunk-bytes 200] [--gap-us N]
//        [--translated 1]: to an upstream that speaks Anthropic's messages
#include <cstdio>
#include <sstream>

#include "hold.h"
#include "load.h"
#include "options.h"

namespace butter::bench {

namespace {

Job read_job(Options& options) {
  Shape shape;
  shape.answer_bytes = static_cast<std::size_t>(options.integer("answer-bytes", 1024));
  shape.chunks = static_cast<std::size_t>(options.integer("chunks", 0));
  shape.chunk_bytes = static_cast<std::size_t>(options.integer("chunk-bytes", 200));
  shape.gap = options.integer("gap-us", 0) * kMicrosecond;
  shape.translated = options.integer("translated", 0) != 0;
  const auto body_bytes = static_cast<std::size_t>(options.integer("request-bytes", 1024));
  return {.port = static_cast<std::uint16_t>(options.integer("port", 0)),
          .shape = shape,
          .request = request_for(shape, body_bytes)};
}

Nanos seconds(Options& options, const char* name, double fallback) {
  return static_cast<Nanos>(options.number(name, fallback) * static_cast<double>(kSecond));
}

std::vector<int> read_pids(Options& options) {
  std::istringstream list(options.text("watch", ""));
  std::vector<int> pids;
  for (std::string pid; std::getline(list, pid, ',');) { pids.push_back(std::stoi(pid)); }
  return pids;
}

double micros(Nanos time) {
  return static_cast<double>(time) / kMicrosecond;
}

/// `"name": {...}` with times in microseconds.
std::string times(const char* name, const Histogram& histogram) {
  char text[256];
  std::snprintf(text, sizeof text,
                "\"%s\": {\"count\": %llu, \"p50\": %.2f, \"p90\": %.2f, \"p99\": %.2f, "
                "\"p999\": %.2f, \"max\": %.2f}",
                name, static_cast<unsigned long long>(histogram.count()),
                micros(histogram.percentile(0.5)), micros(histogram.percentile(0.9)),
                micros(histogram.percentile(0.99)), micros(histogram.percentile(0.999)),
                micros(histogram.max()));
  return text;
}

void print(const LoadResult& result) {
  const double window = static_cast<double>(result.window) / kSecond;
  const auto per_second = [window](std::uint64_t n) {
    return window > 0 ? static_cast<double>(n) / window : 0.0;
  };
  std::printf(
      "{\"requests\": %llu, \"errors\": %llu, \"first_error\": \"%s\", \"window_s\": %.3f, "
      "\"rps\": %.1f, \"watched_cpu_us\": %.1f, \"chunks\": %llu, \"chunks_per_s\": %.1f, "
      "%s, %s, %s}\n",
      static_cast<unsigned long long>(result.requests),
      static_cast<unsigned long long>(result.errors), result.first_error.c_str(), window,
      per_second(result.requests), micros(result.watched_cpu),
      static_cast<unsigned long long>(result.stream.chunks), per_second(result.stream.chunks),
      times("latency_us", result.latency).c_str(),
      times("first_byte_us", result.first_byte).c_str(),
      times("chunk_delay_us", result.stream.delay).c_str());
}

int hold(Options& options, std::size_t streams) {
  Job job = read_job(options);
  const Nanos limit = seconds(options, "seconds", 60);
  options.refuse_unknown();
  const HoldResult result = Hold(std::move(job), streams, limit).run();
  std::printf("{\"begun\": %zu, \"errors\": %zu, \"first_error\": \"%s\"}\n", result.begun,
              result.errors, result.first_error.c_str());
  return result.errors == 0 ? 0 : 1;
}

int load(Options& options) {
  LoadPlan plan;
  plan.job = read_job(options);
  plan.connections = static_cast<std::size_t>(options.integer("connections", 32));
  plan.rate = options.number("rate", 0);
  plan.warm_up = seconds(options, "warm-up", 0.5);
  plan.window = seconds(options, "seconds", 2);
  plan.most_requests = static_cast<std::uint64_t>(options.integer("requests", 0));
  plan.watched = read_pids(options);
  options.refuse_unknown();
  const LoadResult result = Load(std::move(plan)).run();
  print(result);
  return result.errors == 0 ? 0 : 1;
}

}  // namespace

}  // namespace butter::bench

int main(int argc, char** argv) {
  using namespace butter::bench;
  Options options(argc, argv);
  raise_descriptor_limit();
  want_sharp_timers();
  const auto streams = static_cast<std::size_t>(options.integer("hold", 0));
  return streams > 0 ? hold(options, streams) : load(options);
}
