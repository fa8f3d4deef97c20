#include "dialect/responses_signature.h"

#include <array>

namespace butter::dialect {

namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 3> kPrefixes{"butter.thinking.", "butter.redacted.",
                                                    "butter.call."};

}  // namespace

std::string_view signature_prefix(CarriedSignature::Kind kind) noexcept {
  return kPrefixes[static_cast<std::size_t>(kind)];
}

std::optional<CarriedSignature> carried_signature(Text encrypted_content) noexcept {
  for (std::size_t i = 0; i < kPrefixes.size(); ++i) {
    if (!encrypted_content.escaped.starts_with(kPrefixes[i])) { continue; }
    return CarriedSignature{.kind = static_cast<CarriedSignature::Kind>(i),
                            .text = {encrypted_content.escaped.substr(kPrefixes[i].size())}};
  }
  return std::nullopt;
}

}  // namespace butter::dialect
