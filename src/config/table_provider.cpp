#include <algorithm>
#include <string>
#include <utility>

#include "base/strings.h"
#include "config/checks.h"
#include "config/diagnostics.h"
#include "config/known_providers.h"
#include "config/table.h"

namespace butter::config {

namespace {

constexpr Choice<ProviderType> kTypes[] = {
    {"openai", ProviderType::openai},
    {"azure_openai", ProviderType::azure_openai},
    {"azureopenai", ProviderType::azure_openai},
    {"anthropic", ProviderType::anthropic},
    {"gemini", ProviderType::gemini},
    {"vertex", ProviderType::vertex},
    {"bedrock", ProviderType::bedrock},
    {"mock", ProviderType::mock},
};
constexpr Choice<CredentialMode> kModes[] = {{"stored", CredentialMode::stored},
                                             {"passthrough", CredentialMode::passthrough}};
constexpr Range<Duration> kLimit{.max = 24h};

void describe_key(Section& s, Key& key) {
  s.value(
      "key", secret(key.key),
      "The key; mandatory. Write `${NAME}` and keep it in the environment. An empty one is left "
      "out.");
  s.value("weight", number(key.weight, {.max = 1e9}),
          "Share of the draws among the keys that may serve a model; 0 drains the key.");
  s.values("models", values_of(key.models, [](std::string& v) { return text(v, check_model); }),
           "The only models that the key may serve, as the caller names them; empty = all.");
  if (!s.given("key")) { s.refuse("key", "mandatory"); }
}

void describe_keys(Section& s, Provider& provider) {
  std::size_t empty = 0;
  s.list("keys",
         "Keys that are sent upstream, one drawn by weight for each attempt. Without the list "
         "requests go out without a key.",
         {.shorthand = "", .item = [&](Section& item) {
            Key key;
            describe_key(item, key);
            if (item.taken("key") && key.key.empty()) {
              item.warn("key", "empty; this key is left out");
              ++empty;
            } else {
              provider.keys.push_back(std::move(key));
            }
          }});
  if (empty > 0 && provider.keys.empty() && provider.credential_mode == CredentialMode::stored) {
    // Sending requests without the key that was meant would be a surprise.
    provider.off = "all its keys are empty";
  }
  const bool drained =
      std::ranges::none_of(provider.keys, [](const Key& key) { return key.weight > 0; });
  if (!provider.keys.empty() && drained) {
    s.warn("keys", "all weights are 0; no key is ever drawn");
  }
}

void describe_timeouts(Section& s, TimeLimits& limits) {
  s.value("connect", duration(limits.connect, kLimit),
          "Name lookup, TCP, proxy and TLS; 0 = none.");
  s.value("first_byte", duration(limits.first_byte, kLimit),
          "From the request's last byte to the answer's head; 0 = none.");
  s.value("idle", duration(limits.idle, kLimit), "Between two pieces of an answer; 0 = none.");
  s.value("total", duration(limits.total, kLimit),
          "The whole request, answers that stream excepted; 0 = none.");
  s.value("stream_total", duration(limits.stream_total, kLimit),
          "The whole request when the answer streams; 0 = none.");
}

/// A mapping from a model's name to another one.
template <class Map>
Dictionary model_names(Map& map) {
  return {.label = "model", .check_name = check_model, .add = [&map](std::string_view name) {
            return text(map[std::string(name)], check_model);
          }};
}

/// The dialect and where the provider is.
void describe_address(Section& s, Provider& provider) {
  const auto known = find_known_provider(provider.name);
  provider.type = known ? known->type : ProviderType::openai;
  Field type = choice(provider.type, kTypes);
  type.fallback.clear();
  s.value("type", type,
          "What the upstream speaks. By default what the provider's name says; "
          "mandatory for a name that is not known.");
  s.value("base_url", text(provider.base_url, check_base_url),
          "URL that the paths of the API are added to. By default that of the known name or type; "
          "mandatory for a name that is not known when its type is openai, and for azure_openai, "
          "where `{deployment}` in it stands for the model's name.");
  while (provider.base_url.ends_with('/')) { provider.base_url.pop_back(); }

  if (!known && !s.given("type")) {
    std::vector<std::string> names;
    for (const KnownProvider& one : known_providers()) { names.emplace_back(one.name); }
    return s.refuse("type", "unknown provider " + quoted(provider.name) +
                                " needs a `type` and a `base_url`" +
                                did_you_mean(provider.name, names));
  }
  if (s.given("base_url")) { return; }
  if (known && known->type == provider.type && !known->base_url.empty()) {
    provider.base_url = known->base_url;
  } else if (const auto usual = usual_base_url(provider.type)) {
    provider.base_url = *usual;
  } else {
    s.refuse("base_url", "provider " + quoted(provider.name) + " needs a `base_url`");
  }
}

/// How much the provider is asked at one time.
void describe_caps(Section& s, Provider& provider) {
  s.value("max_in_flight", integer(provider.max_in_flight, {.max = 1'000'000}),
          "Requests under way at the provider at one time, all workers together; 0 = no limit. One "
          "over it waits for its turn.");
  s.value(
      "max_queued", integer(provider.max_queued, {.max = 1'000'000}),
      "Requests that wait for their turn; one more goes to the next provider of its route, or is "
      "answered with 503 and `Retry-After`.");
  s.value(
      "queue_timeout", duration(provider.queue_timeout, {.min = 1ms, .max = 24h}),
      "How long a request waits for its turn; then it goes to the next provider, or is answered "
      "with 503.");
  s.value("max_connections", integer(provider.max_connections, {.max = 100'000}),
          "Connections to the provider at one time, for each worker; 0 = no limit. A request over "
          "it waits like one over `max_in_flight`.");
  s.value("max_idle_connections", integer(provider.max_idle_connections, {.max = 100'000}),
          "Connections that are kept open for reuse, for each worker.");
  s.value("idle_timeout", duration(provider.idle_timeout, {.min = 1ms, .max = 24h}),
          "A kept connection is closed after this time.");
}

}  // namespace

void describe_tls(Section& s, Tls& tls) {
  s.value("ca_file", text(tls.ca_file, check_readable),
          "Certificates (PEM) to trust instead of the system's.");
  s.value("insecure_skip_verify", boolean(tls.insecure_skip_verify),
          "Accept any certificate. For tests only; a warning is logged at every start.");
  if (tls.insecure_skip_verify) {
    s.warn("insecure_skip_verify",
           "certificates are not verified: anybody in between can read "
           "the keys");
  }
}

void describe_provider(Section& s, Provider& provider) {
  describe_address(s, provider);
  s.value(
      "credential_mode", choice(provider.credential_mode, kModes),
      "`stored`: our keys go upstream and the caller's credentials never do. `passthrough`: the "
      "caller's own credentials go upstream.");
  describe_keys(s, provider);
  s.dictionary("headers",
               {.label = "header",
                .check_name = check_header_name,
                .add =
                    [&](std::string_view name) {
                      auto& header = provider.headers.emplace_back(name, "");
                      return text(header.second, check_header_value);
                    }},
               "Headers that are sent with every request.");
  s.section("timeouts", "Time limits of one request to the provider.",
            [&](Section& t) { describe_timeouts(t, provider.timeouts); });
  s.section("tls", "How the provider's certificate is judged.",
            [&](Section& t) { describe_tls(t, provider.tls); });
  s.value("proxy", text(provider.proxy, check_proxy),
          "`http://[user:password@]host:port`; by default HTTPS_PROXY, HTTP_PROXY and NO_PROXY are "
          "followed.");
  describe_caps(s, provider);
  s.dictionary("models", model_names(provider.models),
               "The caller's model name, and what this provider calls it.");
  s.value("region", text(provider.region, check_word),
          "AWS region; bedrock only. By default AWS_REGION, AWS_DEFAULT_REGION or that of the "
          "profile.");
  s.value(
      "aws_profile", text(provider.aws_profile, check_header_value),
      "Profile of the AWS configuration; bedrock only. By default AWS_PROFILE, else `default`.");
  s.dictionary("model_map", model_names(provider.model_map),
               "Anthropic's model name, and the Bedrock model; bedrock only. Goes before the "
               "built-in list.");
  s.value("project", text(provider.project, check_word),
          "Google Cloud project; vertex only. By default GOOGLE_CLOUD_PROJECT, or that of the "
          "service account.");
  s.value("location", text(provider.location, check_word),
          "Google Cloud location, for example europe-west4; vertex only.");
  s.value("credentials_file", text(provider.credentials_file, check_readable),
          "JSON file of a Google service account; vertex only. By default "
          "GOOGLE_APPLICATION_CREDENTIALS, else the metadata server of the machine is asked.");
  s.value("api_version", text(provider.api_version, check_word),
          "The `api-version` of the URL, for example 2024-10-21; azure_openai only, mandatory.");
  if (provider.type == ProviderType::azure_openai && !s.given("api_version")) {
    s.refuse("api_version", "azureopenai requires api_version in config");
  }
}

}  // namespace butter::config
