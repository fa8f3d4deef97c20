#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace butter {

/// Sixteen bytes that are looked at together. In the masks bit i stands for byte i.
/// Thread: any (immutable).
class Block {
 public:
  static constexpr std::ptrdiff_t kSize = 16;

#if defined(__SSE2__)
  /// \param p  kSize readable bytes
  explicit Block(const char* p) noexcept
      : bytes_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))) {}

  /// Control bytes, DEL and those above 0x7f.
  [[nodiscard]] std::uint32_t unprintable() const noexcept {
    const __m128i above_controls = _mm_cmpgt_epi8(bytes_, _mm_set1_epi8(0x1f));  // signed
    return ~mask_of(_mm_andnot_si128(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(0x7f)), above_controls)) &
           kAll;
  }

  /// All but letters and '-': what field names nearly always are made of.
  [[nodiscard]] std::uint32_t not_name_letter() const noexcept {
    const __m128i lower = _mm_or_si128(bytes_, _mm_set1_epi8(0x20));
    const __m128i letter = _mm_and_si128(_mm_cmpgt_epi8(lower, _mm_set1_epi8('a' - 1)),
                                         _mm_cmplt_epi8(lower, _mm_set1_epi8('z' + 1)));
    return ~mask_of(_mm_or_si128(letter, _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('-')))) & kAll;
  }

  [[nodiscard]] std::uint32_t equal(char c) const noexcept {
    return mask_of(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(c)));
  }

  [[nodiscard]] std::uint32_t equal(char c, char other) const noexcept {
    return mask_of(_mm_or_si128(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(c)),
                                _mm_cmpeq_epi8(bytes_, _mm_set1_epi8(other))));
  }

  /// Bytes that are `c` once `bits` are set in them.
  [[nodiscard]] std::uint32_t equal_with(char bits, char c) const noexcept {
    return mask_of(_mm_cmpeq_epi8(_mm_or_si128(bytes_, _mm_set1_epi8(bits)), _mm_set1_epi8(c)));
  }

 private:
  static constexpr std::uint32_t kAll = 0xffff;

  static std::uint32_t mask_of(__m128i flags) noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(flags));
  }

  __m128i bytes_;
#else
  explicit Block(const char* p) noexcept { std::memcpy(bytes_, p, sizeof bytes_); }

  [[nodiscard]] std::uint32_t unprintable() const noexcept {
    return mask_of([](unsigned char c) { return c < 0x20 || c >= 0x7f; });
  }

  [[nodiscard]] std::uint32_t not_name_letter() const noexcept {
    return mask_of([](unsigned char c) {
      const unsigned lower = c | 0x20U;
      return (lower < 'a' || lower > 'z') && c != '-';
    });
  }

  [[nodiscard]] std::uint32_t equal(char c) const noexcept {
    return mask_of([c](unsigned char byte) { return byte == static_cast<unsigned char>(c); });
  }

  [[nodiscard]] std::uint32_t equal(char c, char other) const noexcept {
    return equal(c) | equal(other);
  }

  [[nodiscard]] std::uint32_t equal_with(char bits, char c) const noexcept {
    return mask_of([=](unsigned char byte) { return static_cast<char>(byte | bits) == c; });
  }

 private:
  template <class Test>
  [[nodiscard]] std::uint32_t mask_of(Test test) const noexcept {
    std::uint32_t mask = 0;
    for (std::uint32_t i = 0; i < kSize; ++i) { mask |= std::uint32_t{test(bytes_[i])} << i; }
    return mask;
  }

  unsigned char bytes_[kSize];
#endif
};

}  // namespace butter
