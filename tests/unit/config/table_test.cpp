#include "config/table.h"

#include "unit/config/support.h"

namespace butter::config {
namespace {

using test::good;
using test::mistakes;
using testing::HasSubstr;

TEST(Table, EmptySectionsGiveTheDefaults) {
  const Config config = good("server:\nlog:\nproviders:\nrouting:\nplugins:\n");
  EXPECT_EQ(config.server.address, ":8080");
  EXPECT_EQ(config.server.workers, 0u);
  EXPECT_EQ(config.server.read_timeout, 30s);
  EXPECT_EQ(config.server.write_timeout, 120s);
  EXPECT_EQ(config.server.shutdown_timeout, 30s);
  EXPECT_EQ(config.server.max_body_bytes, 64u << 20);
  EXPECT_EQ(config.log_level, log::Level::info);
  EXPECT_TRUE(config.providers.empty());
  EXPECT_EQ(config.path, "c.yaml");
}

TEST(Table, ServerAndLog) {
  const Config config = good(R"(
server:
  address: "[::1]:0"
  workers: 2
  read_timeout: 1s
  write_timeout: 2s
  shutdown_timeout: 0
  max_head_bytes: 1KiB
  max_body_bytes: 100
  max_connections: 7
log: {level: warn}
)");
  EXPECT_EQ(config.server.address, "[::1]:0");
  EXPECT_EQ(config.server.workers, 2u);
  EXPECT_EQ(config.server.read_timeout, 1s);
  EXPECT_EQ(config.server.write_timeout, 2s);
  EXPECT_EQ(config.server.shutdown_timeout, 0s);
  EXPECT_EQ(config.server.max_head_bytes, 1024u);
  EXPECT_EQ(config.server.max_body_bytes, 100u);
  EXPECT_EQ(config.server.max_connections, 7u);
  EXPECT_EQ(config.log_level, log::Level::warn);
}

TEST(Table, WriteTimeoutIsTheDefaultOfTheProviders) {
  const Config config = good(R"(
providers:
  openai:
  groq: {timeouts: {total: 5s}}
server: {write_timeout: 7s}
)");
  EXPECT_EQ(config.providers[0].timeouts.first_byte, 7s);
  EXPECT_EQ(config.providers[0].timeouts.total, 7s);
  EXPECT_EQ(config.providers[0].timeouts.connect, 10s);
  EXPECT_EQ(config.providers[1].timeouts.first_byte, 7s);
  EXPECT_EQ(config.providers[1].timeouts.total, 5s);
}

TEST(Table, WithoutWriteTimeoutTheProvidersHaveTheirOwn) {
  const Config config = good("server: {write_timeout: }\nproviders: {openai: }");
  EXPECT_EQ(config.providers[0].timeouts.first_byte, 600s);
  EXPECT_EQ(config.providers[0].timeouts.total, 600s);
}

TEST(Table, ProvidersKeepTheFilesOrder) {
  const Config config = good("providers: {mock: , openai: , gemini: , anthropic: }");
  std::vector<std::string> names;
  for (const Provider& provider : config.providers) { names.push_back(provider.name); }
  EXPECT_THAT(names, testing::ElementsAre("mock", "openai", "gemini", "anthropic"));
}

TEST(Table, Mistakes) {
  EXPECT_THAT(mistakes("server: {address: localhost}"),
              HasSubstr("c.yaml:1:19: server.address: expected host:port"));
  EXPECT_THAT(mistakes("server: {adress: x}"), HasSubstr("did you mean \"address\"?"));
  EXPECT_THAT(mistakes("server: {workers: 2000}"), HasSubstr("an integer from 0 to 1024"));
  EXPECT_THAT(mistakes("server: {max_connections: 0}"), HasSubstr("an integer from 1"));
  EXPECT_THAT(mistakes("log: {level: loud}"),
              HasSubstr("expected one of debug, info, warn, warning, error"));
  EXPECT_THAT(mistakes("providers: {a/b: }"), HasSubstr("the name must have only letters"));
  EXPECT_EQ(mistakes("sever: {}"), "c.yaml:1:1: sever: unknown key; did you mean \"server\"?");
}

}  // namespace
}  // namespace butter::config
