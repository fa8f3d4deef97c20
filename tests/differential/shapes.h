#pragma once

#include <string_view>

#include "differential/reading.h"

namespace butter::differential {

/// The name of the shape for which Butter refuses a head that llhttp takes; "" when there is none.
/// Judges the bytes and what llhttp read, never what Butter says. stricter.txt gives the reasons.
[[nodiscard]] std::string_view shape_of(Kind kind, std::string_view head, const Reading& llhttp);

}  // namespace butter::differential
