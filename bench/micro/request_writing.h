#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "dialect/dialects.h"

namespace butter::dialect {

/// Writes a request in a provider's dialect: as many turns as the benchmark's range says, of one KB
/// each. Thread: main.
inline void write_requests(benchmark::State& state, const ProviderDialect& provider,
                           std::string_view model) {
  const std::string text(1024, 'x');
  Conversation asked;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    asked.turns.push_back(
        {.role = i % 2 == 0 ? Role::user : Role::assistant, .parts = {{.text = {text}}}});
  }
  Buffer out;
  for (auto _ : state) {
    out.clear();
    if (!provider.write_request(asked, {.model = model}, out)) {
      state.SkipWithError("no request");
    }
    benchmark::DoNotOptimize(out.data());
  }
  if (out.size() < text.size() * asked.turns.size()) { state.SkipWithError("text is missing"); }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

}  // namespace butter::dialect
