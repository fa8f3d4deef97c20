#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "log/level.h"

namespace butter::config {

/// The whole configuration, as read from one file. Plain values; the defaults are the member
/// initialisers, nowhere else. Thread: any (immutable once loaded).

struct Key {
  Secret key;
  double weight = 1;                ///< share of the draws among eligible keys; 0 drains the key
  std::vector<std::string> models;  ///< allowlist, exact names; empty = all
};

enum class CredentialMode : std::uint8_t {
  stored,       ///< our keys go upstream, the caller's credentials never do
  passthrough,  ///< the caller's own credentials go upstream
};

/// What an upstream speaks. One file each in provider/.
enum class ProviderType : std::uint8_t {
  openai,
  azure_openai,
  anthropic,
  gemini,
  vertex,
  bedrock,
  mock
};

/// Time limits of one upstream request, apart from each other. 0 = none.
struct TimeLimits {
  Duration connect = 10s;      ///< name, TCP, proxy and TLS
  Duration first_byte = 600s;  ///< from the request's last byte to the answer's head
  Duration idle = 300s;        ///< between two pieces of an answer
  Duration total = 600s;       ///< whole request, answers that stream excepted
  Duration stream_total{0};    ///< whole request when the answer streams
};

struct Tls {
  std::string ca_file;                ///< PEM; "" = the system's
  bool insecure_skip_verify = false;  ///< warned about at every start

  friend bool operator==(const Tls&, const Tls&) = default;
};

struct Provider {
  std::string name;
  ProviderType type = ProviderType::openai;
  std::string
      base_url;  ///< http:// or https://, no trailing slash; the type's default when not given
  CredentialMode credential_mode = CredentialMode::stored;
  std::vector<Key> keys;
  std::vector<std::pair<std::string, std::string>> headers;  ///< sent with every request
  TimeLimits timeouts;
  Tls tls;
  std::string proxy;  ///< http://[user:password@]host:port; "" = HTTPS_PROXY/HTTP_PROXY/NO_PROXY
  std::uint32_t max_in_flight = 0;           ///< requests, all workers together; 0 = no cap
  std::uint32_t max_queued = 1000;           ///< requests that wait for their turn at a cap
  Duration queue_timeout = 10s;              ///< how long one waits
  std::uint32_t max_connections = 0;         ///< per worker; 0 = no cap
  std::uint32_t max_idle_connections = 256;  ///< kept alive per worker
  Duration idle_timeout = 60s;               ///< a kept connection is closed after this long
  std::map<std::string, std::string, std::less<>>
      models;                                ///< caller's model name -> this provider's
  std::string region, aws_profile;           ///< bedrock
  std::string project, location = "global";  ///< vertex
  std::string credentials_file;              ///< vertex: a service account's; "" = see docs
  std::map<std::string, std::string, std::less<>> model_map;  ///< bedrock
  std::string api_version;                                    ///< azure_openai: mandatory
  std::string
      off;  ///< why the provider is unusable ("variable OPENAI_API_KEY is not set"); "" = usable
};

enum class Strategy : std::uint8_t { priority, round_robin, weighted, least_latency };

struct RouteTarget {
  std::string provider;
  std::string model;  ///< this provider's name for it; "" = the provider's alias, else the caller's
  double weight = 1;
};

/// A second attempt beside a first that is slow to begin its answer.
struct Hedge {
  bool enabled = false;
  double max_extra = 5;        ///< at most so many extra requests, percent of all
  Duration min_delay = 100ms;  ///< never earlier than this
};

/// How an answer is waited for.
struct Patience {
  Duration keep_alive{0};     ///< between comments to a client that waits for events; 0 = none
  Duration stall_timeout{0};  ///< a stream without a byte for so long has failed; 0 = as the
                              ///< provider's `first_byte` and `idle`
  Duration hold_time = 15s;   ///< how long events without content are held back; 0 = until there is
                              ///< content
  Hedge hedge;
};

struct Route {
  std::string model;  ///< the caller's name
  std::vector<RouteTarget> providers;
  Strategy strategy = Strategy::priority;
  Patience patience;
  bool strict = false;  ///< a field that a provider's dialect cannot say is refused, not dropped
};

struct Backoff {
  Duration initial = 100ms;
  double multiplier = 2.0;
  Duration max = 5s;
  double jitter = 0.1;  ///< each wait is drawn from [1 - jitter, 1] of its length; 0 to 1
};

struct Failover {
  bool enabled = false;
  std::uint32_t max_retries = 3;  ///< per provider, beyond the first try; 0 = none
  std::vector<int> retry_on{429, 500, 502, 503, 504};
  Backoff backoff;
  Duration max_retry_after = 10s;  ///< a longer Retry-After is not waited for
};

struct Breaker {
  bool enabled = true;
  std::uint32_t failures = 5;  ///< in a row, until the provider is skipped
  Duration open_for = 10s;     ///< then one request probes it
};

struct Routing {
  std::string default_provider;
  std::vector<Route> models;  ///< in the file's order
  Failover failover;
  Breaker breaker;
  Patience patience;  ///< of models without a route; the default of those with one
  bool strict = false;
};

struct Server {
  std::string address = ":8080";
  std::uint32_t workers = 0;  ///< 0 = one a core
  Duration read_timeout =
      30s;  ///< a request's head; each wait for more of its body; an idle connection
  Duration write_timeout = 120s;  ///< a client that reads nothing; also, when given in the file,
                                  ///< the default of the providers' first_byte and total
  Duration shutdown_timeout = 30s;
  std::uint64_t max_head_bytes = 64 * 1024;
  std::uint64_t max_body_bytes = 64ull * 1024 * 1024;
  std::uint32_t max_connections = 10000;  ///< all workers together
};

struct RequestLog {
  bool enabled = false;  ///< `plugins.requestlog` is present
  log::Level level = log::Level::info;
  bool log_bodies = false;
  std::uint64_t body_max_bytes = 4096;  ///< of each body
  bool redact_bodies = true;
};

/// A Redis server.
struct Redis {
  bool enabled = false;                    ///< the section is present
  std::string address = "localhost:6379";  ///< host:port; "" = the same
  std::string username;                    ///< "" = the server's default user
  Secret password;                         ///< "" = none
  std::uint32_t db = 0;
  bool use_tls = false;  ///< `tls` is present
  Tls tls;
  std::string key_prefix = "butter:";
  Duration timeout = 50ms;  ///< of one command

