#include "routing/router.h"

#include <gtest/gtest.h>

#include <ostream>

#include "unit/routing/setup.h"

namespace butter::routing {
namespace {

using test::key;
using test::provider;
using test::route;
using test::target;

/// openai, openrouter, groq (off), local; default openai.
config::Config example() {
  config::Config config;
  config.providers = {provider("openai"), provider("openrouter"), provider("groq"),
                      provider("local")};
  config.providers[0].models = {{"fast", "gpt-4o-mini"}, {"shared", "a"}};
  config.providers[1].models = {{"claude", "anthropic/claude-sonnet-4"}, {"shared", "b"}};
  config.providers[2].off = "variable GROQ_API_KEY is not set";
  config.providers[2].models = {{"llama", "llama-3.3-70b"}};
  config.routing.default_provider = "openai";
  config.routing.models = {
      route("gpt-4o", {target("openai"), target("openrouter", "openai/gpt-4o")}),
      route("fast", {target("openai"), target("local")}),
      route("empty", {}),
      route("half", {target("groq"), target("local")}),
      route("dark", {target("groq")}),
      route("openai/special", {target("local")}),
  };
  return config;
}

struct Case {
  const char* name;
  std::string_view model;
  std::string_view provider;
  std::string_view expected;
  std::optional<Errc> error = std::nullopt;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr std::string_view kOff =
    R"(provider "groq" is unavailable: variable GROQ_API_KEY is not set)";

constexpr Case kCases[] = {
    {"route_in_order", "gpt-4o", "", "openai:gpt-4o openrouter:openai/gpt-4o"},
    {"route_uses_the_alias_of_each_provider", "fast", "", "openai:gpt-4o-mini local:fast"},
    {"route_without_targets_is_none", "empty", "", "openai:empty"},
    {"route_skips_what_is_off", "half", "", "local:half"},
    {"route_all_off", "dark", "", kOff, Errc::unavailable},
    {"body_provider_wins_over_the_route", "gpt-4o", "local", "local:gpt-4o"},
    {"body_provider_takes_the_name_of_its_target", "gpt-4o", "openrouter",
     "openrouter:openai/gpt-4o"},
    {"body_provider_takes_its_alias", "claude", "openrouter",
     "openrouter:anthropic/claude-sonnet-4"},
    {"body_provider_keeps_a_prefix", "openrouter/auto", "openrouter", "openrouter:openrouter/auto"},
    {"body_provider_unknown", "gpt-4o", "x", R"(provider "x" not found)", Errc::not_found},
    {"body_provider_off", "gpt-4o", "groq", kOff, Errc::unavailable},
    {"prefix", "local/llama3", "", "local:llama3"},
    {"prefix_cut_at_the_first_slash", "openrouter/openai/o1", "", "openrouter:openai/o1"},
    {"prefix_then_alias", "openai/fast", "", "openai:gpt-4o-mini"},
    {"prefix_then_name_of_the_target", "openrouter/gpt-4o", "", "openrouter:openai/gpt-4o"},
    {"prefix_off", "groq/llama", "", kOff, Errc::unavailable},
    {"prefix_that_is_no_provider", "meta/llama", "", "openai:meta/llama"},
    {"prefix_of_nothing", "local/", "", "openai:local/"},
    {"route_with_a_slash_wins_over_the_prefix", "openai/special", "", "local:openai/special"},
    {"alias_of_one_provider", "claude", "", "openrouter:anthropic/claude-sonnet-4"},
    {"alias_of_one_that_is_off", "llama", "", kOff, Errc::unavailable},
    {"alias_of_several_goes_to_the_default", "shared", "", "openai:a"},
    {"default", "anything", "", "openai:anything"},
    {"no_model", "", "", "openai:"},
    {"no_model_but_a_provider", "", "local", "local:"},
    {"case_matters", "GPT-4o", "", "openai:GPT-4o"},
};

class RouterRules : public testing::TestWithParam<Case> {};

TEST_P(RouterRules, Choose) {
  const config::Config config = example();
  const Router router(config);
  Random random(1);
  const Result<Candidates> result =
      router.candidates(GetParam().model, GetParam().provider, random);
  EXPECT_EQ(test::text(config, result), GetParam().expected);
  ASSERT_EQ(result.has_value(), !GetParam().error.has_value());
  if (!result) { EXPECT_EQ(result.error().code, *GetParam().error); }
}

INSTANTIATE_TEST_SUITE_P(Table, RouterRules, testing::ValuesIn(kCases), test::name_of);

struct UnknownCase {
  const char* name;
  std::string_view model;
  std::string_view expected;
  friend std::ostream& operator<<(std::ostream& os, const UnknownCase& c) { return os << c.name; }
};

constexpr UnknownCase kUnknown[] = {
    {"far", "zzzzzzzz", R"(no provider configured for model "zzzzzzzz")"},
    {"near_one", "claud", R"(no provider configured for model "claud"; did you mean "claude"?)"},
    {"near_two", "darf",
     R"(no provider configured for model "darf"; did you mean "dark", "half"?)"},
    {"alias_of_several", "shared", R"(no provider configured for model "shared")"},
    {"none", "", "no default provider configured"},
};

class RouterWithoutDefault : public testing::TestWithParam<UnknownCase> {};

TEST_P(RouterWithoutDefault, SaysWhatIsNear) {
  config::Config config = example();
  config.routing.default_provider.clear();
  const Router router(config);
  Random random(1);
  const Result<Candidates> result = router.candidates(GetParam().model, "", random);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::unknown_model);
  EXPECT_EQ(result.error().detail, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, RouterWithoutDefault, testing::ValuesIn(kUnknown), test::name_of);

TEST(Router, DefaultProviderThatIsNotConfigured) {
  config::Config config;
  config.routing.default_provider = "gone";
  Random random(1);
  const Result<Candidates> result = Router(config).candidates("m", "", random);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::not_found);
  EXPECT_EQ(result.error().detail, R"(provider "gone" not found)");
}

TEST(Router, RoundRobinAlternatesWhicheverWorkerAsks) {
  config::Config config;
  config.providers = {provider("a"), provider("b"), provider("c")};
  config.routing.models = {
      route("m", {target("a"), target("b"), target("c")}, config::Strategy::round_robin)};
  const Router router(config);
  Random one(1);
  Random two(2);
  EXPECT_EQ(test::text(config, router.candidates("m", "", one)), "a:m b:m c:m");
  EXPECT_EQ(test::text(config, router.candidates("m", "", two)), "b:m c:m a:m");
  EXPECT_EQ(test::text(config, router.candidates("m", "", one)), "c:m a:m b:m");
  EXPECT_EQ(test::text(config, router.candidates("m", "", two)), "a:m b:m c:m");
}

TEST(Router, LeastLatencyReadsTheHealthAndAsksForMeasuring) {
  config::Config config;
  config.providers = {provider("a"), provider("b")};
  config.routing.models = {route("m", {target("a"), target("b")}, config::Strategy::least_latency),
                           route("n", {target("a")})};
  const Router router(config);
  Random random(1);
  router.health(0).add_latency(20ms);
  router.health(1).add_latency(10ms);
  const Result<Candidates> result = router.candidates("m", "", random);
  EXPECT_EQ(test::text(config, result), "b:m a:m");
  EXPECT_TRUE(result->measure);
  EXPECT_FALSE(router.candidates("n", "", random)->measure);
}

TEST(Router, MoreTargetsThanRoomAreCut) {
  config::Config config;
  std::vector<config::RouteTarget> targets;
  for (int i = 0; i < 20; ++i) {
    config.providers.push_back(provider("p" + std::to_string(i)));
    targets.push_back(target("p" + std::to_string(i)));
  }
  config.routing.models = {route("m", targets)};
  Random random(1);
  EXPECT_EQ(Router(config).candidates("m", "", random)->count, Candidates::kMost);
}

TEST(Router, FindsProvidersByName) {
  const config::Config config = example();
  const Router router(config);
  EXPECT_EQ(router.find_provider("openrouter"), 1);
  EXPECT_EQ(router.find_provider("open"), std::nullopt);
}

struct ReloadCase {
  const char* name;
  void (*change)(config::Config&);
  bool kept;
  friend std::ostream& operator<<(std::ostream& os, const ReloadCase& c) { return os << c.name; }
};

const ReloadCase kReloads[] = {
    {"nothing", [](config::Config&) {}, true},
    {"another_place",
     [](config::Config& c) { c.providers.insert(c.providers.begin(), provider("new")); }, true},
    {"another_weight", [](config::Config& c) { c.providers.back().keys[0].weight = 7; }, true},
    {"another_url", [](config::Config& c) { c.providers.back().base_url = "http://x"; }, false},
    {"another_key", [](config::Config& c) { c.providers.back().keys[0] = key("other"); }, false},
    {"one_more_key", [](config::Config& c) { c.providers.back().keys.push_back(key("2")); }, false},
    {"another_name", [](config::Config& c) { c.providers.back().name = "b"; }, false},
    {"another_breaker", [](config::Config& c) { c.routing.breaker.failures = 9; }, false},
};

class RouterReload : public testing::TestWithParam<ReloadCase> {};

TEST_P(RouterReload, KeepsTheHealthOfWhatStays) {
  config::Config old;
  old.providers = {provider("a")};
  auto before = std::make_unique<Router>(old);
  before->health(0).add_latency(10ms);
  config::Config config = old;
  GetParam().change(config);
  const Router router(config, before.get());
  before.reset();
  const auto last = static_cast<std::uint16_t>(config.providers.size() - 1);
  EXPECT_EQ(router.health(last).latency_ns() != 0, GetParam().kept);
}

INSTANTIATE_TEST_SUITE_P(Table, RouterReload, testing::ValuesIn(kReloads), test::name_of);

}  // namespace
}  // namespace butter::routing
