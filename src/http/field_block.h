#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "http/head.h"

namespace butter::http {

/// Whose head is read. A response may carry obs-text (0x80 to 0xff) in values, a request may not.
enum class Side : std::uint8_t { request, response };

/// What the fields of a head say about its message and its connection.
struct FieldFacts {
  std::string_view host;     ///< as sent; may be empty although present
  std::uint64_t length = 0;  ///< of Content-Length
  bool has_host = false;
  bool host_repeated = false;
  bool has_length = false;
  bool has_chunked = false;  ///< Transfer-Encoding is exactly `chunked`
  bool close = false;        ///< Connection lists `close`
  bool keep_alive = false;   ///< Connection lists `keep-alive`
  bool expect_continue = false;

  /// What the sender asks for: the connection stays open behind this message (RFC 9112, 9.3).
  [[nodiscard]] bool keeps_alive(bool http_1_0) const noexcept {
    return !close && (!http_1_0 || keep_alive);
  }
};

/// Reads the field lines between the start line and the blank line.
/// \param bytes  from the first field to the end of the head, blank line included
/// \errors malformed: not RFC 9112, section 5; a repeated Host, Content-Length or
/// Transfer-Encoding;
///         a Content-Length that is not a plain number; both lengths at once.
///         too_many_fields, unsupported_coding
[[nodiscard]] std::expected<FieldFacts, HeadError> parse_field_block(std::string_view bytes,
                                                                     Side side,
                                                                     Fields& out) noexcept;

}  // namespace butter::http
