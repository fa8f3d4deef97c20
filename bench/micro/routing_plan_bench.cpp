// Question: what does it cost to find where a request goes, and with which key? Budget: 300 ns, no
// allocation. The configuration has 200 routes and 20 providers of 4 keys each.
#include <benchmark/benchmark.h>

#include <string>

#include "routing/plan.h"

namespace {

using namespace butter;

config::Config example(config::Strategy strategy) {
  config::Config config;
  for (int i = 0; i < 20; ++i) {
    config::Provider& provider = config.providers.emplace_back();
    provider.name = "provider-" + std::to_string(i);
    for (int k = 0; k < 4; ++k) {
      provider.keys.emplace_back().key = Secret("sk-" + std::to_string(k));
    }
  }
  for (int i = 0; i < 200; ++i) {
    config::Route& route = config.routing.models.emplace_back();
    route.model = "model-" + std::to_string(i);
    route.strategy = strategy;
    for (int t = 0; t < 3; ++t) {
      route.providers.emplace_back().provider = "provider-" + std::to_string((i + t) % 20);
    }
  }
  config.routing.default_provider = "provider-0";
  config.routing.failover.enabled = true;
  return config;
}

/// One request that succeeds at once.
void plan(benchmark::State& state, config::Strategy strategy, const char* model) {
  const config::Config config = example(strategy);
  const routing::Router router(config);
  Random random(1);
  const TimePoint now = TimePoint(1000s);
  for (auto _ : state) {
    const auto candidates = router.candidates(model, "", random);
    routing::Plan one(config, router, *candidates, model);
    const auto attempt = one.start(now, random);
    if (!attempt || attempt->key < 0) { state.SkipWithError("no attempt"); }
    one.answered(one.current(), 1ms);
    benchmark::DoNotOptimize(one.succeeded(one.current()));
  }
}

BENCHMARK_CAPTURE(plan, priority, config::Strategy::priority, "model-137");
BENCHMARK_CAPTURE(plan, round_robin, config::Strategy::round_robin, "model-137");
BENCHMARK_CAPTURE(plan, weighted, config::Strategy::weighted, "model-137");
BENCHMARK_CAPTURE(plan, least_latency, config::Strategy::least_latency, "model-137");
BENCHMARK_CAPTURE(plan, prefix, config::Strategy::priority, "provider-7/some-model");
BENCHMARK_CAPTURE(plan, standard, config::Strategy::priority, "some-other-model");

/// A failure and the plan's answer to it.
void failure(benchmark::State& state) {
  const config::Config config = example(config::Strategy::priority);
  const routing::Router router(config);
  Random random(1);
  const TimePoint now = TimePoint(1000s);
  for (auto _ : state) {
    routing::Plan one(config, router, *router.candidates("model-137", "", random), "model-137");
    (void)one.start(now, random);
    routing::ProviderHealth::Change change{};
    const routing::Next next = one.after(
        one.current(), {.code = Errc::upstream_status, .status = 503}, now, random, change);
    if (next.kind != routing::Next::Kind::attempt) { state.SkipWithError("given up"); }
    one.answered(one.current(), 1ms);
    benchmark::DoNotOptimize(one.succeeded(one.current()));
  }
}
BENCHMARK(failure);

}  // namespace
