#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/buffer.h"

namespace butter::json {

/// Appends one JSON value to a buffer, and minds the commas. Calls nest as the text does; nothing
/// checks that they do. Thread: worker-local.
class Writer {
 public:
  explicit Writer(Buffer& out) noexcept : out_(out) {}

  Writer& begin_object() { return open('{'); }
  Writer& end_object() { return close('}'); }
  Writer& begin_array() { return open('['); }
  Writer& end_array() { return close(']'); }
  /// \param name  needs no escapes
  Writer& key(std::string_view name) {
    put("\"", name, "\":");
    comma_ = false;
    return *this;
  }

  Writer& string(std::string_view text);  ///< any text, escaped here
  /// What stands between a JSON string's quotes.
  Writer& escaped(std::string_view text) { return put("\"", text, "\""); }
  /// A complete value, as it is.
  Writer& raw(std::string_view json) { return put("", json, ""); }
  Writer& number(std::int64_t value);
  Writer& boolean(bool value) { return raw(value ? "true" : "false"); }
  Writer& null() { return raw("null"); }

  /// A string made of several escaped pieces: open_string(), more(), ..., close_string().
  Writer& open_string() { return put("\"", "", ""); }
  Writer& more(std::string_view escaped_piece) {
    out_.append(escaped_piece);
    return *this;
  }
  Writer& close_string() {
    out_.push_back('"');
    return *this;
  }

 private:
  Writer& open(char bracket) {
    raw({&bracket, 1});
    comma_ = false;
    return *this;
  }
  Writer& close(char bracket) {
    out_.push_back(bracket);
    comma_ = true;
    return *this;
  }

  /// A value with what stands around it, behind a comma where one is due.
  template <std::size_t before_size, std::size_t after_size>
  Writer& put(const char (&before)[before_size], std::string_view value,
              const char (&after)[after_size]) {
    char* const begin = out_.prepare(before_size + value.size() + after_size);
    char* at = begin;
    *at = ',';
    at += comma_ ? 1 : 0;
    std::memcpy(at, before, before_size - 1);
    at += before_size - 1;
    at = std::copy(value.begin(), value.end(), at);
    std::memcpy(at, after, after_size - 1);
    at += after_size - 1;
    out_.commit(static_cast<std::size_t>(at - begin));
    comma_ = true;
    return *this;
  }

  Buffer& out_;
  bool comma_ = false;  ///< a value stands before this place, on the same level
};

}  // namespace butter::json
