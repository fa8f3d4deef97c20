#pragma once

#include <cstdint>
#include <string_view>

namespace butter::provider {

/// What one chunk of a chat or completions stream says.
struct ChunkFacts {
  bool valid = false;          ///< it is a JSON object
  bool error = false;          ///< it has an `error` of its own, beside `choices` or alone
  bool content = false;        ///< a delta or text that is not empty, a finish_reason, a usage
  bool choices = false;        ///< it has any
  std::string_view usage;      ///< its value, when it says something
  std::uint64_t seen = 0;      ///< bit per index of the choices in it; above 63 counts as 63
  std::uint64_t finished = 0;  ///< those with a finish_reason
};
[[nodiscard]] ChunkFacts read_chunk(std::string_view data) noexcept;

/// What one event of a responses or messages stream says about itself.
struct TypedFacts {
  bool valid = false;
  bool error = false;     ///< it has an `error` that is not empty
  std::string_view type;  ///< of the top level
};
[[nodiscard]] TypedFacts read_typed(std::string_view data) noexcept;

/// Whether a messages stream's content_block_start begins an answer: not so for an empty text or
/// thinking block, which its deltas follow.
[[nodiscard]] bool block_has_content(std::string_view data) noexcept;

}  // namespace butter::provider
