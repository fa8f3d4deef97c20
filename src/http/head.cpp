#include "http/head.h"

#include <bit>

#include "base/block.h"

namespace butter::http {
namespace {

constexpr std::string_view kEnd = "\r\n\r\n";

// Sixteen places at once: only where both LFs stand can an end be, and that is nearly nowhere else.
// Gives the place behind the end, or 0 and in `from` the first place not looked at.
std::size_t find_end_in_blocks(std::string_view bytes, std::size_t& from) noexcept {
  constexpr std::size_t kStep = Block::kSize;
  for (; from + 3 + kStep <= bytes.size(); from += kStep) {
    const char* const p = bytes.data() + from;
    std::uint32_t places = Block(p + 1).equal('\n') & Block(p + 3).equal('\n');
    for (; places != 0; places &= places - 1) {
      const std::size_t at = from + static_cast<std::size_t>(std::countr_zero(places));
      if (bytes.substr(at, kEnd.size()) == kEnd) { return at + kEnd.size(); }
    }
  }
  return 0;
}

}  // namespace

std::size_t find_head_end(std::string_view bytes, std::size_t seen) noexcept {
  std::size_t from = seen > 3 ? seen - 3 : 0;
  if (const std::size_t end = find_end_in_blocks(bytes, from); end > 0) { return end; }
  const std::size_t at = bytes.find(kEnd, from);
  return at == std::string_view::npos ? 0 : at + kEnd.size();
}

bool has_bare_lf(std::string_view bytes, std::size_t seen) noexcept {
  for (std::size_t at = seen; (at = bytes.find('\n', at)) != std::string_view::npos; ++at) {
    if (at == 0 || bytes[at - 1] != '\r') { return true; }
  }
  return false;
}

}  // namespace butter::http
