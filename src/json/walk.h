#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

namespace butter::json {

/// One member of an object, as Walk::object() meets it.
struct WalkedMember {
  std::size_t key_begin;      ///< the key's opening quote
  std::string_view key;       ///< as written, without its quotes
  const std::uint32_t* at;    ///< the value's place among the offsets
  const std::uint32_t* next;  ///< the place behind the value: its `,` or `}`
};

namespace detail {

inline constexpr std::array<std::int8_t, 256> kDepthStep = [] {
  std::array<std::int8_t, 256> steps{};
  steps['{'] = steps['['] = 1;
  steps['}'] = steps[']'] = -1;
  return steps;
}();

}  // namespace detail

/// Steps over the offsets that Structure found in `text`. An offset stands for a failure: that of
/// the byte that must not be there, text.size() when the text ends too early. Thread: any one at a
/// time.
class Walk {
 public:
  using Place = const std::uint32_t*;
  using Step = std::expected<Place, std::size_t>;

  Walk(std::string_view text, std::span<const std::uint32_t> offsets) noexcept
      : text_(text), end_(offsets.data() + offsets.size()) {}

  /// The byte at a place; '\0' behind the last one.
  [[nodiscard]] char byte(Place at) const noexcept { return at == end_ ? '\0' : text_[*at]; }
  [[nodiscard]] std::size_t offset(Place at) const noexcept {
    return at == end_ ? text_.size() : *at;
  }
  [[nodiscard]] bool at_end(Place at) const noexcept { return at == end_; }

  /// The end of what stands before `next`, white space excluded. \param next  not the first place
  [[nodiscard]] std::size_t end_before(Place next) const noexcept {
    std::size_t end = offset(next);
    while (is_space(text_[end - 1])) { --end; }
    return end;
  }

  /// The place behind the value at `at`. Brackets are counted, not matched.
  [[nodiscard]] Step skip(Place at) const noexcept {
    const char first = byte(at);
    if (at == end_ || first == '}' || first == ']' || first == ',' || first == ':') {
      return std::unexpected(offset(at));
    }
    if (first != '{' && first != '[') { return at + 1; }
    for (std::int64_t depth = 1; depth > 0;) {
      if (++at == end_) { return std::unexpected(text_.size()); }
      depth += detail::kDepthStep[static_cast<unsigned char>(text_[*at])];
    }
    return at + 1;
  }

  /// Calls visit(const WalkedMember&) for each member of the object at `at`.
  /// \return the place of its closing brace
  template <class Visit>
  [[nodiscard]] Step object(Place at, Visit&& visit) const {
    if (byte(at) != '{') { return std::unexpected(offset(at)); }
    if (byte(++at) == '}') { return at; }
    while (true) {
      const Place key = at;
      if (byte(key) != '"') { return std::unexpected(offset(key)); }
      const Place colon = key + 1;
      if (byte(colon) != ':') { return std::unexpected(offset(colon)); }
      const Step next = skip(colon + 1);
      if (!next) { return next; }
      const std::size_t begin = *key + 1;
      visit(WalkedMember{.key_begin = *key,
                         .key = text_.substr(begin, end_before(colon) - 1 - begin),
                         .at = colon + 1,
                         .next = *next});
      if (byte(*next) == '}') { return *next; }
      if (byte(*next) != ',') { return std::unexpected(offset(*next)); }
      at = *next + 1;
    }
  }

 private:
  static bool is_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

  std::string_view text_;
  Place end_;
};

}  // namespace butter::json
