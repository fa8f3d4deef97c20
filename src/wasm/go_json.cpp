#include "wasm/go_json.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "json/utf8.h"

namespace butter::wasm {

namespace {

constexpr std::size_t kDeepest = 10'000;  // as in Go
constexpr std::string_view kHex = "0123456789abcdef";

/// What a byte inside a string means to the loops below.
enum class Byte : unsigned char { plain, quote, backslash, control, markup, separator, high };

constexpr std::array<Byte, 256> kBytes = [] {
  std::array<Byte, 256> bytes{};
  for (std::size_t i = 0; i < 0x20; ++i) { bytes[i] = Byte::control; }
  for (std::size_t i = 0x80; i < 256; ++i) { bytes[i] = Byte::high; }
  bytes['"'] = Byte::quote;
  bytes['\\'] = Byte::backslash;
  bytes['<'] = bytes['>'] = bytes['&'] = Byte::markup;
  bytes[0xe2] = Byte::separator;  // the first byte of U+2028 and U+2029, and of others
  return bytes;
}();

Byte kind_of(char c) noexcept {
  return kBytes[static_cast<unsigned char>(c)];
}

/// Steps over ASCII without a meaning, eight bytes at a time: behind it there may be more.
const char* skip_plain(const char* at, const char* end) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = kOnes << 7;
  const auto zeros = [](std::uint64_t word) { return (word - kOnes) & ~word; };
  for (; end - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    const auto has = [&](char c) { return zeros(word ^ (kOnes * static_cast<unsigned char>(c))); };
    const std::uint64_t controls = (word - kOnes * 0x20) & ~word;
    const std::uint64_t markup = has('<') | has('>') | has('&');
    if (((word | controls | markup | has('"') | has('\\')) & kHighs) != 0) { break; }
  }
  return at;
}

void append_escape(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  out.append("\\u00").push_back(kHex[byte >> 4]);
  out.push_back(kHex[byte & 15]);
}

/// U+2028 or U+2029 at the front of `text`.
bool is_separator(std::string_view text) noexcept {
  return text.starts_with("\xe2\x80\xa8") || text.starts_with("\xe2\x80\xa9");
}

void append_separator(std::string& out, std::string_view text) {
  out.append(text[2] == '\xa8' ? "\\u2028" : "\\u2029");
}

bool is_space(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}
bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// One pass over a JSON text. With a null `out` it only judges.
class Compactor {
 public:
  Compactor(std::string* out, std::string_view json) noexcept
      : out_(out), at_(json.data()), end_(at_ + json.size()) {}

  bool run() {
    while (value()) {
      if (!closes()) { return open_.empty() && at_ == end_; }
    }
    return false;
  }

 private:
  [[nodiscard]] char peek() noexcept {
    while (at_ != end_ && is_space(*at_)) { ++at_; }
    return at_ == end_ ? '\0' : *at_;
  }
  void put(std::string_view text) {
    if (out_ != nullptr) { out_->append(text); }
  }
  void put_from(const char* begin) {
    if (out_ != nullptr) { out_->append(begin, at_); }
  }
  bool take(char expected) {
    if (peek() != expected) { return false; }
    ++at_;
    if (out_ != nullptr) { out_->push_back(expected); }
    return true;
  }

  /// A scalar, or the way down to the first scalar or empty container of a container.
  bool value() {
    while (true) {
      switch (peek()) {
        case '{':
          if (!open('{')) { return false; }
          if (peek() == '}') { return true; }
          if (!key()) { return false; }
          break;
        case '[':
          if (!open('[')) { return false; }
          if (peek() == ']') { return true; }
          break;
        case '"': return string();
        case 't': return word("true");
        case 'f': return word("false");
        case 'n': return word("null");
        default: return number();
      }
    }
  }

  /// After a value: closes what ends here. \return whether another value comes
  bool closes() {
    while (!open_.empty()) {
      if (take(',')) { return open_.back() == '[' || key(); }
      if (!take(open_.back() == '{' ? '}' : ']')) { return false; }
      open_.pop_back();
    }
    static_cast<void>(peek());
    return false;
  }

  bool open(char bracket) {
    if (open_.size() == kDeepest) { return false; }
    open_.push_back(bracket);
    return take(bracket);
  }
  bool key() { return peek() == '"' && string() && take(':'); }

