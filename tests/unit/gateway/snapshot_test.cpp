#include "gateway/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

config::RouteTarget target(std::string provider, std::string model = "") {
  config::RouteTarget out;
  out.provider = std::move(provider);
  out.model = std::move(model);
  return out;
}

config::Config models_config() {
  config::Provider a = test::provider("a");
  a.models = {{"alias", "a-real"}, {"fast", "a-fast"}};
  a.keys = {{.key = Secret("k"), .models = {"allowed"}}};
  config::Provider b = test::provider("b");
  b.models = {{"fast", "b-fast"}};
  config::Config config = test::config_of({a, b});
  config.routing.models = {{.model = "smart", .providers = {target("b", "b-smart"), target("a")}},
                           {.model = "a\"quote", .providers = {target("a")}}};
  return config;
}

std::vector<std::string> listed_ids(const Snapshot& snapshot) {
  simdjson::dom::parser parser;
  simdjson::dom::array data;
  EXPECT_EQ(parser.parse(snapshot.model_list())["data"].get(data), simdjson::SUCCESS)
      << snapshot.model_list();
  std::vector<std::string> out;
  for (const simdjson::dom::element each : data) {
    EXPECT_EQ(std::string_view(each["object"]), "model");
    out.push_back(std::string(std::string_view(each["owned_by"])) + ":" +
                  std::string(std::string_view(each["id"])));
  }
  return out;
}

TEST(Snapshot, ListsRoutesThenAliasesOnce) {
  const auto snapshot = test::snapshot_of(models_config());
  EXPECT_THAT(listed_ids(*snapshot),
              testing::ElementsAre("b:smart", "a:a\"quote", "a:alias", "a:fast"));
  EXPECT_TRUE(snapshot->model_list().starts_with(R"({"object":"list","data":[{"id":"smart")"));
  EXPECT_TRUE(snapshot->model_list().ends_with("]}\n"));
}

TEST(Snapshot, AnEmptyListIsAList) {
  const auto snapshot = test::snapshot_of(test::config_of({test::provider("a")}));
  EXPECT_EQ(snapshot->model_list(), "{\"object\":\"list\",\"data\":[]}\n");
}

TEST(Snapshot, GivesOneModel) {
  const auto snapshot = test::snapshot_of(models_config());
  EXPECT_EQ(snapshot->model_object("smart"),
            R"({"id":"smart","object":"model","created":0,"owned_by":"b"})");
  EXPECT_EQ(snapshot->model_object("a\"quote"),
            R"({"id":"a\"quote","object":"model","created":0,"owned_by":"a"})");
  EXPECT_EQ(snapshot->model_object("b-smart"), "");
  EXPECT_EQ(snapshot->model_object(""), "");
}

TEST(Snapshot, NamesTheModelsOfTheFile) {
  const auto snapshot = test::snapshot_of(models_config());
  for (const char* const named :
       {"smart", "b-smart", "alias", "a-real", "fast", "a-fast", "b-fast", "allowed"}) {
    EXPECT_TRUE(snapshot->names_model(named)) << named;
  }
  for (const char* const other : {"", "a", "smart ", "gpt-4o"}) {
    EXPECT_FALSE(snapshot->names_model(other)) << other;
  }
}

TEST(Snapshot, FindsProvidersByName) {
  const auto snapshot = test::snapshot_of(models_config());
  EXPECT_EQ(snapshot->provider_count(), 2u);
  EXPECT_EQ(snapshot->find_provider("a"), 0u);
  EXPECT_EQ(snapshot->find_provider("b"), 1u);
  EXPECT_EQ(snapshot->find_provider("A"), 2u);
  EXPECT_EQ(snapshot->find_provider(""), 2u);
  EXPECT_EQ(snapshot->provider(1).config().name, "b");
}

TEST(Snapshot, HasEndpointsWhereThereIsANetwork) {
  config::Provider off = test::provider("off");
  off.off = "variable X is not set";
  config::Provider mock = test::provider("mock", "");
  mock.type = config::ProviderType::mock;
  const auto snapshot = test::snapshot_of(test::config_of({test::provider("up"), off, mock}));
  EXPECT_NE(snapshot->endpoint(0), nullptr);
  EXPECT_EQ(snapshot->endpoint(1), nullptr);
  EXPECT_EQ(snapshot->endpoint(2), nullptr);
}

TEST(Snapshot, IsUsableWithOneProviderThatIsOn) {
  config::Provider off = test::provider("off");
  off.off = "variable X is not set";
  EXPECT_FALSE(test::snapshot_of(test::config_of({off}))->usable());
  EXPECT_TRUE(test::snapshot_of(test::config_of({off, test::provider("on")}))->usable());
  EXPECT_FALSE(test::snapshot_of(test::config_of({}))->usable());
}

TEST(Snapshot, MistakesNameTheProvider) {
  config::Provider bad_url = test::provider("bad", "ftp://up.test");
  config::Provider bad_proxy = test::provider("bad");
  bad_proxy.proxy = "socks5://x";
  for (const config::Provider& bad : {bad_url, bad_proxy}) {
    const auto made = Snapshot::make(test::config_of({test::provider("good"), bad}),
                                     test::environment({}), nullptr);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::bad_config);
    EXPECT_THAT(made.error().detail, testing::StartsWith("providers.bad: "));
  }
}

TEST(Snapshot, KeepsTheGatesOfTheOneBefore) {
  config::Config config = test::config_of({test::provider("a"), test::provider("b")});
  config.providers[0].max_in_flight = config.providers[1].max_in_flight = 1;
  const auto before = test::snapshot_of(config);
  std::swap(config.providers[0], config.providers[1]);
  config.providers[0].max_in_flight = 5;
  const auto after = Snapshot::make(config, test::environment({}), before.get()).value();
  EXPECT_NE(before->endpoint(0)->gate, before->endpoint(1)->gate);
  EXPECT_EQ(after->endpoint(0)->gate, before->endpoint(1)->gate) << "with another cap";
  EXPECT_EQ(after->endpoint(1)->gate, before->endpoint(0)->gate);
  config.providers[0].max_in_flight = 0;
  const auto open = Snapshot::make(config, test::environment({}), after.get()).value();
  EXPECT_EQ(open->endpoint(0)->gate, nullptr);
}

TEST(Snapshot, TakesHealthOverFromTheOneBefore) {
  const auto before = test::snapshot_of(models_config());
  const auto after = Snapshot::make(models_config(), test::environment({}), before.get());
  ASSERT_TRUE(after);
  EXPECT_EQ(&before->router().health(0), &(*after)->router().health(0));
  EXPECT_NE(&before->router().health(0), &test::snapshot_of(models_config())->router().health(0));
}

}  // namespace
}  // namespace butter::gateway
