#pragma once

#include <cstdint>
#include <string_view>

#include "base/buffer.h"

namespace butter::json {

/// Appends one JSON value to a buffer, and minds the commas. Calls nest as the text does; nothing
/// checks that they do. Thread: worker-local.
class Writer {
 public:
  explicit Writer(Buffer& out) noexcept : out_(out) {}

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  /// \param name  needs no escapes
  Writer& key(std::string_view name);

  Writer& string(std::string_view text);   ///< any text, escaped here
  Writer& escaped(std::string_view text);  ///< what stands between a JSON string's quotes
  Writer& raw(std::string_view json);      ///< a complete value, as it is
  Writer& number(std::int64_t value);
  Writer& boolean(bool value);
  Writer& null();

  /// A string made of several escaped pieces: open_string(), more(), ..., close_string().
  Writer& open_string();
  Writer& more(std::string_view escaped_piece);
  Writer& close_string();

 private:
  void separate();

  Buffer& out_;
  bool comma_ = false;  ///< a value stands before this place, on the same level
};

}  // namespace butter::json
