// The way of a Connection from a name to a stream that is ready for requests.

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "upstream/call.h"
#include "upstream/connection.h"
#include "upstream/pool.h"

namespace butter::upstream {

namespace {

/// No descriptor or no memory left: that says nothing of the provider.
bool is_ours(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

void Connection::open(Call& call) {
  call_ = &call;
  call.connection_ = this;
  call.lent();
  const Endpoint& endpoint = *pool_.endpoint_;
  const std::string& host = endpoint.proxy ? endpoint.proxy->host : endpoint.host;
  pool_.resolver_.resolve(host, pool_.loop_,
                          [this, alive = std::weak_ptr<bool>(alive_)](const auto& answer) {
                            if (!alive.expired()) { on_resolved(answer); }
                          });
}

void Connection::on_resolved(const net::Resolver::Answer& answer) {
  if (!answer) {
    fail_call(Errc::upstream_connect, answer.error().detail);
    return;
  }
  const Endpoint& endpoint = *pool_.endpoint_;
  addresses_ = *answer;
  for (net::Address& address : addresses_) {
    address.set_port(endpoint.proxy ? endpoint.proxy->port : endpoint.port);
  }
  state_ = State::connecting;
  errno = EADDRNOTAVAIL;
  try_next_address();
}

void Connection::try_next_address() {
  while (next_address_ < addresses_.size()) {
    Fd fd = net::connect_to(addresses_[next_address_++]);
    if (!fd) { continue; }
    stream_ = net::Stream(std::move(fd));
    if (pool_.loop_.watch(stream_.fd(), *this)) { return; }
    stream_.close();
  }
  const int why = errno;
  const std::string where = addresses_.empty() ? pool_.endpoint_->host : addresses_.back().text();
  fail_call(is_ours(why) ? Errc::overloaded : Errc::upstream_connect,
            "dial tcp " + where + ": connect: " + std::strerror(why));
}

void Connection::on_connected() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(stream_.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    pool_.loop_.unwatch(stream_.fd(), *this);
    stream_.close();
    errno = error;
    try_next_address();
    return;
  }
  const Endpoint& endpoint = *pool_.endpoint_;
  if (endpoint.proxy && endpoint.tls) {
    write_proxy_request();
  } else if (endpoint.tls) {
    start_tls();
  } else {
    become_ready();
  }
}

void Connection::write_proxy_request() {
  state_ = State::proxy;
  const Endpoint& endpoint = *pool_.endpoint_;
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  const std::string authority =
      (v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
  std::string request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
  if (!endpoint.proxy->authorization.empty()) {
    request += "Proxy-Authorization: " + endpoint.proxy->authorization + "\r\n";
  }
  request += "\r\n";
  // A fresh socket takes a few hundred bytes at once.
  const iovec piece = net::to_iovec(request);
  if (stream_.write({&piece, 1}).bytes != request.size()) {
    fail_call(Errc::upstream_connect, "the proxy did not take the CONNECT request");
  }
}

void Connection::read_proxy_answer() {
  const std::span<char> scratch = pool_.loop_.scratch();
  const net::IoResult result = stream_.read(scratch);
  if (result.status == net::IoStatus::again) { return; }
  if (result.status != net::IoStatus::ok) {
    fail_call(Errc::upstream_connect, "the proxy closed the connection");
    return;
  }
  partial_.append({scratch.data(), result.bytes});
  const std::size_t size = http::find_head_end(partial_.view());
  constexpr std::size_t kMostProxyHead = 16 * 1024;
  if (size == 0 && partial_.size() < kMostProxyHead) {
    // The proxy's end may have come with the same edge.
    pool_.loop_.rewatch(stream_.fd(), *this);
    return;
  }
  http::ResponseHead head;
  if (size == 0 || !http::parse_response_head(partial_.view().substr(0, size), true, head)) {
    fail_call(Errc::upstream_connect, "the proxy's answer is not HTTP/1.1");
    return;
  }
  if (head.status < 200 || head.status > 299 || partial_.size() != size) {
    fail_call(Errc::upstream_connect,
              "the proxy refused CONNECT with status " + std::to_string(head.status));
    return;
  }
  partial_.release();
  start_tls();
}

void Connection::start_tls() {
  state_ = State::tls;
  const Endpoint& endpoint = *pool_.endpoint_;
  stream_.start_tls(*endpoint.tls, endpoint.host, pool_.ticket_);
  continue_tls();
}

void Connection::continue_tls() {
  switch (stream_.tls()->handshake()) {
    case net::IoStatus::ok: become_ready(); return;
    case net::IoStatus::again: return;
    case net::IoStatus::eof:
    case net::IoStatus::error:
      fail_call(Errc::upstream_connect, "tls: " + stream_.tls()->failure());
      return;
  }
}

void Connection::become_ready() {
  Call* const call = call_;
  if (call == nullptr) {
    close();
    return;
  }
  serve(*call);
}

}  // namespace butter::upstream
