#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "config/config.h"
#include "config/load.h"
#include "credential/keeper.h"
#include "gateway/body_redaction.h"
#include "limit/ip.h"
#include "plugin/chain.h"
#include "provider/provider.h"
#include "redis/server.h"
#include "routing/router.h"
#include "upstream/endpoint.h"

namespace butter::gateway {

/// One configuration, ready to serve requests. A request keeps the one it began with.
/// Thread: any (immutable, but for the Router's health words).
class Snapshot {
 public:
  /// \param before  the one in force, whose health and gates are taken over; nullptr at start
  /// \param keeper  of the credentials that must be fetched; nullptr: there are none
  /// \param chain  the configuration's plugins; nullptr: none
  /// \errors bad_config: a base_url, proxy or certificate file that cannot be used.
  [[nodiscard]] static Result<std::shared_ptr<const Snapshot>> make(
      config::Config config, const config::Environment& env, const Snapshot* before,
      credential::Keeper* keeper = nullptr, std::shared_ptr<const plugin::Chain> chain = nullptr);

  [[nodiscard]] const config::Config& config() const noexcept { return config_; }
  [[nodiscard]] const routing::Router& router() const noexcept { return *router_; }
  [[nodiscard]] const provider::Provider& provider(std::size_t index) const {
    return *providers_[index];
  }
  [[nodiscard]] std::size_t provider_count() const noexcept { return providers_.size(); }
  /// nullptr for a provider without a network (mock) or one that is off.
  [[nodiscard]] const std::shared_ptr<const upstream::Endpoint>& endpoint(std::size_t index) const {
    return endpoints_[index];
  }
  /// nullptr for a provider that is asked with keys of the configuration.
  [[nodiscard]] const std::shared_ptr<const credential::Store>& credential(
      std::size_t index) const {
    return credentials_[index];
  }
  /// The index of a provider by name; provider_count() when there is none.
  [[nodiscard]] std::size_t find_provider(std::string_view name) const noexcept;

  /// Whether the configuration names the model: such names are labels of metrics.
  [[nodiscard]] bool names_model(std::string_view model) const { return models_.contains(model); }
  /// Of plugins.ratelimit.
  [[nodiscard]] const std::vector<limit::Network>& trusted_proxies() const noexcept {
    return trusted_proxies_;
  }
  /// Never nullptr.
  [[nodiscard]] const std::shared_ptr<const plugin::Chain>& chain() const noexcept {
    return chain_;
  }
  /// Of plugins.requestlog.
  [[nodiscard]] const BodyRedaction& body_redaction() const noexcept { return *body_redaction_; }
  /// Where the buckets of plugins.ratelimit are shared; nullptr = nowhere. The same one as before
  /// when nothing about it has changed.
  [[nodiscard]] const std::shared_ptr<const redis::Server>& redis() const noexcept {
    return redis_;
  }
  /// A provider can be reached at all.
  [[nodiscard]] bool usable() const noexcept { return usable_; }

  /// The body of GET /v1/models.
  [[nodiscard]] const std::string& model_list() const noexcept { return model_list_; }
  /// The object of GET /v1/models/{id}; "" when there is none.
  [[nodiscard]] std::string model_object(std::string_view id) const;

 private:
  struct ListedModel {
    std::string id;
    std::string owner;
  };
  Snapshot() = default;
  [[nodiscard]] Result<void> add(const config::Provider& config, const config::Environment& env,
                                 const Snapshot* before, credential::Keeper* keeper);
  void list_models();

  config::Config config_;
  std::unique_ptr<routing::Router> router_;
  std::vector<std::unique_ptr<provider::Provider>> providers_;
  std::vector<std::shared_ptr<const upstream::Endpoint>> endpoints_;
  std::vector<std::shared_ptr<const credential::Store>> credentials_;
  std::vector<limit::Network> trusted_proxies_;
  std::shared_ptr<const plugin::Chain> chain_;
  std::unique_ptr<const BodyRedaction> body_redaction_;
  std::shared_ptr<const redis::Server> redis_;
  std::unordered_set<std::string_view> models_;
  std::vector<ListedModel> listed_;
  std::string model_list_;
  bool usable_ = false;
};

}  // namespace butter::gateway
