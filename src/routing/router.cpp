#include "routing/router.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <span>
#include <utility>

#include "base/strings.h"
#include "routing/strategy.h"

namespace butter::routing {

struct Router::Entry {
  struct Target {
    std::uint16_t provider = 0;
    std::string_view model;  ///< the target's own; "" = none given
    std::string_view
        upstream;  ///< what goes upstream: the target's own, the alias, or the caller's
    double weight = 1;
    bool usable = true;
  };
  const config::Route* route = nullptr;
  config::Strategy strategy = config::Strategy::priority;
  std::vector<Target> targets;
  std::unique_ptr<Hedge> hedge;  ///< nullptr = the route does not hedge
  mutable std::atomic<std::uint32_t> turn{0};
};

namespace {

/// Whether what was learnt of one provider holds for the other.
bool same_upstream(const config::Provider& a, const config::Provider& b) {
  return a.name == b.name && a.base_url == b.base_url &&
         std::ranges::equal(a.keys, b.keys, {}, &config::Key::key, &config::Key::key);
}

/// The provider's own name for the model where it has one.
std::string_view alias_or(const config::Provider& provider, std::string_view model) {
  const auto alias = provider.models.find(model);
  return alias != provider.models.end() ? std::string_view(alias->second) : model;
}

std::unexpected<Error> off(const config::Provider& provider) {
  return fail(Errc::unavailable,
              "provider " + quoted(provider.name) + " is unavailable: " + provider.off);
}

}  // namespace

Router::Router(const config::Config& config, const Router* before) : config_(config) {
  for (std::size_t i = 0; i < config.providers.size(); ++i) {
    const config::Provider& provider = config.providers[i];
    providers_.add(provider.name, static_cast<std::uint16_t>(i));
    std::shared_ptr<ProviderHealth> health;
    if (const auto old = before != nullptr ? before->find_provider(provider.name) : std::nullopt) {
      const bool stays = same_upstream(provider, before->config_.providers[*old]) &&
                         before->health_[*old]->fits(config.routing.breaker, provider.keys.size());
      if (stays) { health = before->health_[*old]; }
    }
    if (!health) {
      health = std::make_shared<ProviderHealth>(config.routing.breaker, provider.keys.size());
    }
    health_.push_back(std::move(health));
  }
  providers_.seal();
  if (config.routing.patience.hedge.enabled) {
    hedge_ = std::make_unique<Hedge>(config.routing.patience.hedge);
  }
  build_routes();
  build_aliases();
}

Router::~Router() = default;

void Router::build_routes() {
  for (const config::Route& route : config_.routing.models) {
    auto entry = std::make_unique<Entry>();
    entry->strategy = route.strategy;
    entry->route = &route;
    if (route.patience.hedge.enabled) {
      entry->hedge = std::make_unique<Hedge>(route.patience.hedge);
    }
    for (const config::RouteTarget& target : route.providers) {
      const auto provider = providers_.find(target.provider);
      if (!provider || entry->targets.size() == Candidates::kMost) { continue; }
      entry->targets.push_back(
          {.provider = *provider,
           .model = target.model,
           .upstream = target.model.empty() ? alias_or(config_.providers[*provider], route.model)
                                            : std::string_view(target.model),
           .weight = target.weight,
           .usable = config_.providers[*provider].off.empty()});
    }
    routes_.add(route.model, static_cast<std::uint16_t>(entries_.size()));
    entries_.push_back(std::move(entry));
  }
  routes_.seal();
}

void Router::build_aliases() {
  std::map<std::string_view, std::vector<std::uint16_t>> owners;
  for (std::size_t i = 0; i < config_.providers.size(); ++i) {
    for (const auto& [alias, name] : config_.providers[i].models) {
      owners[alias].push_back(static_cast<std::uint16_t>(i));
    }
  }
  for (auto& [alias, providers] : owners) {
    if (providers.size() > 1) {
      std::erase_if(providers, [&](std::uint16_t p) { return !config_.providers[p].off.empty(); });
    }
    if (providers.size() == 1) { aliases_.add(alias, providers.front()); }
  }
  aliases_.seal();
}

const Router::Entry* Router::find_route(std::string_view model) const noexcept {
  const auto position = routes_.find(model);
  if (!position || entries_[*position]->targets.empty()) { return nullptr; }
  return entries_[*position].get();
}

std::string_view Router::upstream_name(std::uint16_t provider,
                                       std::string_view model) const noexcept {
  if (const Entry* route = find_route(model)) {
    const auto target = std::ranges::find(route->targets, provider, &Entry::Target::provider);
    if (target != route->targets.end() && !target->model.empty()) { return target->model; }
  }
  return alias_or(config_.providers[provider], model);
}

Result<Candidates> Router::only(std::uint16_t provider, std::string_view model) const {
  if (!config_.providers[provider].off.empty()) { return off(config_.providers[provider]); }
  Candidates result = on_terms_of(find_route(model));
  result.items[0] = {.provider = provider, .model = upstream_name(provider, model)};
  result.count = 1;
  return result;
}

Candidates Router::on_terms_of(const Entry* route) const {
  Candidates result;
  result.strict = route != nullptr ? route->route->strict : config_.routing.strict;
  result.patience = route != nullptr ? &route->route->patience : &config_.routing.patience;
  result.hedge = route != nullptr ? route->hedge.get() : hedge_.get();
  return result;
}

Candidates Router::exactly(std::uint16_t provider) const {
  Candidates result = on_terms_of(nullptr);
  result.items[0].provider = provider;
  result.count = 1;
  return result;
}

Result<Candidates> Router::candidates(std::string_view model, std::string_view provider,
                                      Random& random) const {
  if (!provider.empty()) {
    const auto named = providers_.find(provider);
    if (!named) { return fail(Errc::not_found, "provider " + quoted(provider) + " not found"); }
    return only(*named, model);
  }
  if (!model.empty()) {
    if (const Entry* route = find_route(model)) { return of_route(*route, random); }
    const std::size_t slash = model.find('/');
    if (slash != std::string_view::npos && slash + 1 < model.size()) {
      const auto prefix = providers_.find(model.substr(0, slash));
      if (prefix) { return only(*prefix, model.substr(slash + 1)); }
    }
    if (const auto owner = aliases_.find(model)) { return only(*owner, model); }
  }
  const std::string& standard = config_.routing.default_provider;
  if (standard.empty()) { return fail(Errc::unknown_model, unknown_model_text(model)); }
  const auto found = providers_.find(standard);
  if (!found) { return fail(Errc::not_found, "provider " + quoted(standard) + " not found"); }
  return only(*found, model);
}

Result<Candidates> Router::of_route(const Entry& route, Random& random) const {
  std::array<Ranked, Candidates::kMost> order;
  std::size_t count = 0;
  for (std::size_t i = 0; i < route.targets.size(); ++i) {
    const Entry::Target& target = route.targets[i];
    if (!target.usable) { continue; }
    order[count++] = {.target = static_cast<std::uint16_t>(i),
                      .weight = target.weight,
                      .latency_ns = health_[target.provider]->latency_ns()};
  }
  if (count == 0) { return off(config_.providers[route.targets.front().provider]); }
  arrange(route.strategy, std::span(order).first(count), route.turn, random);

  Candidates result = on_terms_of(&route);
  result.count = count;
  result.measure = route.strategy == config::Strategy::least_latency;
  for (std::size_t i = 0; i < count; ++i) {
    const Entry::Target& target = route.targets[order[i].target];
    result.items[i] = {.provider = target.provider, .model = target.upstream};
  }
  return result;
}

std::string Router::unknown_model_text(std::string_view model) const {
  if (model.empty()) { return "no default provider configured"; }
  std::vector<std::string> names;
  names.reserve(config_.routing.models.size());
  for (const config::Route& route : config_.routing.models) { names.push_back(route.model); }
  for (const config::Provider& provider : config_.providers) {
    for (const auto& [alias, name] : provider.models) { names.push_back(alias); }
  }
  // An alias may be a route too, or stand with several providers; nobody wants to read it twice,
  // nor the name that was asked for.
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  std::erase(names, model);
  std::string text = "no provider configured for model " + quoted(model);
  constexpr std::size_t kSuggestions = 2;
  std::string_view before = "; did you mean ";
  for (const std::string& name : nearest(model, names, kSuggestions)) {
    text.append(before).append(quoted(name));
    before = ", ";
  }
  if (before == ", ") { text += '?'; }
  return text;
}

}  // namespace butter::routing
