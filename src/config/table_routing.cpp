#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "config/checks.h"
#include "config/diagnostics.h"
#include "config/table.h"

namespace butter::config {

namespace {

using Names = std::span<const std::string>;

constexpr Choice<Strategy> kStrategies[] = {
    {"priority", Strategy::priority},           {"round_robin", Strategy::round_robin},
    {"round-robin", Strategy::round_robin},     {"weighted", Strategy::weighted},
    {"least_latency", Strategy::least_latency}, {"least-latency", Strategy::least_latency},
};

void refuse_undefined(Section& s, std::string_view key, const std::string& provider, Names names) {
  if (s.taken(key) && std::ranges::find(names, provider) == names.end()) {
    s.refuse(key,
             "no provider " + quoted(provider) + " is defined" + did_you_mean(provider, names));
  }
}

void describe_target(Section& s, RouteTarget& target, Names names) {
  s.value("provider", text(target.provider), "Name of the provider; mandatory.");
  s.value("name", text(target.provider), "The same as `provider`.");
  s.value(
      "model", text(target.model, check_model),
      "This provider's name for the model; by default its alias of `models`, else the caller's.");
  s.value("weight", number(target.weight, {.max = 1e9}),
          "Share of the requests under the strategy `weighted`; 0 = none.");
  if (s.given("provider") == s.given("name")) {
    return s.refuse("provider",
                    s.given("name") ? "give `provider` or `name`, not both" : "mandatory");
  }
  refuse_undefined(s, s.given("name") ? "name" : "provider", target.provider, names);
}

void describe_hedge(Section& s, Hedge& hedge) {
  s.value(
      "enabled", boolean(hedge.enabled),
      "Send a request a second time, to the next provider or again to the same, when its answer "
      "has not begun after the time in which 95 % of the recent ones did. The first to have "
      "content wins, the other is cancelled. Both may be billed.");
  s.value("max_extra", number(hedge.max_extra, {.max = 100}),
          "At most so many extra requests, in percent of all.");
  s.value("min_delay", duration(hedge.min_delay, {.min = 1ms, .max = 1h}),
          "No second attempt earlier than this.");
}

void describe_patience(Section& s, Patience& patience) {
  s.value("keep_alive", duration(patience.keep_alive, {.max = 1h}),
          "While nothing else goes to a client that asked for a stream, it gets a comment "
          "(`: ping`) this often, also before the first byte of an answer: load balancers keep the "
          "connection open. Its status is then 200, whatever comes. 0 = none.");
  s.value(
      "stall_timeout", duration(patience.stall_timeout, {.max = 24h}),
      "A stream without a byte from the provider for so long has failed: another attempt, or an "
      "error when content has been sent. 0 = the provider's `first_byte` and `idle`.");
  s.value(
      "hold_time", duration(patience.hold_time, {.max = 1h}),
      "How long events without content are held back, so that a failure can still go elsewhere. "
      "0 = until there is content.");
  s.section("hedge", "A second attempt beside a slow first one.",
            [&](Section& h) { describe_hedge(h, patience.hedge); });
}

void describe_strict(Section& s, bool& strict) {
  s.value("strict", boolean(strict),
          "Refuse a request (400) when it must be translated and a field of it cannot be said in "
          "the provider's dialect; otherwise the field is left out and named in "
          "`x-butter-dropped`.");
}

void describe_route(Section& s, Route& route, Names names) {
  s.list("providers",
         "In order of preference, each a provider's name or a mapping. An empty list leaves the "
         "model to `default_provider`.",
         {.shorthand = "provider", .item = [&](Section& item) {
            RouteTarget target;
            describe_target(item, target, names);
            route.providers.push_back(std::move(target));
          }});
  s.value("strategy", choice(route.strategy, kStrategies),
          "Who is asked first: `priority` the first of the list, `round_robin` each in turn, "
          "`weighted` by `weight`, `least_latency` the one that answered fastest of late.");
  s.section("patience",
            "How answers are waited for; what is not given is as in `routing.patience`.",
            [&](Section& p) { describe_patience(p, route.patience); });
  describe_strict(s, route.strict);
  const bool drained =
      std::ranges::none_of(route.providers, [](const RouteTarget& t) { return t.weight > 0; });
  if (route.strategy == Strategy::weighted && !route.providers.empty() && drained) {
    s.warn("providers", "all weights are 0");
  }
}

void describe_backoff(Section& s, Backoff& backoff) {
  s.value("initial", duration(backoff.initial, {.max = 1h}), "The first wait.");
  s.value("multiplier", number(backoff.multiplier, {.min = 1, .max = 100}),
          "Each further wait is longer by this factor.");
  s.value("max", duration(backoff.max, {.max = 1h}), "No wait is longer.");
  s.value("jitter", number(backoff.jitter, {.max = 1}),
          "A wait is drawn from [1 - jitter, 1] of its length.");
}

void describe_failover(Section& s, Failover& failover) {
  s.value("enabled", boolean(failover.enabled),
          "Try again, and try the next provider, as long as nothing has reached the client.");
  s.value("max_retries", integer(failover.max_retries, {.max = 10}),
          "Further attempts with the same provider after the first; 0 = none.");
  s.values(
      "retry_on",
      values_of(failover.retry_on, [](int& v) { return integer(v, {.min = 400, .max = 599}); }),
      "Statuses after which the same provider is tried again.");
  s.section("backoff", "Waits between attempts with the same provider.",
            [&](Section& b) { describe_backoff(b, failover.backoff); });
  s.value("max_retry_after", duration(failover.max_retry_after, {.max = 1h}),
          "A provider that asks for a longer wait (Retry-After) is not waited for.");
}

void describe_breaker(Section& s, Breaker& breaker) {
  s.value("enabled", boolean(breaker.enabled), "Skip a provider that keeps failing.");
  s.value("failures", integer(breaker.failures, {.min = 1, .max = 1'000'000}),
          "Failures in a row until the provider is skipped.");
  s.value("open_for", duration(breaker.open_for, {.min = 1ms, .max = 24h}),
          "How long it is skipped; then one request probes it.");
}

}  // namespace

void describe_routing(Section& s, Routing& routing, Names providers) {
  s.value("default_provider", text(routing.default_provider),
          "Serves the models that have no route.");
  if (!routing.default_provider.empty()) {
    refuse_undefined(s, "default_provider", routing.default_provider, providers);
  }
  s.section("patience", "How answers are waited for.",
            [&](Section& p) { describe_patience(p, routing.patience); });
  describe_strict(s, routing.strict);
  s.map("models", "Routes, by the model's name as the caller writes it.",
        {.label = "model",
         .check_name = check_model,
         .item = [&](Section& item, std::string_view name) {
           Route route;
           route.model = name;
           route.patience = routing.patience;
           route.strict = routing.strict;
           describe_route(item, route, providers);
           routing.models.push_back(std::move(route));
         }});
  s.section("failover", "What happens when a provider fails.",
            [&](Section& f) { describe_failover(f, routing.failover); });
  s.section("breaker", "Providers that keep failing are left alone for a while.",
            [&](Section& b) { describe_breaker(b, routing.breaker); });
}

}  // namespace butter::config
