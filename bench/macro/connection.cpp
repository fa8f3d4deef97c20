#include "connection.h"

#include <array>
#include <cerrno>

#include <sys/socket.h>

namespace butter::bench {

std::string request_for(const Shape& shape, std::size_t body_bytes) {
  const std::string body = request_body(shape, body_bytes);
  return "POST /v1/chat/completions HTTP/1.1\r\nHost: bench.test\r\nUser-Agent: load_client\r\n"
         "Accept: */*\r\nAuthorization: Bearer caller\r\nContent-Type: application/json\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

Connection::Progress Connection::fail(const char* why) noexcept {
  failure_ = why;
  fd_.reset();
  busy_ = false;
  return Progress::failed;
}

Connection::Progress Connection::start(Nanos intended) {
  intended_ = intended;
  first_byte_at_ = 0;
  sent_ = 0;
  reader_.reset();
  check_.begin();
  if (!fd_) {
    fd_ = connect_to(job_.port);
    if (!fd_) { return fail("connection refused"); }
    poller_.add(fd_);
  }
  busy_ = true;
  return send_rest();
}

Connection::Progress Connection::send_rest() {
  const std::string_view rest = std::string_view(job_.request).substr(sent_);
  const ssize_t sent = ::send(fd_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) { return fail("connection lost while sending"); }
  if (sent > 0) { sent_ += static_cast<std::size_t>(sent); }
  return Progress::pending;
}

Connection::Progress Connection::on_ready(const epoll_event& event, Nanos now) {
  if (busy_ && sent_ < job_.request.size()) {
    const Progress progress = send_rest();
    if (progress != Progress::pending) { return progress; }
  }
  return read_answer(event, now);
}

Connection::Progress Connection::read_answer(const epoll_event& event, Nanos now) {
  static thread_local std::array<char, 64 * 1024> input;
  for (;;) {
    const ssize_t got = ::recv(fd_.get(), input.data(), input.size(), 0);
    if (got < 0 && errno == EAGAIN) { return Progress::pending; }
    if (got <= 0 && !busy_) {
      fd_.reset();  // an idle connection may be closed at any time; the next request opens another
      return Progress::pending;
    }
    if (got <= 0) { return fail("connection lost before the answer's end"); }
    if (!busy_) { return fail("bytes that nobody asked for"); }
    const std::string_view bytes(input.data(), static_cast<std::size_t>(got));
    const auto progress = reader_.feed(bytes, [this, now](std::string_view piece) {
      if (first_byte_at_ == 0) { first_byte_at_ = now; }
      check_.on_body(piece, now);
    });
    if (progress == MessageReader::Progress::malformed) { return fail("malformed answer"); }
    if (progress == MessageReader::Progress::complete) { return finish(); }
    if (!may_hold_more(bytes.size(), input.size(), event.events)) { return Progress::pending; }
  }
}

Connection::Progress Connection::finish() {
  if (reader_.status() != 200) { return fail("status is not 200"); }
  if (!check_.correct()) { return fail("body is not what the upstream sends"); }
  if (reader_.closes()) { fd_.reset(); }
  busy_ = false;
  return Progress::answered;
}

}  // namespace butter::bench
