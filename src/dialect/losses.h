#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "dialect/codec.h"

namespace butter::dialect {

/// What of a request the provider's dialect cannot say, by the caller's names, in the order of
/// Feature; unknown top-level fields last. Views into the conversation and into constants.
/// \errors bad_request: a feature that is refused: `"n" cannot be sent to provider dialect gemini:
/// <why>`; with `strict` any that would be dropped.
[[nodiscard]] Result<std::vector<std::string_view>> losses(const Conversation& conversation,
                                                           const ProviderDialect& provider,
                                                           bool strict);

}  // namespace butter::dialect
