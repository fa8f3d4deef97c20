#pragma once

#include <cstdint>
#include <string_view>

#include "http/head.h"

namespace butter::http {

/// What becomes of chunk extensions (RFC 9112, section 7.1.1).
enum class ChunkExtensions : std::uint8_t {
  skipped,  ///< at most 256 bytes a chunk, printable ASCII only
  refused,  ///< bad framing: no client needs them, and readers that disagree on where their line
            ///< ends take one request for two
};

/// Reads a body off the front of the bytes as they arrive.
///
///   BodyReader reader(head.framing);
///   while (true) {
///     std::string_view piece;
///     switch (reader.next(bytes, piece)) { case piece: use(piece); ... }
///   }
///
/// A piece is a view into the given bytes. Chunked: sizes are hexadecimal, at most 16 digits, no
/// sign, no blanks; trailers are read and dropped (bounded at 8 KiB); a line ends with CRLF only.
/// Thread: worker-local.
class BodyReader {
 public:
  enum class Step : std::uint8_t {
    piece,      ///< `piece` holds body bytes; call again
    need_more,  ///< `bytes` is used up, the body goes on
    done,       ///< the body ended; what is left in `bytes` belongs to the next message
    bad,        ///< bad chunk framing
  };

  BodyReader() = default;
  explicit BodyReader(Framing framing,
                      ChunkExtensions extensions = ChunkExtensions::skipped) noexcept;

  /// Takes bytes from the front of `bytes`; sets `piece` when it returns Step::piece.
  [[nodiscard]] Step next(std::string_view& bytes, std::string_view& piece) noexcept;

  /// The connection ended here. True when that is a proper end of the body (until_close, or done).
  [[nodiscard]] bool may_end_here() const noexcept;
  [[nodiscard]] bool done() const noexcept { return state_ == State::done; }
  /// Bytes still owed under Kind::length; 0 otherwise.
  [[nodiscard]] std::uint64_t remaining() const noexcept;

 private:
  enum class State : std::uint8_t {
    length,
    until_close,
    chunk_size,
    chunk_extension,
    chunk_size_lf,
    chunk_data,
    chunk_data_cr,
    chunk_data_lf,
    trailer_start,
    trailer_name,
    trailer_line,
    trailer_lf,
    end_lf,
    done,
    bad,
  };

  [[nodiscard]] std::string_view take_piece(std::string_view& bytes) noexcept;
  // The state behind one byte of framing; counts digits and lengths on the way.
  [[nodiscard]] State after_byte(char c) noexcept;
  [[nodiscard]] State after_size_byte(char c) noexcept;
  [[nodiscard]] State after_trailer_byte(char c) noexcept;

  State state_ = State::done;
  ChunkExtensions extensions_ = ChunkExtensions::skipped;
  std::uint8_t digits_ = 0;       ///< of the chunk size being read
  std::uint16_t line_bytes_ = 0;  ///< of the extension or trailers being skipped
  std::uint64_t left_ = 0;        ///< of the body or of the chunk
};

}  // namespace butter::http
