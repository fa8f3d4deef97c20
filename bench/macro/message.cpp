#include "message.h"

#include <charconv>
#include <optional>

#include <strings.h>

namespace butter::bench {

namespace {

constexpr std::size_t kMostHead = 64 * 1024;

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// The value of the field when `line` has that name.
std::optional<std::string_view> value_of(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':' ||
      !same_word(line.substr(0, name.size()), name)) {
    return std::nullopt;
  }
  std::string_view value = line.substr(name.size() + 1);
  while (value.starts_with(' ')) { value.remove_prefix(1); }
  return value;
}

}  // namespace

void MessageReader::reset() noexcept {
  state_ = State::head;
  closes_ = chunked_ = has_length_ = false;
  status_ = 0;
  left_ = 0;
  head_.clear();
}

void MessageReader::read_head(std::string_view& bytes) {
  const std::size_t known = head_.size();
  head_.append(bytes);
  const std::size_t end = head_.find("\r\n\r\n", known < 3 ? 0 : known - 3);
  if (end == std::string::npos) {
    bytes = {};
    if (head_.size() > kMostHead) { state_ = State::bad; }
    return;
  }
  bytes.remove_prefix(end + 4 - known);
  head_.resize(end + 2);
  parse_head();
}

void MessageReader::parse_head() {
  std::string_view rest = head_;
  const std::string_view first = rest.substr(0, rest.find("\r\n"));
  if (kind_ == Kind::response) {
    if (!first.starts_with("HTTP/1.1 ") || first.size() < 12) {
      state_ = State::bad;
      return;
    }
    std::from_chars(first.data() + 9, first.data() + 12, status_);
  }
  for (rest.remove_prefix(first.size() + 2); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    parse_field(line);
  }
  if (chunked_) {
    state_ = State::chunk_size;
  } else if (has_length_ || kind_ == Kind::request) {
    state_ = left_ > 0 ? State::sized : State::done;
  } else {
    state_ = State::bad;  // a body that only the connection's end would end
  }
}

void MessageReader::parse_field(std::string_view line) {
  if (const auto length = value_of(line, "content-length")) {
    std::from_chars(length->data(), length->data() + length->size(), left_);
    has_length_ = true;
  } else if (const auto coding = value_of(line, "transfer-encoding")) {
    chunked_ = same_word(*coding, "chunked");
  } else if (const auto connection = value_of(line, "connection")) {
    closes_ = same_word(*connection, "close");
  }
}

void MessageReader::read_chunk_size(std::string_view& bytes) {
  while (!bytes.empty()) {
    const char c = bytes.front();
    bytes.remove_prefix(1);
    if (c == '\n') {
      state_ = left_ > 0 ? State::chunk : State::trailer;
      return;
    }
    if (c == '\r') { continue; }
    int digit = 0;
    if (std::from_chars(&c, &c + 1, digit, 16).ec != std::errc()) {
      state_ = State::bad;
      return;
    }
    left_ = left_ * 16 + static_cast<std::size_t>(digit);
  }
}

void MessageReader::read_line_end(std::string_view& bytes, State next) {
  const char c = bytes.front();
  bytes.remove_prefix(1);
  if (c == '\n') {
    state_ = next;
  } else if (c != '\r') {
    state_ = State::bad;
  }
}

}  // namespace butter::bench
