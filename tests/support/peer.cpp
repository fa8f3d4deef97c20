#include "support/peer.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>
#include <vector>

namespace butter::support {

namespace {

enum class Moved { some, later, over };

struct Step {
  Moved moved;
  std::size_t bytes = 0;
};

Step step_of_socket(ssize_t result) {
  if (result > 0) { return {Moved::some, static_cast<std::size_t>(result)}; }
  if (result < 0 && (errno == EAGAIN || errno == EINTR)) { return {Moved::later}; }
  return {Moved::over};
}

Step step_of_tls(SSL* tls, int result) {
  if (result == 1) { return {Moved::some}; }
  const int error = SSL_get_error(tls, result);
  ERR_clear_error();
  const bool later = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
  return {later ? Moved::later : Moved::over};
}

}  // namespace

Peer::Peer(net::Loop& loop, Fd fd, SSL_CTX* tls) : loop_(loop), fd_(std::move(fd)) {
  if (tls != nullptr) {
    tls_ = SSL_new(tls);
    SSL_set_fd(tls_, fd_.get());
    SSL_set_accept_state(tls_);
  }
  if (!loop_.watch(fd_.get(), *this)) { ended_ = true; }
}

Peer::~Peer() {
  cut();
}

void Peer::on_io(net::Ready) {
  read();
  write();
}

void Peer::read() {
  std::vector<char> room(64 * 1024);
  while (fd_ && !held_ && !ended_) {
    std::size_t got = 0;
    ERR_clear_error();
    const Step step = tls_ != nullptr
                          ? step_of_tls(tls_, SSL_read_ex(tls_, room.data(), room.size(), &got))
                          : step_of_socket(::recv(fd_.get(), room.data(), room.size(), 0));
    if (step.moved == Moved::later) { return; }
    if (step.moved == Moved::over) {
      ended_ = true;
      return;
    }
    received_.append(room.data(), tls_ != nullptr ? got : step.bytes);
  }
}

void Peer::write() {
  while (fd_ && !unsent_.empty()) {
    std::size_t put = 0;
    ERR_clear_error();
    const Step step =
        tls_ != nullptr
            ? step_of_tls(tls_, SSL_write_ex(tls_, unsent_.data(), unsent_.size(), &put))
            : step_of_socket(::send(fd_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL));
    if (step.moved == Moved::later) { return; }
    if (step.moved == Moved::over) {
      unsent_.clear();
      return;
    }
    unsent_.erase(0, tls_ != nullptr ? put : step.bytes);
  }
}

void Peer::send(std::string_view bytes) {
  unsent_ += bytes;
  write();
}

void Peer::hold_reading(bool hold) {
  held_ = hold;
  read();
}

void Peer::shut_down_writing() {
  ::shutdown(fd_.get(), SHUT_WR);
}

void Peer::close() {
  if (tls_ != nullptr) { SSL_shutdown(tls_); }
  cut();
}

void Peer::cut() {
  if (!fd_) { return; }
  loop_.unwatch(fd_.get(), *this);
  SSL_free(std::exchange(tls_, nullptr));
  ERR_clear_error();
  fd_.reset();
}

void Peer::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  cut();
}

bool Peer::resumed() const noexcept {
  return tls_ != nullptr && SSL_session_reused(tls_) == 1;
}

}  // namespace butter::support
