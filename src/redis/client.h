#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.h"
#include "net/dialer.h"
#include "net/loop.h"
#include "net/stream.h"
#include "redis/command.h"
#include "redis/reply.h"
#include "redis/server.h"

namespace butter::redis {

/// One connection to a Redis server. Commands go out at once, behind those that still wait for
/// their replies.
///
///   dialing ──▶ greeting ──▶ ready ──▶ resting ──back-off──▶ dialing
///      └───────────┴──failed─────────────▲
///
/// A server that does not answer costs its caller one time limit, and the next ones nothing: it
/// counts as away, and send() refuses, until it has answered all that it was asked, or until there
/// is a new connection. While the first one, or one in place of a lost one, is being made, commands
/// wait for it. Destroyed by none of its own callbacks. Thread: worker-local.
class Client final : public net::Handler {
  struct Command;

 public:
  /// The reply, valid during the call; it may be an error of the server's. nullptr = none came in
  /// time, or the connection was lost: whether the command was carried out is not known.
  using Done = std::move_only_function<void(const Reply* reply)>;
  /// The server is there, or away from now on; why, for people, without secrets.
  using OnChange = std::move_only_function<void(bool there, std::string_view why)>;

  /// Whoever waits for a reply. Destroying it gives the reply up: `done` is not called any more.
  /// The command is carried out all the same. Thread: that of the client.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(Ticket&&) noexcept = default;
    Ticket& operator=(Ticket&& other) noexcept;
    ~Ticket() { give_up(); }

    /// false: the server is away, or too much waits; `done` is never called.
    [[nodiscard]] explicit operator bool() const noexcept { return command_ != nullptr; }
    void give_up() noexcept;

   private:
    friend class Client;
    explicit Ticket(std::shared_ptr<Command> command) noexcept : command_(std::move(command)) {}
    std::shared_ptr<Command> command_;
  };

  /// \param on_change  may be empty
  Client(net::Loop& loop, net::Resolver& resolver, std::shared_ptr<const Server> server,
         OnChange on_change);
  ~Client() override;

  /// `done` is called from the loop, never from inside.
  [[nodiscard]] Ticket send(std::span<const std::string_view> words, Done done);
  /// Runs a script. Its text goes with the first run on each connection, and again when the server
  /// has forgotten it: scripts run in the order of their calls, unless one was forgotten.
  /// \param script  outlives the client
  [[nodiscard]] Ticket run(const Script& script, std::span<const std::string_view> keys,
                           std::span<const std::string_view> arguments, Done done);

  void on_io(net::Ready ready) override;

  static constexpr std::size_t kMostInFlight = 4096;            ///< commands
  static constexpr std::size_t kMostUnsent = 64 * 1024 * 1024;  ///< bytes
  static constexpr Duration kSilence = 1s;  ///< a connection without a reply for so long is dropped

 private:
  enum class State : std::uint8_t { resting, dialing, greeting, ready };

  [[nodiscard]] bool takes_more() const noexcept;
  [[nodiscard]] Ticket enqueue(Done done);
  void send_text_of(const std::shared_ptr<Command>& command);
  void dial();
  void greet(net::Stream stream);
  void write();
  void read(bool hangup);
  [[nodiscard]] bool take_replies();
  [[nodiscard]] bool take_reply(const Reply& reply);
  [[nodiscard]] bool take_greeting(const Reply& reply);
  void on_due();
  void arm_due();
  void go_away(std::string_view why);
  void come_back();
  void lose(std::string_view why);
  void drop_commands();

  net::Loop& loop_;
  const std::shared_ptr<const Server> server_;
  OnChange on_change_;
  net::TlsTicket ticket_;
  net::Dialer dialer_;
  net::Stream stream_;
  State state_ = State::resting;
  bool trusted_ = true;         ///< nothing has failed since it last answered
  std::optional<bool> told_{};  ///< by on_change_
  Buffer greeting_;             ///< what is unsent of it
  std::size_t greetings_due_ = 0;
  Buffer output_;
  Buffer input_;
  std::deque<std::shared_ptr<Command>> in_flight_;
  std::vector<const Script*> sent_scripts_;  ///< on this connection
  TimePoint ready_since_;
  Duration backoff_{0};
  bool broken_ = false;  ///< a write failed
  net::Timer due_;
  net::Timer retry_;
};

}  // namespace butter::redis
