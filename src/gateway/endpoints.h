#pragma once

#include <memory>

#include "base/result.h"
#include "config/load.h"
#include "provider/provider.h"
#include "upstream/endpoint.h"

namespace butter::gateway {

/// The endpoint of a provider: where to connect, through which proxy (the provider's, else
/// HTTPS_PROXY or HTTP_PROXY, unless NO_PROXY names the host), with which trust.
/// \param gate  of the provider in the configuration before, which still counts its requests;
///              nullptr = none
/// \errors bad_config: what is wrong with the proxy's URL or the certificate file.
[[nodiscard]] Result<std::shared_ptr<const upstream::Endpoint>> make_endpoint(
    const provider::Provider& provider, const config::Environment& env,
    std::shared_ptr<upstream::Gate> gate = nullptr);

/// Whether a NO_PROXY list holds a host: names match themselves and what is below them, with or
/// without a leading dot; "*" is everything.
[[nodiscard]] bool is_exempt(std::string_view no_proxy, std::string_view host);

}  // namespace butter::gateway
