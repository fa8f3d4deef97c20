#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

namespace butter::http {

/// One header field: views into the head's bytes, the value without the blanks around it.
struct Field {
  std::string_view name;
  std::string_view value;
};

/// How the bytes after a head are delimited (RFC 9112, section 6).
struct Framing {
  enum class Kind : std::uint8_t {
    none,         ///< no body
    length,       ///< `length` bytes
    chunked,      ///< chunked transfer coding
    until_close,  ///< responses only: the connection's end is the body's end
  };
  Kind kind = Kind::none;
  std::uint64_t length = 0;
};

/// Why a head was refused. The names are the field's terms; `status_of` gives the answer to send.
enum class HeadError : std::uint8_t {
  malformed,            ///< 400; not RFC 9112, or one of the smuggling shapes
  unsupported_version,  ///< 505; not HTTP/1.0 or HTTP/1.1
  too_many_fields,      ///< 431
  unsupported_coding,   ///< 501; a transfer coding other than chunked
};
[[nodiscard]] std::uint16_t status_of(HeadError error) noexcept;

/// The fields of a head, in their order. Fixed room: no allocation. Thread: worker-local.
class Fields {
 public:
  static constexpr std::size_t kMost = 128;

  Fields() noexcept {}  // NOLINT(modernize-use-equals-default): leaves 4 KiB unwritten on purpose

  [[nodiscard]] std::span<const Field> all() const noexcept { return {fields_.data(), count_}; }
  /// The first value under `name` (any case), or nullptr.
  [[nodiscard]] const Field* find(std::string_view name) const noexcept;
  [[nodiscard]] std::string_view value(std::string_view name) const noexcept;  ///< "" when absent

  /// False when full.
  bool add(Field field) noexcept {
    if (count_ == kMost) { return false; }
    fields_[count_++] = field;
    return true;
  }
  void clear() noexcept { count_ = 0; }

 private:
  union {
    std::array<Field, kMost> fields_;  ///< only the first count_ are alive
  };
  std::size_t count_ = 0;
};

/// A parsed request head. Views point into the bytes given to parse_request_head.
struct RequestHead {
  std::string_view method;
  std::string_view
      target;  ///< as sent; origin-form ("/v1/x?y"), "*" or absolute-form reduced to its path
  std::string_view path;   ///< target up to '?'
  std::string_view query;  ///< after '?', without it; "" when absent
  bool http_1_0 = false;
  bool keep_alive = true;        ///< what the client asked for (RFC 9112, section 9.3)
  bool expect_continue = false;  ///< `Expect: 100-continue`
  Framing framing;
  Fields fields;
};

/// A parsed response head. Views point into the bytes given to parse_response_head.
struct ResponseHead {
  std::uint16_t status = 0;
  std::string_view reason;
  bool http_1_0 = false;
  bool keep_alive = true;
  Framing framing;
  Fields fields;
};

/// The length of the head at the start of `bytes`, blank line included; 0 when it is not complete.
/// Only CRLF CRLF ends a head: a bare LF never does (it is refused by the parser).
/// \param seen  bytes at the front that an earlier call has looked at already; makes byte-wise
///              arrival linear
[[nodiscard]] std::size_t find_head_end(std::string_view bytes, std::size_t seen = 0) noexcept;

/// True when a line in `bytes` ends without its CR. A head that begins so can only be refused, and
/// may never get the end that find_head_end waits for.
/// \param seen  bytes at the front that an earlier call has looked at already
[[nodiscard]] bool has_bare_lf(std::string_view bytes, std::size_t seen = 0) noexcept;

/// Parses one complete request head (what find_head_end delimited) by RFC 9112, strictly: refused
/// are bare CR or LF, NUL and control bytes, obs-fold, a space before the colon, both
/// Content-Length and Transfer-Encoding, differing or repeated lengths, tabs around these two,
/// codings other than exactly `chunked`, HTTP/1.0 with Transfer-Encoding, a missing or repeated
/// Host in HTTP/1.1, a Host that is not `host[:port]`, an absolute-form authority that differs from
/// Host, CONNECT, bytes above 0x7f anywhere.
[[nodiscard]] std::expected<void, HeadError> parse_request_head(std::string_view bytes,
                                                                RequestHead& out) noexcept;

/// Parses one complete response head. `request_was_head`: the answer has no body whatever it says.
/// As lenient as providers need and no more: an empty reason phrase may lack its space, obs-text is
/// allowed in values; ambiguous lengths are refused.
[[nodiscard]] std::expected<void, HeadError> parse_response_head(std::string_view bytes,
                                                                 bool request_was_head,
                                                                 ResponseHead& out) noexcept;

/// True for a field that belongs to one connection and is never relayed (RFC 9110, section 7.6.1):
/// Connection, Keep-Alive, Proxy-*, TE, Trailer, Transfer-Encoding, Upgrade.
[[nodiscard]] bool is_hop_by_hop(std::string_view name) noexcept;

/// True when a Connection field of the same head names `name`: it belongs to that connection and is
/// not relayed either (RFC 9110, section 7.6.1).
[[nodiscard]] bool is_named_by_connection(const Fields& fields, std::string_view name) noexcept;

/// The reason phrase of a status, "Unknown" for one that has none.
[[nodiscard]] std::string_view reason_phrase(std::uint16_t status) noexcept;

}  // namespace butter::http
