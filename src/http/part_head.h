#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace butter::http {

/// Which field of a form a part is.
enum class PartField : std::uint8_t {
  other,  ///< a field of no interest, or a file
  model,
  stream,
};

/// Reads the head of one part of a form (RFC 7578, section 4.2).
/// \param bytes  the field lines with their CRLFs, and the blank line
/// \return nullopt where the head is malformed or could be read in two ways: no or two
///         Content-Dispositions, a type other than form-data, no or two names, a name with escapes,
///         a transfer encoding on a field of interest
[[nodiscard]] std::optional<PartField> parse_part_head(std::string_view bytes);

}  // namespace butter::http
