#pragma once

#include <string_view>

#include "dialect/conversation.h"

namespace butter::dialect {

// Each provider takes the signatures of its own thinking only, and answers 400 to others. So that a
// conversation can go on elsewhere after a failover, what Google signed is marked in callers'
// hands: "google.<signature>". What has no mark, Anthropic signed, or somebody who relays it.
// Anthropic's are base64, in which there is no point.

inline constexpr std::string_view kGoogleSigned = "google.";

/// \return what Google may be sent back; "" for what it did not sign
[[nodiscard]] inline Text google_signature(Text signature) noexcept {
  if (!signature.escaped.starts_with(kGoogleSigned)) { return {}; }
  return {signature.escaped.substr(kGoogleSigned.size())};
}

/// \return what the others may be sent back; "" for what Google signed
[[nodiscard]] inline Text signature_of_others(Text signature) noexcept {
  return signature.escaped.starts_with(kGoogleSigned) ? Text{} : signature;
}

}  // namespace butter::dialect
