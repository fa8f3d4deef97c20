#pragma once

#include <string>

namespace butter::provider::test {

/// The name of a row in a table-driven test.
inline constexpr auto name_of = [](const auto& row) { return std::string(row.param.name); };

}  // namespace butter::provider::test
