#include "json/skip.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/block.h"

namespace butter::json {

namespace {

// Bit i of a mask stands for byte i of a chunk.
using Mask = std::uint64_t;
constexpr std::ptrdiff_t kChunk = 64;
constexpr Mask kFirst = 1;
constexpr int kLastBit = 63;

struct Found {
  Mask quotes = 0, backslashes = 0, opening = 0, closing = 0;
};

/// \param chunk  kChunk readable bytes
Found look(const char* chunk) noexcept {
  constexpr char kBraceBit = 0x20;  // '[' and ']' become '{' and '}' with it
  Found found;
  for (std::ptrdiff_t at = 0; at < kChunk; at += Block::kSize) {
    const Block block(chunk + at);
    found.quotes |= Mask{block.equal('"')} << at;
    found.backslashes |= Mask{block.equal('\\')} << at;
    found.opening |= Mask{block.equal_with(kBraceBit, '{')} << at;
    found.closing |= Mask{block.equal_with(kBraceBit, '}')} << at;
  }
  return found;
}

/// What is carried from chunk to chunk.
class Strings {
 public:
  /// The bytes that are inside strings, opening quotes included.
  Mask inside(const Found& found) noexcept {
    Mask mask = found.quotes & ~escaped(found.backslashes);
    for (int shift = 1; shift < kChunk; shift *= 2) { mask ^= mask << shift; }
    mask ^= inside_;
    inside_ = Mask{} - (mask >> kLastBit);
    return mask;
  }

 private:
  /// The bytes that a backslash before them escapes.
  Mask escaped(Mask backslashes) noexcept {
    Mask mask = escaped_;
    backslashes &= ~escaped_;
    escaped_ = 0;
    while (backslashes != 0) {
      const Mask first = backslashes & (Mask{} - backslashes);
      escaped_ = first >> kLastBit;
      mask |= first << 1;
      backslashes &= ~(first | first << 1);
    }
    return mask;
  }

  Mask inside_ = 0;   ///< all bits when a string goes on in the next chunk
  Mask escaped_ = 0;  ///< 1 when the next chunk's first byte is escaped
};

}  // namespace

const char* end_of_string(const char* at, const char* end) noexcept {
  while (end - at >= Block::kSize) {
    const Block block(at);
    const std::uint32_t stops = block.equal('"', '\\');
    if (stops == 0) {
      at += Block::kSize;
      continue;
    }
    at += std::countr_zero(stops);
    if (*at == '"') { return at + 1; }
    if (end - at < 2) { return nullptr; }
    at += 2;
  }
  for (; at != end; ++at) {
    if (*at == '"') { return at + 1; }
    if (*at == '\\' && ++at == end) { break; }
  }
  return nullptr;
}

const char* end_of_container(const char* at, const char* end) noexcept {
  std::size_t depth = 0;
  Strings strings;
  std::array<char, kChunk> last{};
  for (; at < end; at += std::min(kChunk, end - at)) {
    const char* chunk = at;
    if (end - at < kChunk) {
      std::copy(at, end, last.begin());
      chunk = last.data();
    }
    const Found found = look(chunk);
    const Mask outside = ~strings.inside(found);
    Mask brackets = (found.opening | found.closing) & outside;
    for (; brackets != 0; brackets &= brackets - 1) {
      const int bit = std::countr_zero(brackets);
      (found.closing >> bit & kFirst) != 0 ? --depth : ++depth;
      if (depth == 0) { return at + bit + 1; }
    }
  }
  return nullptr;
}

}  // namespace butter::json
