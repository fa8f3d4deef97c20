#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/config.h"

namespace butter::config {

/// A provider that needs neither `type` nor `base_url`.
struct KnownProvider {
  std::string_view name;
  ProviderType type;
  std::string_view base_url;  ///< "" where it is not used, or where there is none to assume
  std::string_view variable;  ///< the environment variable that usually holds the key; "" = none
};

/// All of them; the name of every one is also what a caller writes before "/" in a model.
[[nodiscard]] std::span<const KnownProvider> known_providers();

/// What `name` stands for, also "azureopenai" with any ending; nullopt for a name of the
/// operator's.
[[nodiscard]] std::optional<KnownProvider> find_known_provider(std::string_view name);

/// The URL of a provider of `type` under any name; nullopt where nothing can be assumed, as many
/// services speak the same dialect.
[[nodiscard]] std::optional<std::string_view> usual_base_url(ProviderType type);

}  // namespace butter::config
