// The way of a Connection from a name to a stream that is ready for requests.

#include <utility>

#include "upstream/call.h"
#include "upstream/connection.h"
#include "upstream/pool.h"

namespace butter::upstream {

void Connection::open(Call& call) {
  call_ = &call;
  call.connection_ = this;
  call.lent();
  const Endpoint& endpoint = *pool_.endpoint_;
  net::Dialer::Target target{endpoint.host, endpoint.port, endpoint.tls};
  if (endpoint.proxy) { target = {endpoint.proxy->host, endpoint.proxy->port, nullptr}; }
  dialer_.dial(std::move(target), pool_.ticket_,
               [this](auto dialed) { on_dialed(std::move(dialed)); });
}

void Connection::on_dialed(Result<net::Stream> dialed) {
  if (!dialed) {
    fail_call(dialed.error().code, std::move(dialed.error().detail));
    return;
  }
  stream_ = *std::move(dialed);
  if (!pool_.loop_.watch(stream_.fd(), *this)) {
    fail_call(Errc::overloaded, "the connection cannot be watched");
    return;
  }
  const Endpoint& endpoint = *pool_.endpoint_;
  if (endpoint.proxy && endpoint.tls && stream_.tls() == nullptr) {
    write_proxy_request();
  } else {
    serve(*call_);
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
  state_ = State::dialing;
  pool_.loop_.unwatch(stream_.fd(), *this);
  const Endpoint& endpoint = *pool_.endpoint_;
  dialer_.secure(std::move(stream_), {endpoint.host, endpoint.port, endpoint.tls}, pool_.ticket_,
                 [this](auto dialed) { on_dialed(std::move(dialed)); });
}

}  // namespace butter::upstream
