// Question: what does one line for a finished request cost the worker? Budget: 1 us with 12 fields.

#include <benchmark/benchmark.h>
#include <fcntl.h>

#include <algorithm>
#include <string_view>

#include "base/fd.h"
#include "log/logger.h"

namespace {

using namespace butter::log;

template <class Log>
void request_done(Log&& log) {
  log("request done", field("request_id", "01J9ZQ4T8C3M5N7P9R1S"), field("method", "POST"),
      field("path", "/v1/chat/completions"), field("status", 200), field("provider", "openai"),
      field("model", "gpt-4o-mini"), field("stream", true), field("attempts", 1),
      field("bytes_in", 2048u), field("bytes_out", 18231u), field("ttft_ns", 312'345'678LL),
      field("duration_ns", 1'312'345'678LL));
}

/// With the clock, and the handing over to the sink once in 64 KiB.
void log_line(benchmark::State& state) {
  const butter::Fd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  Sink sink(nowhere.get());
  Logger logger(sink, Level::info);
  for (auto _ : state) {
    request_done([&](auto&&... parts) { logger.info(parts...); });
  }
  if (!logger.pending()) { state.SkipWithError("nothing was written"); }
}
BENCHMARK(log_line);

/// What a line below the level costs.
void log_line_off(benchmark::State& state) {
  const butter::Fd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  Sink sink(nowhere.get());
  Logger logger(sink, Level::warn);
  for (auto _ : state) {
    request_done([&](auto&&... parts) { logger.info(parts...); });
    benchmark::ClobberMemory();
  }
  if (logger.pending()) { state.SkipWithError("something was written"); }
}
BENCHMARK(log_line_off);

}  // namespace
