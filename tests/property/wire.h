#pragma once

#include <string>

#include "dialect/codec.h"
#include "property/generated.h"

namespace butter::property {

// An answer as a provider sends it, in one body or as a stream, of a message for each piece.
[[nodiscard]] std::string whole_of(const Answer& answer, dialect::Dialect dialect);
[[nodiscard]] std::string stream_of(const Answer& answer, dialect::Dialect dialect);

}  // namespace butter::property
