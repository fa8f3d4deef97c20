#include "json/utf8.h"

namespace butter::json {

namespace {

struct Lead {
  std::size_t size;           ///< of the character; 0: no character begins so
  unsigned char second_from;  ///< least second byte
  unsigned char second_to;    ///< greatest second byte
};

constexpr Lead lead_of(unsigned char byte) noexcept {
  if (byte < 0x80) { return {1, 0, 0}; }
  if (byte < 0xc2) { return {0, 0, 0}; }
  if (byte < 0xe0) { return {2, 0x80, 0xbf}; }
  if (byte == 0xe0) { return {3, 0xa0, 0xbf}; }
  if (byte == 0xed) { return {3, 0x80, 0x9f}; }
  if (byte < 0xf0) { return {3, 0x80, 0xbf}; }
  if (byte == 0xf0) { return {4, 0x90, 0xbf}; }
  if (byte < 0xf4) { return {4, 0x80, 0xbf}; }
  if (byte == 0xf4) { return {4, 0x80, 0x8f}; }
  return {0, 0, 0};
}

constexpr unsigned char byte_at(std::string_view text, std::size_t i) noexcept {
  return static_cast<unsigned char>(text[i]);
}

}  // namespace

std::size_t utf8_size(std::string_view text) noexcept {
  const Lead lead = lead_of(byte_at(text, 0));
  if (lead.size < 2) { return lead.size; }
  if (text.size() < lead.size) { return 0; }
  if (byte_at(text, 1) < lead.second_from || byte_at(text, 1) > lead.second_to) { return 0; }
  for (std::size_t i = 2; i < lead.size; ++i) {
    if ((byte_at(text, i) & 0xc0) != 0x80) { return 0; }
  }
  return lead.size;
}

std::size_t utf8_fault(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t size = utf8_size(text.substr(at));
    if (size == 0) { break; }
    at += size;
  }
  return at;
}

}  // namespace butter::json
