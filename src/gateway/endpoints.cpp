#include "gateway/endpoints.h"

#include <algorithm>

#include "base/strings.h"
#include "crypto/base64.h"

namespace butter::gateway {

namespace {

/// "http://[user:password@]host:port". A scheme is optional, as curl takes it.
Result<std::unique_ptr<const upstream::Proxy>> parse_proxy(std::string_view url) {
  std::string_view rest = url;
  if (rest.starts_with("http://")) { rest.remove_prefix(7); }
  const bool other_scheme = rest.find("://") != std::string_view::npos;
  auto proxy = std::make_unique<upstream::Proxy>();
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    proxy->authorization = "Basic " + crypto::base64(percent_decoded(rest.substr(0, at)));
    rest.remove_prefix(at + 1);
  }
  // The URL may hold a password: no message quotes it.
  const auto parsed = provider::BaseUrl::parse("http://" + std::string(rest));
  if (!parsed || other_scheme) {
    return fail(Errc::bad_config, "the proxy's URL is not http://[user:password@]host:port");
  }
  proxy->host = parsed->host;
  proxy->port = parsed->port;
  return proxy;
}

std::string variable(const config::Environment& env, std::string_view upper,
                     std::string_view lower) {
  for (const std::string_view name : {lower, upper}) {
    if (auto value = env(name); value && !value->empty()) { return *value; }
  }
  return {};
}

std::string proxy_for(const provider::Provider& provider, const config::Environment& env) {
  if (!provider.config().proxy.empty()) { return provider.config().proxy; }
  const std::string url = provider.url().tls ? variable(env, "HTTPS_PROXY", "https_proxy")
                                             : variable(env, "HTTP_PROXY", "http_proxy");
  const std::string exempt = variable(env, "NO_PROXY", "no_proxy");
  const std::string& host = provider.url().host;
  const bool local = host == "localhost" || host == "::1" || host.starts_with("127.");
  return local || is_exempt(exempt, host) ? std::string{} : url;
}

}  // namespace

bool is_exempt(std::string_view no_proxy, std::string_view host) {
  while (!no_proxy.empty()) {
    const std::size_t comma = no_proxy.find(',');
    std::string_view name = trim(no_proxy.substr(0, comma));
    no_proxy = comma == std::string_view::npos ? std::string_view{} : no_proxy.substr(comma + 1);
    if (name == "*") { return true; }
    if (name.starts_with('.')) { name.remove_prefix(1); }
    if (name.empty() || host.size() < name.size()) { continue; }
    const std::string_view tail = host.substr(host.size() - name.size());
    if (iequals(tail, name) &&
        (tail.size() == host.size() || host[host.size() - name.size() - 1] == '.')) {
      return true;
    }
  }
  return false;
}

Result<std::shared_ptr<const upstream::Endpoint>> make_endpoint(
    const provider::Provider& provider, const config::Environment& env,
    std::shared_ptr<upstream::Gate> gate) {
  const config::Provider& config = provider.config();
  auto endpoint = std::make_shared<upstream::Endpoint>();
  endpoint->name = config.name;
  endpoint->host = provider.url().host;
  endpoint->port = provider.url().port;
  if (config.max_in_flight > 0) {
    endpoint->gate = gate ? std::move(gate) : std::make_shared<upstream::Gate>();
  }
  endpoint->max_in_flight = config.max_in_flight;
  endpoint->max_queued = config.max_queued;
  endpoint->queue_timeout = config.queue_timeout;
  endpoint->max_connections = config.max_connections;
  endpoint->max_idle = config.max_idle_connections;
  endpoint->idle_timeout = config.idle_timeout;

  const std::string proxy = proxy_for(provider, env);
  if (!proxy.empty()) {
    auto parsed = parse_proxy(proxy);
    if (!parsed) { return std::unexpected(parsed.error()); }
    endpoint->proxy = *std::move(parsed);
  }
  if (provider.url().tls) {
    auto tls = net::TlsContext::make(
        {.ca_file = config.tls.ca_file, .insecure_skip_verify = config.tls.insecure_skip_verify});
    if (!tls) { return std::unexpected(tls.error()); }
    endpoint->tls = *std::move(tls);
  }
  // All that decides what a connection is, and nothing else: equal ids share connections.
  endpoint->id = config.name + '\n' + (provider.url().tls ? "https" : "http") + '\n' +
                 endpoint->host + '\n' + std::to_string(endpoint->port) + '\n' +
                 config.tls.ca_file + (config.tls.insecure_skip_verify ? "\ninsecure\n" : "\n\n") +
                 proxy + '\n';
  for (const auto limit :
       {std::int64_t{config.max_in_flight}, std::int64_t{config.max_queued},
        std::int64_t{config.queue_timeout.count()}, std::int64_t{config.max_connections},
        std::int64_t{config.max_idle_connections}, std::int64_t{config.idle_timeout.count()}}) {
    endpoint->id += std::to_string(limit) + ' ';
  }
  return endpoint;
}

}  // namespace butter::gateway
