#pragma once

#include <string_view>

#include "base/buffer.h"

namespace butter::dialect {

/// Appends a JSON value that may stand on several lines, or be cut by an event's `data:`, as one
/// line: what an event's data must be. \param json  well-formed; its strings hold no line ends
void append_one_line(Buffer& out, std::string_view json);

}  // namespace butter::dialect
