#pragma once

#include <string>

namespace butter::dialect {

/// docs/dialects.md: what becomes of each field of each caller's dialect at each provider's, made
/// of the tables that requests are read and written by.
[[nodiscard]] std::string tables_page();

}  // namespace butter::dialect
