#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "crypto/crc32.h"

namespace butter::test {

using EventStreamHeader = std::pair<std::string_view, std::string_view>;

inline std::string big_endian(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) { out += static_cast<char>(value >> shift & 0xff); }
  return out;
}

/// A message of an AWS event stream, its headers as they are given.
inline std::string event_stream_frame(std::string_view headers, std::string_view payload) {
  std::string out = big_endian(static_cast<std::uint32_t>(headers.size() + payload.size() + 16));
  out += big_endian(static_cast<std::uint32_t>(headers.size()));
  out += big_endian(crypto::crc32(out));
  out.append(headers).append(payload);
  return out += big_endian(crypto::crc32(out));
}

/// A message of an AWS event stream, with headers of strings.
inline std::string event_stream_message(std::initializer_list<EventStreamHeader> headers,
                                        std::string_view payload) {
  std::string block;
  for (const auto& [name, value] : headers) {
    block += static_cast<char>(name.size());
    block.append(name) += '\x07';
    block += big_endian(static_cast<std::uint32_t>(value.size())).substr(2);
    block.append(value);
  }
  return event_stream_frame(block, payload);
}

inline std::string event_stream_event(std::string_view type, std::string_view payload) {
  return event_stream_message(
      {{":event-type", type}, {":content-type", "application/json"}, {":message-type", "event"}},
      payload);
}

inline std::string event_stream_exception(std::string_view type, std::string_view payload) {
  return event_stream_message({{":exception-type", type},
                               {":content-type", "application/json"},
                               {":message-type", "exception"}},
                              payload);
}

}  // namespace butter::test
