#include "redis/reply.h"

#include <charconv>
#include <optional>

namespace butter::redis {

namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMostLine = 64 * 1024;  ///< of a status or an error

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (error != std::errc{} || end != last || text.empty()) { return std::nullopt; }
  return value;
}

/// Reads replies one inside another. Thread: any one at a time.
class Parser {
 public:
  explicit Parser(std::string_view bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] std::size_t left() const noexcept { return rest_.size(); }

  Parsed read(Reply& into, int depth) {
    std::string_view line;
    if (const Parsed got = read_line(line); got != Parsed::whole) { return got; }
    const char type = line.front();
    line.remove_prefix(1);
    switch (type) {
      case '+': into = {.kind = Reply::Kind::status, .text = line}; return Parsed::whole;
      case '-': into = {.kind = Reply::Kind::error, .text = line}; return Parsed::whole;
      case ':':
      case '$':
      case '*': break;
      default: return Parsed::bad;
    }
    const auto count = number(line);
    if (!count) { return Parsed::bad; }
    if (type == ':') {
      into = {.kind = Reply::Kind::integer, .integer = *count};
      return Parsed::whole;
    }
    if (*count == -1) {
      into = {};
      return Parsed::whole;
    }
    if (*count < 0) { return Parsed::bad; }
    const auto size = static_cast<std::size_t>(*count);
    return type == '$' ? read_text(into, size) : read_items(into, size, depth);
  }

 private:
  Parsed read_line(std::string_view& line) {
    const std::size_t end = rest_.find(kLineEnd);
    if (end == std::string_view::npos) {
      return rest_.size() > kMostLine ? Parsed::bad : Parsed::more;
    }
    if (end == 0 || end > kMostLine) { return Parsed::bad; }
    line = rest_.substr(0, end);
    rest_.remove_prefix(end + kLineEnd.size());
    return Parsed::whole;
  }

  Parsed read_text(Reply& into, std::size_t size) {
    if (size > kMostText) { return Parsed::bad; }
    if (rest_.size() < size + kLineEnd.size()) { return Parsed::more; }
    if (rest_.substr(size, kLineEnd.size()) != kLineEnd) { return Parsed::bad; }
    into = {.kind = Reply::Kind::text, .text = rest_.substr(0, size)};
    rest_.remove_prefix(size + kLineEnd.size());
    return Parsed::whole;
  }

  Parsed read_items(Reply& into, std::size_t count, int depth) {
    items_ += count;
    if (count > kMostItems || items_ > kMostItems || depth == kDeepest) { return Parsed::bad; }
    into = {.kind = Reply::Kind::array};
    into.items.resize(count);
    for (Reply& item : into.items) {
      if (const Parsed got = read(item, depth + 1); got != Parsed::whole) { return got; }
    }
    return Parsed::whole;
  }

  std::string_view rest_;
  std::size_t items_ = 0;
};

}  // namespace

Parsed parse_reply(std::string_view bytes, Reply& reply, std::size_t& size) {
  Parser parser(bytes);
  const Parsed got = parser.read(reply, 0);
  size = got == Parsed::whole ? bytes.size() - parser.left() : 0;
  return got;
}

}  // namespace butter::redis
