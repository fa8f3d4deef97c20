#pragma once

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "config/config.h"
#include "routing/health.h"

namespace butter::routing {

/// Keys of one provider that can be told apart; further ones are never drawn.
inline constexpr std::size_t kMostKeys = 256;
using KeySet = std::bitset<kMostKeys>;

/// The keys of one provider as one request sees them. A view: cheap to make, holds no state.
///
/// A key is eligible when its weight is above 0 and its allowlist is empty or holds the caller's or
/// the upstream's name for the model, exactly. Thread: worker-local.
class KeyRing {
 public:
  KeyRing(std::span<const config::Key> keys, ProviderHealth& health, std::string_view caller_model,
          std::string_view upstream_model)
      : keys_(keys.first(std::min(keys.size(), kMostKeys))),
        health_(health),
        caller_model_(caller_model),
        upstream_model_(upstream_model) {}

  /// An eligible key outside of `tried` that does not cool down, drawn by weight.
  [[nodiscard]] std::optional<int> draw(const KeySet& tried, TimePoint now, Random& random) const;
  /// An eligible key: one that does not cool down, else the one whose time ends first.
  [[nodiscard]] std::optional<int> draw_any(TimePoint now, Random& random) const;

 private:
  [[nodiscard]] bool eligible(const config::Key& key) const;
  [[nodiscard]] bool cools(std::size_t index, TimePoint now) const;

  std::span<const config::Key> keys_;
  ProviderHealth& health_;
  std::string_view caller_model_;
  std::string_view upstream_model_;
};

}  // namespace butter::routing
