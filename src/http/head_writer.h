#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/buffer.h"

namespace butter::http {

// Each function appends one line of a head. What they are given must hold no control bytes (tokens
// for methods and names, is_field_value for values): nothing is checked here, so text from outside
// is checked where it comes in.

/// What ends a chunked body without trailers.
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

/// The size of the largest chunk head: 16 digits and CRLF.
inline constexpr std::size_t kMostChunkHead = 18;

/// Appends `pieces` one behind the other, with one look at the room. Inlined, so that the sizes of
/// literals are known.
template <std::convertible_to<std::string_view>... Pieces>
[[gnu::always_inline]] inline void append_all(Buffer& out, const Pieces&... pieces) {
  const std::size_t size = (std::size_t{0} + ... + std::string_view(pieces).size());
  char* at = out.prepare(size);
  ((at += std::string_view(pieces).copy(at, std::string_view::npos)), ...);
  out.commit(size);
}

/// "POST /v1/x HTTP/1.1": the target is given in one or more pieces.
template <std::convertible_to<std::string_view>... Pieces>
void write_request_line(Buffer& out, std::string_view method, const Pieces&... target) {
  append_all(out, method, " ", target..., " HTTP/1.1\r\n");
}

/// "HTTP/1.1 200 OK". `status` is 100 to 999.
void write_status_line(Buffer& out, std::uint16_t status, std::string_view reason);

void write_field(Buffer& out, std::string_view name, std::string_view value);
/// The value in decimal, as Content-Length has it.
void write_field(Buffer& out, std::string_view name, std::uint64_t value);

/// The blank line.
inline void end_head(Buffer& out) {
  append_all(out, "\r\n");
}

/// Writes the size line of a chunk: hexadecimal, CRLF. CRLF goes behind the chunk's bytes too.
/// \param out   at least kMostChunkHead bytes
/// \param size  of the chunk, not 0 (that is kLastChunk)
/// \return the bytes written
[[nodiscard]] std::size_t write_chunk_head(char* out, std::size_t size) noexcept;

}  // namespace butter::http
