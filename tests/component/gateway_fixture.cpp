#include "component/gateway_fixture.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <latch>
#include <optional>
#include <stdexcept>
#include <utility>

#include "http/body.h"
#include "http/head.h"
#include "net/address.h"
#include "net/stream.h"

namespace butter::gateway::test {

namespace {

Fd must(int fd, const char* what) {
  if (fd < 0) { throw std::runtime_error(what); }
  return Fd(fd);
}

std::shared_ptr<const Snapshot> snapshot_of(config::Config config, const Snapshot* before,
                                            std::shared_ptr<const plugin::Chain> chain = nullptr) {
  const auto env = [](std::string_view) { return std::optional<std::string>(); };
  return Snapshot::make(std::move(config), env, before, nullptr, std::move(chain)).value();
}

}  // namespace

int Message::status() const {
  return start.size() < 12 ? 0 : std::stoi(start.substr(9, 3));
}

std::string Message::field(std::string_view name) const {
  http::ResponseHead parsed;
  const std::string as_answer =
      "HTTP/1.1 200 OK\r\n" + head.substr(std::min(head.size(), head.find("\r\n") + 2));
  if (!http::parse_response_head(as_answer, false, parsed)) { return "unreadable"; }
  const http::Field* const found = parsed.fields.find(name);
  return found != nullptr ? std::string(found->value) : "absent";
}

Peer::Peer(Fd fd) : fd_(std::move(fd)) {
  const timeval limit{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  net::set_no_delay(fd_.get());
}

Peer Peer::connect(std::uint16_t port) {
  const net::Address address = *net::Address::literal("127.0.0.1", port);
  Fd fd = must(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  if (::connect(fd.get(), address.get(), address.size()) != 0) {
    throw std::runtime_error("connect");
  }
  return Peer(std::move(fd));
}

void Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) { return; }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

bool Peer::read_some() {
  std::array<char, 65536> room;
  const ssize_t n = ::recv(fd_.get(), room.data(), room.size(), 0);
  if (n <= 0) { return false; }
  unread_.append(room.data(), static_cast<std::size_t>(n));
  return true;
}

std::string Peer::read_until(std::string_view mark) {
  std::size_t at = unread_.find(mark);
  while (at == std::string::npos && read_some()) { at = unread_.find(mark); }
  const std::size_t end = at == std::string::npos ? unread_.size() : at + mark.size();
  std::string out = unread_.substr(0, end);
  unread_.erase(0, end);
  return out;
}

std::string Peer::read_to_end() {
  while (read_some()) {}
  return std::exchange(unread_, {});
}

bool Peer::at_end() {
  if (!unread_.empty()) { return false; }
  char byte;
  const ssize_t n = ::recv(fd_.get(), &byte, 1, 0);
  return n == 0 || (n < 0 && errno == ECONNRESET);
}

void Peer::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  fd_.reset();
}

Message Peer::read_message(bool request, bool to_head) {
  Message out;
  out.head = read_until("\r\n\r\n");
  out.start = out.head.substr(0, out.head.find("\r\n"));
  http::RequestHead request_head;
  http::ResponseHead response_head;
  const auto read = request ? http::parse_request_head(out.head, request_head)
                            : http::parse_response_head(out.head, to_head, response_head);
  if (!read) { return out; }
  http::BodyReader body(request ? request_head.framing : response_head.framing);
  while (true) {
    std::string_view bytes = unread_;
    std::string_view piece;
    const auto step = body.next(bytes, piece);
    out.body += piece;
    unread_.erase(0, unread_.size() - bytes.size());
    if (step == http::BodyReader::Step::done) { break; }
    if (step == http::BodyReader::Step::bad) { return out; }
    if (step == http::BodyReader::Step::need_more && !read_some()) {
      out.whole = body.may_end_here();
      return out;
    }
  }
  out.whole = true;
  return out;
}

Upstream::Upstream()
    : listening_(must(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")) {
  const net::Address any = *net::Address::literal("127.0.0.1", 0);
  constexpr int kBacklog = 64;
  if (::bind(listening_.get(), any.get(), any.size()) != 0 ||
      ::listen(listening_.get(), kBacklog) != 0) {
    throw std::runtime_error("listen");
  }
  port_ = net::local_address(listening_.get()).port();
}

std::string Upstream::url() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/v1";
}

Peer Upstream::accept() {
  pollfd ready{.fd = listening_.get(), .events = POLLIN, .revents = 0};
  constexpr int kLimitMs = 10'000;
  if (::poll(&ready, 1, kLimitMs) != 1) { throw std::runtime_error("nobody called the upstream"); }
  return Peer(must(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept"));
}

Peer Upstream::asked() {
  Peer server = accept();
  EXPECT_TRUE(server.read_request().whole);
  return server;
}

bool Upstream::was_called() const {
  pollfd ready{.fd = listening_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&ready, 1, 0) == 1;
}

config::Provider provider(std::string name, const Upstream& upstream) {
  config::Provider out;
  out.name = std::move(name);
  out.base_url = upstream.url();
  out.keys = {{.key = Secret("sk-" + out.name), .models = {}}};
  return out;
}

config::Config config_of(std::vector<config::Provider> providers) {
  config::Config out;
  out.providers = std::move(providers);
  out.routing.default_provider = out.providers.front().name;
  out.routing.failover.enabled = true;
  out.routing.failover.backoff = {.initial = 1ms, .multiplier = 1, .max = 1ms, .jitter = 0};
  out.requestlog.enabled = true;
  out.metrics.enabled = true;
  return out;
}

config::Config failing_over(const Upstream& first, const Upstream& second) {
  config::Config out = config_of({provider("first", first), provider("second", second)});
  out.routing.models = {
      {.model = "m", .providers = {{.provider = "first"}, {.provider = "second"}}}};
  out.routing.failover.max_retries = 0;
  return out;
}

std::shared_ptr<const plugin::Chain> chain(std::vector<plugin::Plugin> plugins) {
  return std::make_shared<const plugin::Chain>(std::move(plugins), 5s);
}

Gateway::Gateway(config::Config config, std::shared_ptr<const plugin::Chain> chain)
    : Gateway(std::move(config), [] {}, 1, std::move(chain)) {}

Gateway::Gateway(config::Config config, std::function<void()> on_thread, std::size_t workers,
                 std::shared_ptr<const plugin::Chain> chain)
    : log_file_(must(::memfd_create("log", MFD_CLOEXEC), "memfd")),
      sink_(log_file_.get()),
      shared_{.resolver = resolver_, .sink = sink_, .telemetries = {}},
      snapshot_(snapshot_of(std::move(config), nullptr, std::move(chain))) {
  for (std::uint64_t seed = 1; seed <= workers; ++seed) {
    // With port 0 the first socket decides, and the others share its port.
    Fd listening = net::listen_on("127.0.0.1:" + std::to_string(port_)).value();
    port_ = net::local_address(listening.get()).port();
    workers_.push_back(std::make_unique<Worker>(shared_, snapshot_, std::move(listening), seed));
  }
  for (const auto& worker : workers_) {
    threads_.emplace_back([&each = *worker, on_thread] {
      on_thread();
      each.run();
    });
  }
}

Gateway::~Gateway() {
  static_cast<void>(stop());
}

Peer Gateway::ask(std::string_view bytes) const {
  Peer peer = client();
  peer.send(bytes);
  return peer;
}

void Gateway::reload(config::Config config) {
  snapshot_ = snapshot_of(std::move(config), snapshot_.get());
  std::latch installed(static_cast<std::ptrdiff_t>(workers_.size()));
  for (const auto& worker : workers_) {
    worker->install(snapshot_, [&installed] { installed.count_down(); });
  }
  installed.wait();
}

bool Gateway::wait_for_metric(std::string_view line) {
  constexpr int kMostLooks = 2000;
  for (int i = 0; i < kMostLooks; ++i) {
    Peer probe = client();
    probe.send(request("GET /metrics"));
    if (probe.read_answer().body.find(std::string(line) + "\n") != std::string::npos) {
      return true;
    }
  }
  return false;
}

std::string Gateway::stop() {
  for (const auto& worker : workers_) { worker->stop(); }
  for (std::thread& thread : threads_) { thread.join(); }
  threads_.clear();
  workers_.clear();
  sink_.flush();
  std::string out;
  std::array<char, 4096> room;
  for (ssize_t n = 1; n > 0;) {
    n = ::pread(log_file_.get(), room.data(), room.size(), static_cast<off_t>(out.size()));
    if (n > 0) { out.append(room.data(), static_cast<std::size_t>(n)); }
  }
  return out;
}

std::string request(std::string_view method_and_path, std::string_view body,
                    std::string_view more_head) {
  std::string out(method_and_path);
  out.append(" HTTP/1.1\r\nHost: butter.test\r\n").append(more_head);
  if (!body.empty()) {
    out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  }
  return out.append("\r\n").append(body);
}

std::string answer(int status, std::string_view body, std::string_view more_head) {
  std::string out = "HTTP/1.1 " + std::to_string(status) + " Status\r\n";
  out.append(more_head).append("Content-Type: application/json\r\nContent-Length: ");
  return out.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

std::string stream_head() {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
}

std::string chunk(std::string_view bytes) {
  char size[20];
  const int n = std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return std::string(size, static_cast<std::size_t>(n)).append(bytes).append("\r\n");
}

std::string chat_event(std::string_view text) {
  return R"(data: {"choices":[{"index":0,"delta":{"content":")" + std::string(text) +
         R"("},"finish_reason":null}]})" + "\n\n";
}

}  // namespace butter::gateway::test
