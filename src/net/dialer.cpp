#include "net/dialer.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace butter::net {

namespace {

bool is_ours(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

void Dialer::begin(Target target, TlsTicket& ticket, Done done) {
  cancel();
  target_ = std::move(target);
  ticket_ = &ticket;
  done_ = std::move(done);
}

void Dialer::dial(Target target, TlsTicket& ticket, Done done) {
  begin(std::move(target), ticket, std::move(done));
  alive_ = std::make_shared<bool>(true);
  resolver_.resolve(target_.host, loop_,
                    [this, alive = std::weak_ptr<bool>(alive_)](const Resolver::Answer& answer) {
                      if (!alive.expired()) { on_resolved(answer); }
                    });
}

void Dialer::secure(Stream stream, Target target, TlsTicket& ticket, Done done) {
  begin(std::move(target), ticket, std::move(done));
  stream_ = std::move(stream);
  if (!loop_.watch(stream_.fd(), *this)) {
    const int why = errno;
    finish(fail(Errc::overloaded, std::string("tls: epoll_ctl: ") + std::strerror(why)));
    return;
  }
  start_tls();
}

void Dialer::cancel() noexcept {
  alive_.reset();
  done_ = nullptr;
  if (stream_) { loop_.unwatch(stream_.fd(), *this); }
  stream_.close();
}

void Dialer::on_resolved(const Resolver::Answer& answer) {
  alive_.reset();
  if (!answer) {
    finish(std::unexpected(answer.error()));
    return;
  }
  addresses_ = *answer;
  next_address_ = 0;
  errno = EADDRNOTAVAIL;
  try_next_address();
}

void Dialer::try_next_address() {
  while (next_address_ < addresses_.size()) {
    Address& address = addresses_[next_address_++];
    address.set_port(target_.port);
    stream_ = Stream(connect_to(address));
    if (stream_ && loop_.watch(stream_.fd(), *this)) { return; }
    stream_.close();
  }
  const int why = errno;
  const std::string where = addresses_.empty() ? target_.host : addresses_.back().text();
  finish(fail(is_ours(why) ? Errc::overloaded : Errc::upstream_connect,
              "dial tcp " + where + ": connect: " + std::strerror(why)));
}

void Dialer::on_io(Ready ready) {
  if (stream_.tls() != nullptr) {
    continue_tls();
  } else if (ready.writable || ready.hangup) {
    on_connected();
  }
}

void Dialer::on_connected() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(stream_.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    loop_.unwatch(stream_.fd(), *this);
    stream_.close();
    errno = error;
    try_next_address();
    return;
  }
  if (target_.tls) {
    start_tls();
  } else {
    finish(std::move(stream_));
  }
}

void Dialer::start_tls() {
  stream_.start_tls(*target_.tls, target_.host, *ticket_);
  continue_tls();
}

void Dialer::continue_tls() {
  switch (stream_.tls()->handshake()) {
    case IoStatus::ok: finish(std::move(stream_)); return;
    case IoStatus::again: return;
    case IoStatus::eof:
    case IoStatus::error:
      finish(fail(Errc::upstream_connect, "tls: " + stream_.tls()->failure()));
      return;
  }
}

void Dialer::finish(Result<Stream> result) {
  const int fd = result ? result->fd() : stream_.fd();
  if (fd >= 0) { loop_.unwatch(fd, *this); }
  stream_.close();
  // Last: it may dial again.
  std::exchange(done_, nullptr)(std::move(result));
}

}  // namespace butter::net