  friend bool operator==(const Redis&, const Redis&) = default;
};

/// Limits of a minute; 0 = none.
struct ModelLimit {
  std::uint32_t requests_per_minute = 0;
  std::uint32_t tokens_per_minute = 0;
};

struct ProviderLimit {
  ModelLimit all;                                         ///< its models together
  std::map<std::string, ModelLimit, std::less<>> models;  ///< by the provider's name
};

/// Requests and tokens a minute, for each app key, client address, or for all; and for providers.
struct RateLimit {
  bool enabled = false;                    ///< `plugins.ratelimit` is present
  std::uint32_t requests_per_minute = 60;  ///< 0 = no limit
  std::uint32_t tokens_per_minute = 0;     ///< 0 = no limit
  std::uint32_t burst = 0;  ///< the most requests at once; 0 = the requests of a minute
  bool per_ip = false;
  bool per_app_key = false;
  std::uint32_t per_app_key_rpm = 0;  ///< 0 = requests_per_minute
  std::uint32_t per_app_key_tpm = 0;  ///< 0 = tokens_per_minute
  std::map<std::string, std::uint32_t, std::less<>> app_key_limits;
  std::map<std::string, std::uint32_t, std::less<>> app_key_token_limits;
  std::vector<std::string> trusted_proxies;  ///< addresses and networks
  std::map<std::string, ProviderLimit, std::less<>> providers;
  Redis redis;  ///< where buckets are shared, when it is enabled
};

/// What becomes of a request in which the guard finds something.
enum class GuardMode : std::uint8_t {
  block,  ///< it is refused
  log,    ///< it goes on, the log says so
  tag,    ///< it goes on, its metadata say so
};

/// What the guard makes unreadable.
enum class GuardKind : std::uint8_t { email, card, iban, key };

/// The guard that is compiled in.
struct Guard {
  bool enabled = false;  ///< `plugins.guard` is present
  GuardMode mode = GuardMode::block;
  std::vector<std::string> scan_roles{"user", "assistant", "tool"};
  bool default_phrases = true;
  std::vector<std::string> phrases;   ///< beside the default ones
  std::vector<std::string> patterns;  ///< regular expressions (RE2)
  std::vector<std::string> routes;    ///< as of a WasmPlugin
  std::vector<std::string> models;
  bool redact_requests = false;
  bool redact_answers = false;
  std::vector<GuardKind> redact_kinds{GuardKind::email, GuardKind::card, GuardKind::iban,
                                      GuardKind::key};
};

struct Metrics {
  bool enabled = false;  ///< `plugins.metrics` is present
  bool per_key_metrics = false;
};

/// When a plugin fails: with an error, at its time limit, at its memory limit.
enum class OnFailure : std::uint8_t {
  open,    ///< the request goes on as if the plugin were not there
  closed,  ///< the request fails
};

/// One of `wasm_plugins`.
struct WasmPlugin {
  std::string name;
  std::string path;                                          ///< of the module
  std::map<std::string, std::string, std::less<>> settings;  ///< `config`
  OnFailure on_failure = OnFailure::open;
  std::vector<std::string> routes;           ///< paths; "*" at the end = any rest; empty = all
  std::vector<std::string> models;           ///< the caller's names, "*" likewise; empty = all
  Duration timeout = 50ms;                   ///< of one call of a hook
  std::uint64_t memory_limit = 64ull << 20;  ///< bytes, of one instance
  std::uint64_t fuel = 0;                    ///< instructions of one call; 0 = by `timeout`
  bool isolated = false;                     ///< a fresh instance for each call
  std::optional<std::uint32_t> threads;      ///< helper threads; 0 = none; not set = as measured
  std::vector<std::string> allowed_hosts;    ///< of its HTTP requests
  bool expose_secrets = false;               ///< credentials and cookies, too
  friend bool operator==(const WasmPlugin&, const WasmPlugin&) = default;
};

/// `wasm`: what all of them share.
struct Wasm {
  std::string library;            ///< libextism's file; "" = it is looked for
  std::string cache_dir;          ///< for compiled modules; "" = none is kept
  Duration request_timeout = 5s;  ///< of all calls for one request, waiting for threads included
};

struct Config {
  std::string path;  ///< of the file; "" for the built-in configuration
  Server server;
  log::Level log_level = log::Level::info;  ///< `log.level`
  std::vector<Provider> providers;          ///< in the file's order
  Routing routing;
  RequestLog requestlog;
  Metrics metrics;
  RateLimit ratelimit;
  Guard guard;
  Wasm wasm;
  std::vector<WasmPlugin> wasm_plugins;  ///< in the file's order
  std::vector<std::string> warnings;  ///< located, for the log: "config.yaml:3:5: providers.x: ..."
};

}  // namespace butter::config
