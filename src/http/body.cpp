#include "http/body.h"

#include <algorithm>

#include "http/chars.h"

namespace butter::http {
namespace {

constexpr unsigned kMostDigits = 16;
constexpr unsigned kMostExtension = 256;
constexpr unsigned kMostTrailers = 8 * 1024;

unsigned hex_value(char c) noexcept {
  return c <= '9' ? static_cast<unsigned>(c - '0') : static_cast<unsigned>((c | 0x20) - 'a') + 10;
}

bool is_trailer_byte(char c) noexcept {
  return is_printable(c) || c == '\t' || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

BodyReader::BodyReader(Framing framing, ChunkExtensions extensions) noexcept
    : extensions_(extensions) {
  switch (framing.kind) {
    case Framing::Kind::none: state_ = State::done; break;
    case Framing::Kind::length:
      state_ = framing.length > 0 ? State::length : State::done;
      left_ = framing.length;
      break;
    case Framing::Kind::chunked: state_ = State::chunk_size; break;
    case Framing::Kind::until_close: state_ = State::until_close; break;
  }
}

BodyReader::Step BodyReader::next(std::string_view& bytes, std::string_view& piece) noexcept {
  while (true) {
    if (state_ == State::done) { return Step::done; }
    if (state_ == State::bad) { return Step::bad; }
    if (bytes.empty()) { return Step::need_more; }
    if (state_ == State::length || state_ == State::chunk_data || state_ == State::until_close) {
      piece = take_piece(bytes);
      return Step::piece;
    }
    state_ = after_byte(bytes.front());
    bytes.remove_prefix(1);
  }
}

std::string_view BodyReader::take_piece(std::string_view& bytes) noexcept {
  const std::string_view all = bytes;
  if (state_ == State::until_close) {
    bytes.remove_prefix(bytes.size());
    return all;
  }
  const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  bytes.remove_prefix(taken);
  left_ -= taken;
  if (left_ == 0) { state_ = state_ == State::length ? State::done : State::chunk_data_cr; }
  return all.substr(0, taken);
}

BodyReader::State BodyReader::after_byte(char c) noexcept {
  switch (state_) {
    case State::chunk_size: return after_size_byte(c);
    case State::chunk_extension:
      // ";" alone is no extension.
      if (c == '\r') { return line_bytes_ > 0 ? State::chunk_size_lf : State::bad; }
      return is_printable(c) && ++line_bytes_ <= kMostExtension ? State::chunk_extension
                                                                : State::bad;
    case State::chunk_size_lf:
      if (c != '\n') { return State::bad; }
      digits_ = 0;
      line_bytes_ = 0;
      return left_ > 0 ? State::chunk_data : State::trailer_start;
    case State::chunk_data_cr: return c == '\r' ? State::chunk_data_lf : State::bad;
    case State::chunk_data_lf: return c == '\n' ? State::chunk_size : State::bad;
    case State::end_lf: return c == '\n' ? State::done : State::bad;
    case State::trailer_start:
    case State::trailer_name:
    case State::trailer_line:
    case State::trailer_lf: return after_trailer_byte(c);
    case State::length:
    case State::until_close:
    case State::chunk_data:
    case State::done:
    case State::bad: break;
  }
  return State::bad;  // not reached: these states take no single bytes
}

BodyReader::State BodyReader::after_size_byte(char c) noexcept {
  if (is_char(c, kHexDigit)) {
    if (++digits_ > kMostDigits) { return State::bad; }
    left_ = left_ << 4 | hex_value(c);
    return State::chunk_size;
  }
  if (digits_ == 0) { return State::bad; }
  if (c == '\r') { return State::chunk_size_lf; }
  const bool is_extension = c == ';' && extensions_ == ChunkExtensions::skipped;
  return is_extension ? State::chunk_extension : State::bad;
}

BodyReader::State BodyReader::after_trailer_byte(char c) noexcept {
  if (++line_bytes_ > kMostTrailers) { return State::bad; }
  if (state_ == State::trailer_lf) { return c == '\n' ? State::trailer_start : State::bad; }
  if (state_ == State::trailer_line) {
    if (c == '\r') { return State::trailer_lf; }
    return is_trailer_byte(c) ? State::trailer_line : State::bad;
  }
  if (is_char(c, kTokenChar)) { return State::trailer_name; }
  if (state_ == State::trailer_start) { return c == '\r' ? State::end_lf : State::bad; }
  return c == ':' ? State::trailer_line : State::bad;
}

bool BodyReader::may_end_here() const noexcept {
  return state_ == State::until_close || state_ == State::done;
}

std::uint64_t BodyReader::remaining() const noexcept {
  return state_ == State::length ? left_ : 0;
}

}  // namespace butter::http
