#pragma once

#include <random>
#include <span>
#include <string>

namespace butter::differential {

/// A variant of `head`: one to three changes of a byte, a line or a borrowed line of `others`.
/// The same generator state gives the same variant on every system.
[[nodiscard]] std::string mutate(std::string head, std::span<const std::string> others,
                                 std::mt19937_64& random);

}  // namespace butter::differential
