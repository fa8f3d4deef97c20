// An upstream that costs little and whose answers are known byte for byte: JSON chat completions of
// a chosen size, or event streams with a chosen rhythm, of chat or, to a translated request, of
// Anthropic's messages. One thread, on 127.0.0.1.
//
// usage: mock_upstream [--port N] [--answer-bytes N] [--chunks N] [--chunk-bytes N] [--gap-us N]
// Prints its port. What a request's `user` field says (fixture.h) goes before the options.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <sys/socket.h>

#include "fixture.h"
#include "message.h"
#include "options.h"
#include "sockets.h"

namespace butter::bench {

namespace {

constexpr Nanos kIdleWait = kSecond;
constexpr std::size_t kBodyKept = 1024;  // as much of a request as tells its shape

/// A connection and the answer under way on it.
struct Client {
  Fd fd;
  std::uint64_t number;  // never used twice, unlike descriptors
  MessageReader reader{MessageReader::Kind::request};
  std::string body;  // its first kBodyKept bytes
  std::string out;   // what the socket did not take yet
  Shape shape;
  std::size_t chunks_left = 0;
};

/// When the next event of a stream goes out. A client that left leaves its entry behind; `number`
/// tells that the descriptor is another one's by now.
struct Due {
  Nanos at;
  int fd;
  std::uint64_t number;
  friend bool operator>(const Due& a, const Due& b) { return a.at > b.at; }
};

/// Thread: main.
class MockUpstream {
 public:
  MockUpstream(std::uint16_t port, const Shape& defaults)
      : listener_(listen_on(port)), defaults_(defaults) {
    poller_.add(listener_);
  }

  [[nodiscard]] std::uint16_t port() const { return port_of(listener_); }

  [[noreturn]] void run() {
    for (;;) {
      const Nanos until = due_.empty() ? now_ns() + kIdleWait : due_.top().at;
      for (const epoll_event& event : poller_.wait(until)) {
        if (event.data.fd == listener_.get()) {
          accept_all();
        } else {
          on_ready(event);
        }
      }
      send_due();
    }
  }

 private:
  void accept_all() {
    while (Fd fd = accept_from(listener_)) {
      poller_.add(fd);
      auto client = std::make_unique<Client>();
      client->number = ++accepted_;
      client->fd = std::move(fd);
      clients_[client->fd.get()] = std::move(client);
    }
  }

  void on_ready(const epoll_event& event) {
    const auto found = clients_.find(event.data.fd);
    if (found != clients_.end() && !serve(*found->second, event.events)) { clients_.erase(found); }
  }

  /// \return false when the connection is to be closed
  bool serve(Client& client, std::uint32_t events) {
    if (!client.out.empty() && !write(client, {})) { return false; }
    for (;;) {
      const ssize_t got = ::recv(client.fd.get(), input_.data(), input_.size(), 0);
      if (got < 0) { return errno == EAGAIN; }
      if (got == 0) { return false; }
      const std::string_view bytes(input_.data(), static_cast<std::size_t>(got));
      const auto progress = client.reader.feed(bytes, [&client](std::string_view piece) {
        client.body.append(piece.substr(0, kBodyKept - std::min(kBodyKept, client.body.size())));
      });
      if (progress == MessageReader::Progress::malformed) { return false; }
      if (progress == MessageReader::Progress::complete && !answer(client)) { return false; }
      if (!may_hold_more(bytes.size(), input_.size(), events)) { return true; }
    }
  }

  bool answer(Client& client) {
    client.shape = shape_of(client.body, defaults_);
    client.body.clear();
    client.reader.reset();
    if (client.shape.chunks == 0) { return write(client, json_answer(client.shape.answer_bytes)); }
    client.chunks_left = client.shape.chunks;
    return write(client,
                 "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                 "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n") &&
           (!client.shape.translated || write(client, chunk_of(kMessagesStart))) &&
           send_events(client, now_ns());
  }

  /// Sends the event that was due at `due`, and all others when there is no gap between them.
  bool send_events(Client& client, Nanos due) {
    while (client.chunks_left > 0) {
      const bool last = --client.chunks_left == 0;
      const auto kind = client.shape.translated ? EventText::Kind::messages
                        : last                  ? EventText::Kind::last
                                                : EventText::Kind::middle;
      if (!write(client, chunk_of(event_of(kind, client.shape.chunk_bytes).stamped(now_ns())))) {
        return false;
      }
      if (!last && client.shape.gap > 0) {
        due_.push({due + client.shape.gap, client.fd.get(), client.number});
        return true;
      }
    }
    const std::string_view end = client.shape.translated ? kMessagesEnd : kDone;
    return write(client, std::string(chunk_of(end)) + "0\r\n\r\n");
  }

  void send_due() {
    const Nanos now = now_ns();
    while (!due_.empty() && due_.top().at <= now) {
      const Due due = due_.top();
      due_.pop();
      const auto found = clients_.find(due.fd);
      if (found == clients_.end() || found->second->number != due.number) { continue; }
      if (!send_events(*found->second, due.at)) { clients_.erase(found); }
    }
  }

  /// \return false when the client is gone
  static bool write(Client& client, std::string_view bytes) {
    if (!client.out.empty()) {
      client.out.append(bytes);
      bytes = client.out;
    }
    const ssize_t sent = ::send(client.fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) { return false; }
    client.out = std::string(bytes.substr(static_cast<std::size_t>(std::max<ssize_t>(sent, 0))));
    return true;
  }

  const std::string& json_answer(std::size_t bytes) {
    std::string& text = answers_[bytes];
    if (text.empty()) {
      const std::string body = completion(bytes);
      text = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    return text;
  }

  EventText& event_of(EventText::Kind kind, std::size_t bytes) {
    return events_.try_emplace({kind, bytes}, kind, bytes).first->second;
  }

  std::string_view chunk_of(std::string_view data) {
    char size[32];
    const int digits = std::snprintf(size, sizeof size, "%zx\r\n", data.size());
    chunk_.assign(size, static_cast<std::size_t>(digits)).append(data).append("\r\n");
    return chunk_;
  }

  Poller poller_;
  Fd listener_;
  Shape defaults_;
  std::uint64_t accepted_ = 0;
  std::unordered_map<int, std::unique_ptr<Client>> clients_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::unordered_map<std::size_t, std::string> answers_;
  std::map<std::pair<EventText::Kind, std::size_t>, EventText> events_;
  std::string chunk_;
  std::vector<char> input_ = std::vector<char>(64 * 1024);
};

}  // namespace

}  // namespace butter::bench

int main(int argc, char** argv) {
  using namespace butter::bench;
  Options options(argc, argv);
  Shape defaults;
  const auto port = static_cast<std::uint16_t>(options.integer("port", 0));
  defaults.answer_bytes = static_cast<std::size_t>(options.integer("answer-bytes", 1024));
  defaults.chunks = static_cast<std::size_t>(options.integer("chunks", 100));
  defaults.chunk_bytes = static_cast<std::size_t>(options.integer("chunk-bytes", 200));
  defaults.gap = options.integer("gap-us", 0) * kMicrosecond;
  options.refuse_unknown();
  raise_descriptor_limit();
  want_sharp_timers();
  MockUpstream upstream(port, defaults);
  std::printf("%u\n", upstream.port());
  std::fflush(stdout);
  upstream.run();
}
