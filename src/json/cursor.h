#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace butter::json {

/// A member's name, as it is written. To compare it with a literal takes a few words, not a call.
/// Thread: any (immutable).
class Key : public std::string_view {
 public:
  explicit Key(std::string_view name) noexcept : std::string_view(name) {}

  template <std::size_t size>
  friend bool operator==(Key key, const char (&name)[size]) noexcept {
    return key.size() == size - 1 && std::memcmp(key.data(), name, size - 1) == 0;
  }
};

/// Reads forward through a JSON text: no scratch memory, no recursion, nothing decoded. It checks
/// no more than it needs: what it steps over may be malformed inside; what it cannot step over
/// makes it fail for good.
///
/// A line end and a `data:` after it count as white space, so that an event of several data lines
/// can be read where it lies. Thread: worker-local.
class Cursor {
 public:
  explicit Cursor(std::string_view text) noexcept
      : at_(text.data()), end_(text.data() + text.size()) {}

  /// The first byte of what comes next; '\0' at the end and after a failure.
  [[nodiscard]] char peek() noexcept {
    if (at_ != end_ && *at_ > ' ') { return *at_; }
    skip_space();
    return at_ == end_ ? '\0' : *at_;
  }
  [[nodiscard]] bool ok() const noexcept { return ok_; }

  void skip_value() noexcept;
  /// Steps over a value. \return it as it is written, without the white space around it
  std::string_view value() noexcept;
  /// Steps over a value. \return whether it says nothing: null, false, "", {} or []
  bool skip_empty() noexcept;
  /// Reads a string as written, escapes kept; "" and the value skipped when it is none.
  std::string_view string() noexcept;
  /// Reads a string, as string(), by take(rest), which gets what follows the opening quote and
  /// returns how many bytes the string has with its closing quote; 0 = there is none.
  template <class Take>
  std::string_view string_by(Take&& take) {
    if (peek() != '"') { return string(); }
    const char* const begin = at_ + 1;
    const std::size_t size = take(std::string_view(begin, end_));
    go_to(size > 0 ? begin + size : nullptr);
    return ok_ ? std::string_view(begin, size - 1) : std::string_view{};
  }
  /// Reads a whole number; 0 and the value skipped when it is none, at most 63.
  unsigned small_number() noexcept;

  /// Calls visit(Key) for each member, with the cursor at the value, which visit must step over.
  /// Steps over a value that is no object.
  template <class Visit>
  void object(Visit&& visit) {
    if (peek() != '{') { return skip_value(); }
    ++at_;
    for (bool more = !closes('}'); more && ok_; more = !closes('}') && take(',')) {
      const Key key(peek() == '"' ? string_here() : fail());
      if (take(':')) { visit(key); }
    }
  }

  /// Calls visit() for each element, with the cursor at it. Steps over a value that is no array.
  template <class Visit>
  void array(Visit&& visit) {
    if (peek() != '[') { return skip_value(); }
    ++at_;
    for (bool more = !closes(']'); more && ok_; more = !closes(']') && take(',')) { visit(); }
  }

 private:
  void skip_space() noexcept;
  /// Goes on at `next`; fails when it is nullptr.
  void go_to(const char* next) noexcept { next != nullptr ? void(at_ = next) : void(fail()); }
  std::string_view string_here() noexcept;  ///< at the opening quote
  bool take(char expected) noexcept {
    if (peek() != expected) {
      (void)fail();
      return false;
    }
    ++at_;
    return true;
  }
  bool closes(char bracket) noexcept {
    if (peek() != bracket) { return false; }
    ++at_;
    return true;
  }
  std::string_view fail() noexcept;

  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace butter::json
