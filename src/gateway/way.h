#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "gateway/client_request.h"
#include "provider/provider.h"

namespace butter::gateway {

/// How a request reaches a model of a provider.
enum class Way : std::uint8_t {
  none,         ///< not at all: the provider has nothing of the kind
  relayed,      ///< the caller's bytes, at the caller's path
  readdressed,  ///< the caller's bytes but for what the provider wants otherwise, at its own path
  translated,   ///< said in the model's dialect
  embeddings,   ///< embeddings, asked for in the model's own shape
  counted,      ///< tokens, which are estimated here
};

/// \param model  the provider's name for it
[[nodiscard]] Way way_to(const provider::Provider& provider, const ClientRequest& request,
                         std::string_view model);

/// What of the request is lost on that way, by the caller's names: "seed,user"; "" = nothing.
/// \param strict  nothing may be
/// \errors bad_request: the request makes no sense, or something in it cannot be said and must not
/// be lost
[[nodiscard]] Result<std::string> lost_on(Way way, const provider::Provider& provider,
                                          ClientRequest& request, std::string_view model,
                                          bool strict);

}  // namespace butter::gateway
