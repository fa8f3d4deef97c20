#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace butter::redis {

/// A reply of the server. Texts are views into what was parsed. Thread: any (immutable).
struct Reply {
  enum class Kind : std::uint8_t { nil, status, error, integer, text, array };
  Kind kind = Kind::nil;
  std::string_view text{};     ///< of status ("OK"), error ("NOSCRIPT No matching..."), text
  std::int64_t integer = 0;    ///< of integer
  std::vector<Reply> items{};  ///< of array

  [[nodiscard]] bool is_error() const noexcept { return kind == Kind::error; }
  /// The item's integer; 0 when there is no such item, or when it is none.
  [[nodiscard]] std::int64_t integer_at(std::size_t index) const noexcept {
    return index < items.size() ? items[index].integer : 0;
  }
};

/// How parse_reply() ended.
enum class Parsed : std::uint8_t { whole, more, bad };

/// Reads the reply that `bytes` begin with, in version 2 of the protocol.
/// \param size  with `whole`, how many bytes it took
/// \return more: it is not whole yet; bad: these bytes begin no reply, or one of more than
///         kMostText bytes in one text, kMostItems items or kDeepest arrays in one another
/// \source redis.io/docs/latest/develop/reference/protocol-spec
[[nodiscard]] Parsed parse_reply(std::string_view bytes, Reply& reply, std::size_t& size);

inline constexpr std::size_t kMostText = 64 << 20;
inline constexpr std::size_t kMostItems = 4096;
inline constexpr int kDeepest = 8;

}  // namespace butter::redis
