#include "dialect/event_stream.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "crypto/crc32.h"

namespace butter::dialect {

namespace {

// Lengths of the message and of its headers, and their checksum.
constexpr std::size_t kPrelude = 12;
constexpr std::size_t kChecksum = 4;

std::uint32_t big_endian(std::string_view bytes) noexcept {
  std::uint32_t value = 0;
  for (const char c : bytes) { value = value << 8 | static_cast<unsigned char>(c); }
  return value;
}

std::uint32_t word_at(std::string_view bytes, std::size_t at) noexcept {
  return big_endian(bytes.substr(at, 4));
}

std::unexpected<Error> malformed(const char* what) {
  return fail(Errc::upstream_protocol, std::string("malformed event stream: ") + what);
}

/// The length of the message that `bytes` begin with. \param bytes  at least a prelude
Result<std::size_t> message_size(std::string_view bytes) {
  if (crypto::crc32(bytes.substr(0, 8)) != word_at(bytes, 8)) {
    return malformed("the checksum of a prelude is wrong");
  }
  const std::size_t size = word_at(bytes, 0);
  const std::size_t headers = word_at(bytes, 4);
  if (size > EventStreamDecoder::kMostBytes || size < kPrelude + kChecksum ||
      headers > size - kPrelude - kChecksum) {
    return malformed("a length is out of range");
  }
  return size;
}

/// Takes the value of a header off the front. \return nullopt when it is malformed
std::optional<std::string_view> take_value(std::string_view& bytes) {
  // By type: true, false, byte, short, integer, long, bytes, string, timestamp, UUID.
  constexpr std::array<std::size_t, 10> kSizes{0, 0, 1, 2, 4, 8, 0, 0, 8, 16};
  constexpr std::size_t kBytes = 6;
  constexpr std::size_t kString = 7;
  if (bytes.empty()) { return std::nullopt; }
  const std::size_t type = static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  if (type >= kSizes.size()) { return std::nullopt; }
  std::size_t size = kSizes[type];
  if (type == kBytes || type == kString) {
    if (bytes.size() < 2) { return std::nullopt; }
    size = big_endian(bytes.substr(0, 2));
    bytes.remove_prefix(2);
  }
  if (bytes.size() < size) { return std::nullopt; }
  const std::string_view value = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return type == kString ? value : std::string_view{};
}

bool read_headers(std::string_view bytes, EventStreamMessage& message) {
  while (!bytes.empty()) {
    const std::size_t size = static_cast<unsigned char>(bytes.front());
    if (bytes.size() - 1 < size) { return false; }
    const std::string_view name = bytes.substr(1, size);
    bytes.remove_prefix(1 + size);
    const auto value = take_value(bytes);
    if (!value) { return false; }
    if (name == ":message-type") {
      message.message_type = *value;
    } else if (name == ":event-type" || name == ":exception-type" || name == ":error-code") {
      message.type = *value;
    } else if (name == ":error-message") {
      message.error = *value;
    }
  }
  return true;
}

Result<std::optional<EventStreamMessage>> read(std::string_view bytes) {
  const std::size_t end = bytes.size() - kChecksum;
  if (crypto::crc32(bytes.substr(0, end)) != word_at(bytes, end)) {
    return malformed("the checksum of a message is wrong");
  }
  const std::size_t headers = word_at(bytes, 4);
  EventStreamMessage message;
  if (!read_headers(bytes.substr(kPrelude, headers), message)) {
    return malformed("a header is cut off");
  }
  message.payload = bytes.substr(kPrelude + headers, end - kPrelude - headers);
  return message;
}

}  // namespace

Result<std::optional<EventStreamMessage>> EventStreamDecoder::next(std::string_view& bytes) {
  if (used_) {
    unfinished_.clear();
    used_ = false;
  }
  if (unfinished_.empty() && bytes.size() >= kPrelude) {
    const Result<std::size_t> size = message_size(bytes);
    if (!size) { return std::unexpected(size.error()); }
    if (bytes.size() >= *size) {
      const std::string_view message = bytes.substr(0, *size);
      bytes.remove_prefix(*size);
      return read(message);
    }
  }
  // Up to the prelude's end, then up to the message's end.
  while (true) {
    std::size_t wanted = kPrelude;
    if (unfinished_.size() >= kPrelude) {
      const Result<std::size_t> size = message_size(unfinished_.view());
      if (!size) { return std::unexpected(size.error()); }
      wanted = *size;
    }
    if (unfinished_.size() >= kPrelude && unfinished_.size() == wanted) {
      used_ = true;
      return read(unfinished_.view());
    }
    if (bytes.empty()) { return std::nullopt; }
    const std::size_t taken = std::min(bytes.size(), wanted - unfinished_.size());
    unfinished_.append(bytes.substr(0, taken));
    bytes.remove_prefix(taken);
  }
}

}  // namespace butter::dialect