  bool word(std::string_view expected) {
    if (!std::string_view(at_, end_).starts_with(expected)) { return false; }
    at_ += expected.size();
    put(expected);
    return true;
  }

  bool digits() noexcept {
    const char* const begin = at_;
    while (at_ != end_ && is_digit(*at_)) { ++at_; }
    return at_ != begin;
  }

  bool number() {
    const char* const begin = at_;
    if (at_ != end_ && *at_ == '-') { ++at_; }
    const bool zero = at_ != end_ && *at_ == '0';
    if (zero) {
      ++at_;
    } else if (!digits()) {
      return false;
    }
    if (at_ != end_ && *at_ == '.') {
      ++at_;
      if (!digits()) { return false; }
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
      ++at_;
      if (at_ != end_ && (*at_ == '+' || *at_ == '-')) { ++at_; }
      if (!digits()) { return false; }
    }
    put_from(begin);
    return true;
  }

  bool escape() noexcept {
    if (++at_ == end_) { return false; }
    constexpr std::string_view kShort = "\"\\/bfnrt";
    if (*at_ == 'u') {
      for (int i = 0; i < 4; ++i) {
        if (++at_ == end_ ||
            std::string_view("0123456789abcdefABCDEF").find(*at_) == std::string_view::npos) {
          return false;
        }
      }
    } else if (kShort.find(*at_) == std::string_view::npos) {
      return false;
    }
    ++at_;
    return true;
  }

  bool string() {
    const char* run = at_++;
    while ((at_ = skip_plain(at_, end_)) != end_) {
      while (kind_of(*at_) == Byte::plain && ++at_ != end_) {}
      if (at_ == end_) { break; }
      switch (kind_of(*at_)) {
        case Byte::plain:
        case Byte::high: ++at_; break;
        case Byte::quote:
          ++at_;
          put_from(run);
          return true;
        case Byte::control: return false;
        case Byte::backslash:
          if (!escape()) { return false; }
          break;
        case Byte::markup:
          put_from(run);
          if (out_ != nullptr) { append_escape(*out_, *at_); }
          run = ++at_;
          break;
        case Byte::separator:
          if (const std::string_view rest(at_, end_); !is_separator(rest)) {
            ++at_;
          } else {
            put_from(run);
            if (out_ != nullptr) { append_separator(*out_, rest); }
            run = at_ += 3;
          }
          break;
      }
    }
    return false;
  }

  std::string* out_;
  const char* at_;
  const char* end_;
  std::string open_;  ///< the brackets that are not closed yet
};

}  // namespace

void append_go_string(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t run = 0;
  std::size_t at = 0;
  const auto flush = [&](std::size_t skipped) {
    out.append(text, run, at - run);
    run = at += skipped;
  };
  while (at < text.size()) {
    const char* const end = text.data() + text.size();
    at = static_cast<std::size_t>(skip_plain(text.data() + at, end) - text.data());
    if (at == text.size()) { break; }
    const char c = text[at];
    switch (kind_of(c)) {
      case Byte::plain: ++at; continue;
      case Byte::quote:
      case Byte::backslash:
        flush(1);
        out.append({'\\', c});
        continue;
      case Byte::markup:
        flush(1);
        append_escape(out, c);
        continue;
      case Byte::control: {
        flush(1);
        constexpr std::string_view kNamed = "\b\f\n\r\t";
        const std::size_t name = kNamed.find(c);
        if (name == std::string_view::npos) {
          append_escape(out, c);
        } else {
          out.append({'\\', "bfnrt"[name]});
        }
        continue;
      }
      case Byte::separator:
      case Byte::high: break;
    }
    const std::string_view rest = text.substr(at);
    const std::size_t size = json::utf8_size(rest);
    if (size == 0) {
      flush(1);
      out.append("\\ufffd");
    } else if (is_separator(rest)) {
      flush(size);
      append_separator(out, rest);
    } else {
      at += size;
    }
  }
  flush(0);
  out.push_back('"');
}

bool append_compact(std::string& out, std::string_view json) {
  return Compactor(&out, json).run();
}

bool is_json(std::string_view json) {
  return Compactor(nullptr, json).run();
}

}  // namespace butter::wasm
