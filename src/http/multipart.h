#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/part_head.h"

namespace butter::http {

/// The boundary that a `multipart/form-data` Content-Type names (RFC 7578, section 4.1); nullopt
/// for another type, and for a boundary that RFC 2046, section 5.1.1 does not allow.
[[nodiscard]] std::optional<std::string> boundary_of(std::string_view content_type);

/// Finds the form fields `model` and `stream` in a multipart body as it arrives.
///
/// Files are passed over, never held: at most the head of one part (8 KiB) and the value of one of
/// the two fields (4 KiB) are. Strict where receivers could read another model than this one: a
/// repeated field, a bare LF in a part's head, blanks behind a boundary, a name with escapes and
/// the like make the body bad. Thread: worker-local.
class MultipartScanner {
 public:
  enum class State : std::uint8_t {
    reading,  ///< more bytes are needed
    ended,    ///< all parts were seen; what follows is ignored, but must begin on a new line
    bad,      ///< not multipart/form-data, or a field that could be read in two ways
  };

  /// Where a field's value is in the body, in bytes from its start, and what it is.
  struct Value {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::string text;
  };

  static constexpr std::size_t kMostHead = 8 * 1024;
  static constexpr std::size_t kMostValue = 4 * 1024;

  /// \param boundary  what boundary_of gave
  explicit MultipartScanner(const std::string& boundary);

  /// Reads the next bytes of the body.
  [[nodiscard]] State feed(std::string_view bytes);

  /// The field `model`, once its part has ended; nullptr until then and when there is none.
  [[nodiscard]] const Value* model() const noexcept { return model_ ? &*model_ : nullptr; }
  /// Whether the field `stream` is "true" or "1" (the two that SDKs send).
  [[nodiscard]] bool stream() const noexcept { return stream_; }

 private:
  /// What the bytes at hand are.
  enum class Place : std::uint8_t {
    content,  ///< of a part, or in front of the first boundary
    after_boundary,
    after_cr,
    after_dash,
    head,
    closed,  ///< behind the last boundary: CRLF, or the end
    closed_cr,
    epilogue,
    bad,
  };

  // The CRLF of a boundary may be missing where content begins; it is taken as seen there.
  static constexpr std::size_t kAssumed = 2;

  [[nodiscard]] State state() const noexcept;
  [[nodiscard]] std::size_t read_content(std::string_view bytes);
  [[nodiscard]] Place end_content();
  [[nodiscard]] Place after_byte(char c);
  [[nodiscard]] Place begin_content();
  void keep(std::string_view bytes);

  std::string delimiter_;  ///< CRLF, two dashes, boundary
  std::string held_;       ///< the part's head or the value being read
  std::optional<Value> model_;
  std::uint64_t offset_ = 0;  ///< of the next byte in the body
  std::uint64_t content_begin_ = 0;
  std::size_t matched_ = kAssumed;  ///< bytes of delimiter_ seen
  std::size_t assumed_ = kAssumed;  ///< of these, bytes that are not in the body
  PartField field_ = PartField::other;
  Place place_ = Place::content;
  bool in_part_ = false;  ///< content is that of a part
  bool seen_stream_ = false;
  bool stream_ = false;
};

}  // namespace butter::http
