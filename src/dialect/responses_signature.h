#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "dialect/conversation.h"

namespace butter::dialect {

/// A provider's signatures travel through a responses caller in `encrypted_content` of reasoning
/// items, which callers send back as they got them:
///
///   butter.thinking.<signature>  of the thinking whose text is the item's summary
///   butter.redacted.<data>       thinking that is not shown; the summary is empty
///   butter.call.<signature>      of the function call that follows; the summary is empty
///
/// What comes after the second point is the provider's own text, unchanged.
struct CarriedSignature {
  enum class Kind : std::uint8_t { thinking, redacted, call };
  Kind kind = Kind::thinking;
  Text text;
};

/// \return the words to put before the provider's text
[[nodiscard]] std::string_view signature_prefix(CarriedSignature::Kind kind) noexcept;

/// \return nothing when it is not of this gateway's making: another provider's reasoning
[[nodiscard]] std::optional<CarriedSignature> carried_signature(Text encrypted_content) noexcept;

}  // namespace butter::dialect
