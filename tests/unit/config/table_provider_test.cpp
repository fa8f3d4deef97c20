#include "unit/config/support.h"

namespace butter::config {
namespace {

using test::good;
using test::mistakes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Provider only(std::string_view yaml) {
  return good(yaml).providers.at(0);
}

TEST(ProviderTable, KnownNameNeedsNothing) {
  const Provider provider = only("providers: {openrouter: }");
  EXPECT_EQ(provider.type, ProviderType::openai);
  EXPECT_EQ(provider.base_url, "https://openrouter.ai/api/v1");
  EXPECT_EQ(provider.credential_mode, CredentialMode::stored);
  EXPECT_TRUE(provider.keys.empty());
  EXPECT_EQ(provider.off, "");
}

TEST(ProviderTable, Everything) {
  const Provider p = only(R"(
providers:
  company:
    type: openai
    base_url: https://llm.example:8443/v1//
    credential_mode: passthrough
    keys:
      - {key: k1, weight: 2.5, models: [a, b/c]}
      - key: k2
    headers: {X-B: b, X-A: a}
    timeouts: {connect: 1s, first_byte: 2s, idle: 3s, total: 4s, stream_total: 5s}
    tls: {insecure_skip_verify: true}
    proxy: http://u:p@proxy:3128
    max_connections: 6
    max_idle_connections: 7
    idle_timeout: 8s
    models: {fast: llama-3}
    region: eu-central-1
    aws_profile: work
    model_map: {claude: anthropic.claude-v1:0}
    api_version: 2024-10-21
)");
  EXPECT_EQ(p.base_url, "https://llm.example:8443/v1");
  EXPECT_EQ(p.credential_mode, CredentialMode::passthrough);
  ASSERT_EQ(p.keys.size(), 2u);
  EXPECT_EQ(p.keys[0].key.reveal(), "k1");
  EXPECT_EQ(p.keys[0].weight, 2.5);
  EXPECT_THAT(p.keys[0].models, ElementsAre("a", "b/c"));
  EXPECT_EQ(p.keys[1].weight, 1);
  EXPECT_THAT(p.headers, ElementsAre(Pair("X-B", "b"), Pair("X-A", "a")));
  EXPECT_EQ(p.timeouts.connect, 1s);
  EXPECT_EQ(p.timeouts.first_byte, 2s);
  EXPECT_EQ(p.timeouts.idle, 3s);
  EXPECT_EQ(p.timeouts.total, 4s);
  EXPECT_EQ(p.timeouts.stream_total, 5s);
  EXPECT_TRUE(p.tls.insecure_skip_verify);
  EXPECT_EQ(p.proxy, "http://u:p@proxy:3128");
  EXPECT_EQ(p.max_connections, 6u);
  EXPECT_EQ(p.max_idle_connections, 7u);
  EXPECT_EQ(p.idle_timeout, 8s);
  EXPECT_THAT(p.models, ElementsAre(Pair("fast", "llama-3")));
  EXPECT_EQ(p.region, "eu-central-1");
  EXPECT_EQ(p.aws_profile, "work");
  EXPECT_THAT(p.model_map, ElementsAre(Pair("claude", "anthropic.claude-v1:0")));
  EXPECT_EQ(p.api_version, "2024-10-21");
}

TEST(ProviderTable, TypeDecidesTheUsualUrl) {
  EXPECT_EQ(only("providers: {second: {type: anthropic}}").base_url,
            "https://api.anthropic.com/v1");
  EXPECT_EQ(only("providers: {fake: {type: mock}}").type, ProviderType::mock);
  EXPECT_EQ(only("providers: {openai: {type: gemini}}").base_url,
            "https://generativelanguage.googleapis.com");
}

TEST(ProviderTable, AzureByItsName) {
  const Provider p = only(
      "providers: {azureopenai-x: {base_url: 'https://x/openai/deployments/d/', api_version: v1}}");
  EXPECT_EQ(p.type, ProviderType::azure_openai);
  EXPECT_EQ(p.base_url, "https://x/openai/deployments/d");
  EXPECT_EQ(p.api_version, "v1");
}

TEST(ProviderTable, EmptyKeyIsLeftOut) {
  const Config config = good("providers: {openai: {keys: [{key: \"${K:-}\"}, {key: k}]}}");
  EXPECT_EQ(config.providers[0].keys.size(), 1u);
  EXPECT_EQ(config.providers[0].off, "");
  EXPECT_THAT(config.warnings, ElementsAre("c.yaml:1:35: providers.openai.keys[0].key: empty; this "
                                           "key is left out"));
}

TEST(ProviderTable, OnlyEmptyKeysTurnItOff) {
  EXPECT_EQ(only("providers: {openai: {keys: [{key: ''}]}}").off, "all its keys are empty");
}

TEST(ProviderTable, PassthroughNeedsNoKey) {
  EXPECT_EQ(only("providers: {openai: {keys: [{key: ''}], credential_mode: passthrough}}").off, "");
}

TEST(ProviderTable, WeightsOfZeroAreAWarning) {
  EXPECT_THAT(good("providers: {openai: {keys: [{key: k, weight: 0}]}}").warnings,
              ElementsAre(HasSubstr("providers.openai.keys: all weights are 0")));
  EXPECT_TRUE(
      good("providers: {openai: {keys: [{key: k, weight: 0}, {key: l}]}}").warnings.empty());
}

TEST(ProviderTable, HasCaps) {
  const Provider usual = only("providers: {openai: }");
  EXPECT_EQ(usual.max_in_flight, 0u);
  EXPECT_EQ(usual.max_queued, 1000u);
  EXPECT_EQ(usual.queue_timeout, 10s);
  const Provider given =
      only("providers: {openai: {max_in_flight: 1000000, max_queued: 0, queue_timeout: 1ms}}");
  EXPECT_EQ(given.max_in_flight, 1'000'000u);
  EXPECT_EQ(given.max_queued, 0u);
  EXPECT_EQ(given.queue_timeout, 1ms);
}

TEST(ProviderTable, UncheckedCertificatesAreAWarning) {
  EXPECT_THAT(good("providers: {openai: {tls: {insecure_skip_verify: true}}}").warnings,
              ElementsAre(HasSubstr("providers.openai.tls.insecure_skip_verify: certificates")));
}

struct Case {
  const char* name;
  std::string_view yaml;
  std::string_view mistake;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr Case kCases[] = {
    {"unknown_name", "providers: {opnai: }",
     "c.yaml:1:13: providers.opnai.type: unknown provider \"opnai\" needs a `type` and a "
     "`base_url`; "
     "did you mean \"openai\"?"},
    {"unknown_name_without_type", "providers: {local: {base_url: http://a}}", "needs a `type`"},
    {"type_without_url", "providers: {local: {type: openai}}",
     "c.yaml:1:20: providers.local.base_url: provider \"local\" needs a `base_url`"},
    {"known_name_with_another_type", "providers: {groq: {type: azure_openai, api_version: v}}",
     "provider \"groq\" needs a `base_url`"},
    {"bad_type", "providers: {local: {type: opnai}}", "did you mean \"openai\"?"},
    {"azure_without_version", "providers: {azureopenai-x: {base_url: http://a}}",
     "c.yaml:1:28: providers.azureopenai-x.api_version: azureopenai requires api_version in "
     "config"},
    {"azure_without_url", "providers: {azureopenai: {api_version: v}}", "needs a `base_url`"},
    {"azure_with_empty_version", "providers: {azureopenai: {base_url: http://a, api_version: ''}}",
     "must be a word"},
    {"url_without_scheme", "providers: {openai: {base_url: api.openai.com}}",
     "c.yaml:1:32: providers.openai.base_url: must begin with http:// or https://, got "
     "\"api.openai.com\""},
    {"bad_mode", "providers: {openai: {credential_mode: stord}}",
     "expected one of stored, passthrough, got \"stord\"; did you mean \"stored\"?"},
    {"key_missing", "providers: {openai: {keys: [{weight: 1}]}}",
     "providers.openai.keys[0].key: mandatory"},
    {"key_as_text", "providers: {openai: {keys: [sk-1]}}", "keys[0]: expected a mapping"},
    {"key_with_line_break", "providers: {openai: {keys: [{key: \"a\\n\"}]}}", "a line break"},
    {"negative_weight", "providers: {openai: {keys: [{key: k, weight: -1}]}}",
     "providers.openai.keys[0].weight: expected a number from 0 to 1000000000, got \"-1\""},
    {"header_with_line_break", "providers: {openai: {headers: {A: \"b\\r\\nC: d\"}}}",
     "providers.openai.headers.A: must have no line break"},
    {"header_with_bad_name", "providers: {openai: {headers: {\"A B\": c}}}",
     "providers.openai.headers.A B: the name is no header name"},
    {"ca_file_missing", "providers: {openai: {tls: {ca_file: /nonexistent.pem}}}",
     "providers.openai.tls.ca_file: must be a file that can be read, got \"/nonexistent.pem\""},
    {"bare_duration", "providers: {openai: {timeouts: {idle: 30}}}", "cannot unmarshal !!int `30`"},
    {"too_many_in_flight", "providers: {openai: {max_in_flight: 1000001}}",
     "providers.openai.max_in_flight: expected an integer from 0 to 1000000, got \"1000001\""},
    {"too_many_queued", "providers: {openai: {max_queued: -1}}", "providers.openai.max_queued"},
    {"no_queue_timeout", "providers: {openai: {queue_timeout: 0}}",
     "providers.openai.queue_timeout"},
    {"bad_proxy", "providers: {openai: {proxy: socks5://p}}", "must begin with http://"},
    {"unknown_key", "providers: {openai: {baseurl: http://a}}", "did you mean \"base_url\"?"},
};

class ProviderTableRefuses : public testing::TestWithParam<Case> {};

TEST_P(ProviderTableRefuses, WithItsPlace) {
  EXPECT_THAT(mistakes(GetParam().yaml), HasSubstr(std::string(GetParam().mistake)));
}

INSTANTIATE_TEST_SUITE_P(Table, ProviderTableRefuses, testing::ValuesIn(kCases), test::by_name);

}  // namespace
}  // namespace butter::config
