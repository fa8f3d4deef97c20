#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/fd.h"
#include "config/config.h"
#include "gateway/worker.h"
#include "log/sink.h"
#include "net/resolver.h"
#include "plugin/chain.h"

namespace butter::gateway::test {

/// An HTTP message as it came from a socket.
struct Message {
  std::string start;   ///< the first line, without its line end
  std::string head;    ///< all of the head, blank line included
  std::string body;    ///< framing removed
  bool whole = false;  ///< it had its proper end

  [[nodiscard]] int status() const;  ///< of an answer
  /// The first value under `name`; "absent" when there is none.
  [[nodiscard]] std::string field(std::string_view name) const;
};

/// One end of a connection, driven by the test: a client of the gateway, or an upstream's side. All
/// calls block, at most 10 s: then reads give what there is.
/// Thread: any one at a time.
class Peer {
 public:
  Peer() = default;
  explicit Peer(Fd fd);
  [[nodiscard]] static Peer connect(std::uint16_t port);

  void send(std::string_view bytes);
  /// The next message, whole or as far as it came.
  [[nodiscard]] Message read_request() { return read_message(true, false); }
  [[nodiscard]] Message read_answer(bool to_head = false) { return read_message(false, to_head); }
  /// Raw bytes, up to and with the first `mark`.
  [[nodiscard]] std::string read_until(std::string_view mark);
  [[nodiscard]] std::string read_to_end();
  /// Whether the other side has closed the connection, with nothing more to read.
  [[nodiscard]] bool at_end();
  void close() { fd_.reset(); }
  /// Closes so that the other side sees a reset.
  void reset();

 private:
  [[nodiscard]] bool read_some();
  [[nodiscard]] Message read_message(bool request, bool to_head);

  Fd fd_;
  std::string unread_;
};

/// A server on the loopback that the test drives: it answers nothing by itself.
class Upstream {
 public:
  Upstream();
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::string url() const;  ///< "http://127.0.0.1:port/v1"
  /// The next connection that the gateway opens.
  [[nodiscard]] Peer accept();
  /// The same, once its request has been read.
  [[nodiscard]] Peer asked();
  /// Whether a connection is waiting to be accepted, now.
  [[nodiscard]] bool was_called() const;

 private:
  Fd listening_;
  std::uint16_t port_ = 0;
};

/// A provider that leads to an upstream of the test.
[[nodiscard]] config::Provider provider(std::string name, const Upstream& upstream);

/// A configuration with these providers, the first the default one, failover without back-off, and
/// the request log and metrics on.
[[nodiscard]] config::Config config_of(std::vector<config::Provider> providers);
/// The same with "first" and "second", to which the model "m" goes in that order, with one try
/// each.
[[nodiscard]] config::Config failing_over(const Upstream& first, const Upstream& second);

/// Plugins in order, with 5 s for all that they do to a request.
[[nodiscard]] std::shared_ptr<const plugin::Chain> chain(std::vector<plugin::Plugin> plugins);

/// Workers on one port of the loopback, each on a thread of its own.
class Gateway {
 public:
  /// \param on_thread  called on each worker's thread before it runs
  explicit Gateway(
      config::Config config, std::function<void()> on_thread = [] {}, std::size_t workers = 1,
      std::shared_ptr<const plugin::Chain> chain = nullptr);
  Gateway(config::Config config, std::shared_ptr<const plugin::Chain> chain);
  ~Gateway();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] Peer client() const { return Peer::connect(port_); }
  /// A client that has sent this.
  [[nodiscard]] Peer ask(std::string_view bytes) const;
  [[nodiscard]] Worker& worker() noexcept { return *workers_.front(); }
  [[nodiscard]] Shared& shared() noexcept { return shared_; }
  /// Puts another configuration in force, and waits until it is.
  void reload(config::Config config);
  /// Waits until the exposition has this line, which is what a request leaves behind.
  [[nodiscard]] bool wait_for_metric(std::string_view line);
  /// Ends the workers. \return all that was logged
  std::string stop();

 private:
  Fd log_file_;
  log::Sink sink_;
  net::Resolver resolver_;
  Shared shared_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::uint16_t port_ = 0;
  std::vector<std::thread> threads_;
};

/// A request to the gateway: "POST /v1/chat/completions" and the like, with a length.
[[nodiscard]] std::string request(std::string_view method_and_path, std::string_view body = "",
                                  std::string_view more_head = "");
/// An upstream's answer with a length.
[[nodiscard]] std::string answer(int status, std::string_view body,
                                 std::string_view more_head = "");
/// An upstream's head of a chunked stream of events.
[[nodiscard]] std::string stream_head();
/// One chunk.
[[nodiscard]] std::string chunk(std::string_view bytes);
/// An event with one chunk of a chat answer: {"content": text}.
[[nodiscard]] std::string chat_event(std::string_view text);

}  // namespace butter::gateway::test
