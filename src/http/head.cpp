#include "http/head.h"

namespace butter::http {

std::size_t find_head_end(std::string_view bytes, std::size_t seen) noexcept {
  // Looks at the byte where a match at `i` would end: any byte but CR and LF rules out four places.
  std::size_t i = seen > 3 ? seen - 3 : 0;
  while (i + 4 <= bytes.size()) {
    const char c = bytes[i + 3];
    if (c > '\r' || c < 0) {
      i += 4;
    } else if (c == '\n') {
      if (bytes.substr(i, 3) == "\r\n\r") { return i + 4; }
      i += 2;
    } else {
      i += c == '\r' ? 1 : 4;
    }
  }
  return 0;
}

}  // namespace butter::http
