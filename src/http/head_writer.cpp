#include "http/head_writer.h"

#include <array>
#include <charconv>

namespace butter::http {

void write_status_line(Buffer& out, std::uint16_t status, std::string_view reason) {
  const std::array<char, 3> digits = {static_cast<char>('0' + status / 100 % 10),
                                      static_cast<char>('0' + status / 10 % 10),
                                      static_cast<char>('0' + status % 10)};
  append_all(out, "HTTP/1.1 ", std::string_view(digits.data(), digits.size()), " ", reason, "\r\n");
}

void write_field(Buffer& out, std::string_view name, std::string_view value) {
  append_all(out, name, ": ", value, "\r\n");
}

void write_field(Buffer& out, std::string_view name, std::uint64_t value) {
  std::array<char, 20> digits;  // the most that 64 bits have
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  write_field(out, name,
              std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

std::size_t write_chunk_head(char* out, std::size_t size) noexcept {
  char* end = std::to_chars(out, out + kMostChunkHead - 2, size, 16).ptr;
  *end++ = '\r';
  *end++ = '\n';
  return static_cast<std::size_t>(end - out);
}

}  // namespace butter::http
