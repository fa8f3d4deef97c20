#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "config/config.h"
#include "routing/health.h"
#include "routing/hedge.h"
#include "routing/name_index.h"

namespace butter::routing {

/// One way to serve a request: a provider (index into Config::providers) and its name for the
/// model.
struct Candidate {
  std::uint16_t provider = 0;
  std::string_view model;  ///< what goes upstream; into the Config or the caller's text
};

/// The candidates of one request, in the order to try them. Fixed room, no allocation.
struct Candidates {
  static constexpr std::size_t kMost = 16;
  std::array<Candidate, kMost> items;
  std::size_t count = 0;
  bool measure = false;  ///< the route is by latency: successes are to be timed
  bool strict = false;   ///< nothing may be dropped in a translation
  const config::Patience* patience = nullptr;  ///< how the answer is waited for; never nullptr
  Hedge* hedge = nullptr;                      ///< nullptr = no second attempt beside the first
};

/// Which providers may serve a model, and in which order. Built once for each configuration; takes
/// over the health of providers that stay (same name, base_url and keys, same breaker settings)
/// from the Router before it.
///
/// The order of the rules: a `provider` named in the body; `provider/model` where the part before
/// the first slash is a configured provider (unless routing.models has the whole name);
/// routing.models; an alias in exactly one provider's `models`; default_provider. The name that
/// goes upstream: the route target's model, else the provider's alias, else the caller's with the
/// prefix cut off. Thread: any (immutable, but for the counters of the routes and the health
/// words).
class Router {
 public:
  /// \param config  outlives the router
  /// \param before  only read here
  explicit Router(const config::Config& config, const Router* before = nullptr);
  ~Router();

  /// \param model     the caller's; "" only where the endpoint has none: then the default provider
  /// \param provider  the body's `provider` string; "" when absent
  /// \errors not_found: `provider "x" not found`; unknown_model: `no provider configured for model
  ///         "x"`, with `; did you mean ...` when something is near; unavailable: the provider is
  ///         off.
  [[nodiscard]] Result<Candidates> candidates(std::string_view model, std::string_view provider,
                                              Random& random) const;

  /// This provider, whatever it can serve: for /native.
  [[nodiscard]] Candidates exactly(std::uint16_t provider) const;

  [[nodiscard]] ProviderHealth& health(std::uint16_t provider) const { return *health_[provider]; }
  /// The index of a configured provider.
  [[nodiscard]] std::optional<std::uint16_t> find_provider(std::string_view name) const noexcept {
    return providers_.find(name);
  }

 private:
  struct Entry;  // one route: targets resolved to provider indices, strategy, counter

  void build_routes();
  void build_aliases();
  [[nodiscard]] const Entry* find_route(std::string_view model) const noexcept;
  [[nodiscard]] std::string_view upstream_name(std::uint16_t provider,
                                               std::string_view model) const noexcept;
  /// Candidates without an item yet, on the terms of a route or, with nullptr, of none.
  [[nodiscard]] Candidates on_terms_of(const Entry* route) const;
  [[nodiscard]] Result<Candidates> only(std::uint16_t provider, std::string_view model) const;
  [[nodiscard]] Result<Candidates> of_route(const Entry& route, Random& random) const;
  [[nodiscard]] std::string unknown_model_text(std::string_view model) const;

  const config::Config& config_;
  std::vector<std::shared_ptr<ProviderHealth>> health_;
  std::vector<std::unique_ptr<Entry>> entries_;  ///< as in Config::routing.models
  std::unique_ptr<Hedge> hedge_;                 ///< of models without a route
  NameIndex providers_;
  NameIndex routes_;
  NameIndex aliases_;  ///< of exactly one provider
};

}  // namespace butter::routing
