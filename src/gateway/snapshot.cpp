#include "gateway/snapshot.h"

#include <algorithm>
#include <utility>

#include "credential/complete.h"
#include "gateway/endpoints.h"
#include "json/text.h"

namespace butter::gateway {

namespace {

std::string render_model(std::string_view id, std::string_view owner) {
  std::string out = R"({"id":)";
  json::append_string(out, id);
  out += R"(,"object":"model","created":0,"owned_by":)";
  json::append_string(out, owner);
  return out += '}';
}

/// The gate of a provider, if it has one.
std::shared_ptr<upstream::Gate> gate_of(const Snapshot* snapshot, std::string_view provider) {
  if (snapshot == nullptr) { return nullptr; }
  const std::size_t index = snapshot->find_provider(provider);
  if (index == snapshot->provider_count() || !snapshot->endpoint(index)) { return nullptr; }
  return snapshot->endpoint(index)->gate;
}

/// The server of a section `redis` that is enabled.
Result<std::shared_ptr<const redis::Server>> server_of(const config::Redis& config) {
  auto server = std::make_shared<redis::Server>();
  if (const std::size_t colon = config.address.rfind(':'); colon != std::string::npos) {
    server->host = config.address.substr(0, colon);
    // Checked when it was read: a number from 1 to 65535.
    server->port = static_cast<std::uint16_t>(std::stoul(config.address.substr(colon + 1)));
  }
  if (server->host.starts_with('[')) {
    server->host = server->host.substr(1, server->host.size() - 2);
  }
  server->username = config.username;
  server->password = config.password;
  server->db = config.db;
  server->timeout = config.timeout;
  if (config.use_tls) {
    auto tls = net::TlsContext::make(
        {.ca_file = config.tls.ca_file, .insecure_skip_verify = config.tls.insecure_skip_verify});
    if (!tls) { return std::unexpected(std::move(tls).error()); }
    server->tls = *std::move(tls);
  }
  return server;
}

}  // namespace

Result<std::shared_ptr<const Snapshot>> Snapshot::make(config::Config config,
                                                       const config::Environment& env,
                                                       const Snapshot* before,
                                                       credential::Keeper* keeper,
                                                       std::shared_ptr<const plugin::Chain> chain) {
  std::shared_ptr<Snapshot> made(new Snapshot());
  made->chain_ = chain ? std::move(chain) : std::make_shared<const plugin::Chain>();
  made->config_ = std::move(config);
  for (config::Provider& each : made->config_.providers) {
    credential::complete(each, env);
    if (auto added = made->add(each, env, before, keeper); !added) {
      return fail(Errc::bad_config, "providers." + each.name + ": " + added.error().detail);
    }
    made->usable_ = made->usable_ || each.off.empty();
  }
  made->router_ = std::make_unique<routing::Router>(
      made->config_, before != nullptr ? before->router_.get() : nullptr);
  for (const std::string& each : made->config_.ratelimit.trusted_proxies) {
    if (const auto network = limit::Network::parse(each)) {
      made->trusted_proxies_.push_back(*network);
    }
  }
  made->body_redaction_ = std::make_unique<const BodyRedaction>(made->config_);
  if (const config::Redis& redis = made->config_.ratelimit.redis; redis.enabled) {
    const bool same = before != nullptr && before->config_.ratelimit.redis == redis;
    auto server = same ? before->redis_ : server_of(redis);
    if (!server) {
      return fail(Errc::bad_config, "plugins.ratelimit.redis: " + server.error().detail);
    }
    made->redis_ = *std::move(server);
  }
  made->list_models();
  return made;
}

Result<void> Snapshot::add(const config::Provider& config, const config::Environment& env,
                           const Snapshot* before, credential::Keeper* keeper) {
  auto provider = provider::make_provider(config);
  if (!provider) { return std::unexpected(std::move(provider).error()); }
  std::shared_ptr<const upstream::Endpoint> endpoint;
  std::shared_ptr<const credential::Store> credential;
  if (config.off.empty() && config.type != config::ProviderType::mock) {
    auto reached = make_endpoint(**provider, env, gate_of(before, config.name));
    if (!reached) { return std::unexpected(std::move(reached).error()); }
    endpoint = *std::move(reached);
    if ((*provider)->needs_credential()) {
      credential = keeper != nullptr ? keeper->keep(config, env)
                                     : std::make_shared<credential::Store>("none is kept");
    }
  }
  providers_.push_back(*std::move(provider));
  endpoints_.push_back(std::move(endpoint));
  credentials_.push_back(std::move(credential));
  return {};
}

std::size_t Snapshot::find_provider(std::string_view name) const noexcept {
  const auto found = std::ranges::find(config_.providers, name, &config::Provider::name);
  return static_cast<std::size_t>(found - config_.providers.begin());
}

void Snapshot::list_models() {
  const auto add = [this](std::string_view id, std::string_view owner) {
    models_.insert(id);
    if (std::ranges::find(listed_, id, &ListedModel::id) == listed_.end()) {
      listed_.push_back({std::string(id), std::string(owner)});
    }
  };
  for (const config::Route& route : config_.routing.models) {
    add(route.model,
        route.providers.empty() ? std::string_view("butter") : route.providers[0].provider);
    for (const config::RouteTarget& target : route.providers) {
      if (!target.model.empty()) { models_.insert(target.model); }
    }
  }
  for (const config::Provider& provider : config_.providers) {
    for (const auto& [name, upstream] : provider.models) {
      add(name, provider.name);
      models_.insert(upstream);
    }
    for (const config::Key& key : provider.keys) {
      models_.insert(key.models.begin(), key.models.end());
    }
  }
  model_list_ = R"({"object":"list","data":[)";
  for (const ListedModel& model : listed_) {
    if (model_list_.back() == '}') { model_list_ += ','; }
    model_list_ += render_model(model.id, model.owner);
  }
  model_list_ += "]}\n";
}

std::string Snapshot::model_object(std::string_view id) const {
  const auto found = std::ranges::find(listed_, id, &ListedModel::id);
  return found != listed_.end() ? render_model(found->id, found->owner) : std::string{};
}

}  // namespace butter::gateway
