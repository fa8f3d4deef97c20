#include "net/stream.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

namespace butter::net {

IoResult Stream::read(std::span<char> into) {
  if (tls_) { return tls_->read(into.data(), into.size()); }
  while (true) {
    const ssize_t got = ::recv(fd_.get(), into.data(), into.size(), 0);
    if (got > 0) {
      const auto bytes = static_cast<std::size_t>(got);
      return {.bytes = bytes, .status = IoStatus::ok, .drained = bytes < into.size()};
    }
    if (got == 0) { return {.status = IoStatus::eof, .drained = true}; }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return {.status = IoStatus::again, .drained = true};
    }
    if (errno != EINTR) { return {.status = IoStatus::error, .drained = true}; }
  }
}

IoResult Stream::write(std::span<const iovec> pieces) {
  if (tls_) { return write_tls(pieces); }
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(pieces.data());
  message.msg_iovlen = std::min<std::size_t>(pieces.size(), IOV_MAX);
  while (true) {
    const ssize_t put = pieces.size() == 1
                            ? ::send(fd_.get(), pieces[0].iov_base, pieces[0].iov_len, MSG_NOSIGNAL)
                            : ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL);
    if (put >= 0) { return {.bytes = static_cast<std::size_t>(put), .status = IoStatus::ok}; }
    if (errno == EAGAIN || errno == EWOULDBLOCK) { return {.status = IoStatus::again}; }
    if (errno != EINTR) { return {.status = IoStatus::error}; }
  }
}

IoResult Stream::write_tls(std::span<const iovec> pieces) {
  constexpr std::size_t kRecord = 16 * 1024;  // the largest TLS record (RFC 8446, section 5.1)
  char record[kRecord];
  std::size_t total = 0;
  std::size_t piece = 0;
  std::size_t offset = 0;
  while (piece < pieces.size()) {
    std::size_t filled = 0;
    std::size_t next_piece = piece;
    std::size_t next_offset = offset;
    while (next_piece < pieces.size() && filled < kRecord) {
      const iovec& from = pieces[next_piece];
      const std::size_t n = std::min(from.iov_len - next_offset, kRecord - filled);
      std::memcpy(record + filled, static_cast<const char*>(from.iov_base) + next_offset, n);
      filled += n;
      next_offset += n;
      if (next_offset == from.iov_len) {
        ++next_piece;
        next_offset = 0;
      }
    }
    if (filled == 0) { break; }
    const IoResult result = tls_->write(record, filled);
    if (result.status != IoStatus::ok) {
      return total > 0 && result.status == IoStatus::again
                 ? IoResult{.bytes = total, .status = IoStatus::ok}
                 : result;
    }
    total += result.bytes;
    if (result.bytes < filled) { break; }
    piece = next_piece;
    offset = next_offset;
  }
  return {.bytes = total, .status = IoStatus::ok};
}

void Stream::shut_down_writing() noexcept {
  ::shutdown(fd_.get(), SHUT_WR);
}

void Stream::reset_on_close() noexcept {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void Stream::close() noexcept {
  tls_.reset();
  fd_.reset();
}

}  // namespace butter::net
