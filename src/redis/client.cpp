#include "redis/client.h"

#include <algorithm>
#include <utility>

namespace butter::redis {

namespace {

constexpr Duration kConnect = 2s;  ///< for name, TCP, TLS and greeting
constexpr Duration kFirstBackoff = 100ms;
constexpr Duration kLongestBackoff = 5s;
constexpr Duration kSteady = 1s;  ///< a connection that was lost after so long is replaced at once
constexpr std::size_t kKeptInput = 64 * 1024;

std::string in_ms(Duration d) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(d).count()) + " ms";
}

}  // namespace

/// One that waits for its reply.
struct Client::Command {
  Done done;  ///< empty: nobody waits any more
  TimePoint sent_at;
  const Script* script = nullptr;  ///< it is one whose text the server may not know
  Buffer tail;                     ///< what follows the script's name or text
  std::size_t words = 0;           ///< of the whole command
};

void Client::Ticket::give_up() noexcept {
  if (command_) { command_->done = nullptr; }
  command_.reset();
}

Client::Ticket& Client::Ticket::operator=(Ticket&& other) noexcept {
  if (this != &other) {
    give_up();
    command_ = std::move(other.command_);
  }
  return *this;
}

Client::Client(net::Loop& loop, net::Resolver& resolver, std::shared_ptr<const Server> server,
               OnChange on_change)
    : loop_(loop),
      server_(std::move(server)),
      on_change_(std::move(on_change)),
      dialer_(loop, resolver),
      due_(net::Timer::calling<&Client::on_due>(this)),
      retry_(net::Timer::calling<&Client::dial>(this)) {
  // From the loop: whoever makes it is not called from inside.
  loop_.arm(retry_, Duration::zero());
}

Client::~Client() {
  if (stream_) { loop_.unwatch(stream_.fd(), *this); }
}

bool Client::takes_more() const noexcept {
  return trusted_ && in_flight_.size() < kMostInFlight && output_.size() < kMostUnsent;
}

Client::Ticket Client::send(std::span<const std::string_view> words, Done done) {
  if (!takes_more()) { return {}; }
  append_command(output_, words.size());
  for (const std::string_view word : words) { append_word(output_, word); }
  return enqueue(std::move(done));
}

Client::Ticket Client::run(const Script& script, std::span<const std::string_view> keys,
                           std::span<const std::string_view> arguments, Done done) {
  if (!takes_more()) { return {}; }
  Buffer tail;
  append_word(tail, std::to_string(keys.size()));
  for (const std::string_view key : keys) { append_word(tail, key); }
  for (const std::string_view argument : arguments) { append_word(tail, argument); }
  const std::size_t words = 3 + keys.size() + arguments.size();
  append_command(output_, words);
  const bool known = std::ranges::find(sent_scripts_, &script) != sent_scripts_.end();
  append_word(output_, known ? "EVALSHA" : "EVAL");
  append_word(output_, known ? script.hash() : script.text());
  output_.append(tail.view());
  Ticket ticket = enqueue(std::move(done));
  if (!known) {
    sent_scripts_.push_back(&script);
    return ticket;
  }
  ticket.command_->script = &script;
  ticket.command_->tail = std::move(tail);
  ticket.command_->words = words;
  return ticket;
}

Client::Ticket Client::enqueue(Done done) {
  auto command = std::make_shared<Command>();
  command->done = std::move(done);
  command->sent_at = loop_.now();
  in_flight_.push_back(command);
  arm_due();
  if (state_ == State::ready) { write(); }
  return Ticket(std::move(command));
}

/// The server does not know the script: once more, with its text. The time limit is still that of
/// the first.
void Client::send_text_of(const std::shared_ptr<Command>& command) {
  append_command(output_, command->words);
  append_word(output_, "EVAL");
  append_word(output_, std::exchange(command->script, nullptr)->text());
  output_.append(command->tail.view());
  in_flight_.push_back(command);
  arm_due();
  write();
}

void Client::dial() {
  if (state_ == State::dialing || state_ == State::greeting) {
    lose("no connection within " + in_ms(kConnect));
    return;
  }
  state_ = State::dialing;
  loop_.arm(retry_, kConnect);
  dialer_.dial({server_->host, server_->port, server_->tls}, ticket_,
               [this](Result<net::Stream> stream) {
                 if (stream) {
                   greet(*std::move(stream));
                 } else {
                   lose(stream.error().detail);
                 }
               });
}

void Client::greet(net::Stream stream) {
  stream_ = std::move(stream);
  if (!loop_.watch(stream_.fd(), *this)) {
    lose("the connection cannot be watched");
    return;
  }
  state_ = State::greeting;
  broken_ = false;
  input_.clear();
  greeting_.clear();
  greetings_due_ = 0;
  const auto say = [this](std::initializer_list<std::string_view> words) {
    append_command(greeting_, words.size());
    for (const std::string_view word : words) { append_word(greeting_, word); }
    ++greetings_due_;
  };
  if (!server_->username.empty()) {
    say({"AUTH", server_->username, server_->password.reveal()});
  } else if (!server_->password.empty()) {
    say({"AUTH", server_->password.reveal()});
  }
  if (server_->db != 0) { say({"SELECT", std::to_string(server_->db)}); }
  say({"PING"});
  write();
}

void Client::write() {
  Buffer& out = state_ == State::greeting ? greeting_ : output_;
  while (!out.empty()) {
    const iovec piece = net::to_iovec(out.view());
    const net::IoResult result = stream_.write({&piece, 1});
    if (result.status == net::IoStatus::again) { return; }
    if (result.status != net::IoStatus::ok) {
      // Whoever called may be in the middle of something: it is told from the loop.
      broken_ = true;
      loop_.rewatch(stream_.fd(), *this);
      return;
    }
    out.consume(result.bytes);
  }
  out.release(kKeptInput);
}

void Client::on_io(net::Ready ready) {
  if (ready.writable && !broken_) { write(); }
  read(ready.hangup);
}

void Client::read(bool hangup) {
  while (stream_) {
    const std::span<char> scratch = loop_.scratch();
    const net::IoResult result = stream_.read(scratch);
    if (result.status == net::IoStatus::again && !broken_) { return; }
    if (result.status != net::IoStatus::ok) {
      lose("the connection was closed");
      return;
    }
    input_.append({scratch.data(), result.bytes});
    if (!take_replies()) { return; }
    // A short read means that the socket is empty; its end, if any, has its own event.
    if (result.drained && !hangup && !broken_) { return; }
  }
}

/// \return false: the connection is lost
bool Client::take_replies() {
  // Taken away, so that nobody who is called from here moves it.
  Buffer input = std::exchange(input_, Buffer());
  while (!input.empty()) {
    Reply reply;
    std::size_t size = 0;
    const Parsed got = parse_reply(input.view(), reply, size);
    if (got == Parsed::more) { break; }
    if (got == Parsed::bad) {
      lose("it does not speak Redis' protocol");
      return false;
    }
    if (!(state_ == State::greeting ? take_greeting(reply) : take_reply(reply))) { return false; }
    input.consume(size);
  }
  if (input.empty()) { input.release(kKeptInput); }
  input_ = std::move(input);
  return true;
}

bool Client::take_greeting(const Reply& reply) {
  if (reply.is_error()) {
    constexpr std::size_t kMostShown = 200;
    lose("the server refuses: " + std::string(reply.text.substr(0, kMostShown)));
    return false;
  }
  if (--greetings_due_ > 0) { return true; }
  state_ = State::ready;
  retry_.cancel();
  ready_since_ = loop_.now();
  come_back();
  write();
  return true;
}

bool Client::take_reply(const Reply& reply) {
  if (in_flight_.empty()) {
    lose("a reply that nobody asked for");
    return false;
  }
  const std::shared_ptr<Command> command = std::move(in_flight_.front());
  in_flight_.pop_front();
  if (command->script != nullptr && reply.is_error() && reply.text.starts_with("NOSCRIPT")) {
    send_text_of(command);
    return true;
  }
  if (Done done = std::exchange(command->done, nullptr)) { done(&reply); }
  if (in_flight_.empty()) {
    due_.cancel();
    come_back();
  }
  return true;
}

void Client::arm_due() {
  if (due_.armed()) { return; }
  const auto waits = [](const auto& each) { return static_cast<bool>(each->done); };
  const auto first = std::ranges::find_if(in_flight_, waits);
  // With nobody who waits, it is about the connection.
  const TimePoint at = first != in_flight_.end() ? (*first)->sent_at + server_->timeout
                       : in_flight_.empty()      ? loop_.now()
                                                 : in_flight_.front()->sent_at + kSilence;
  loop_.arm(due_, std::max(at - loop_.now(), Duration::zero()));
}

void Client::on_due() {
  const TimePoint now = loop_.now();
  const auto is_late = [&](const auto& each) { return each->sent_at + server_->timeout <= now; };
  if (std::ranges::any_of(in_flight_, is_late)) {
    // First, so that whoever is told asks no more.
    go_away("no answer within " + in_ms(server_->timeout));
    for (const auto& command : in_flight_) {
      if (!is_late(command)) { continue; }
      if (Done done = std::exchange(command->done, nullptr)) { done(nullptr); }
    }
  }
  if (in_flight_.empty()) { return; }
  if (in_flight_.front()->sent_at + kSilence <= now) {
    lose("no answer within " + in_ms(kSilence));
  } else {
    arm_due();
  }
}

/// Nothing is sent any more, until it is there again.
void Client::go_away(std::string_view why) {
  trusted_ = false;
  // What has not gone out must not go out later: nobody waits for it.
  if (state_ != State::ready) { drop_commands(); }
  if (told_ != false) {
    told_ = false;
    if (on_change_) { on_change_(false, why); }
  }
}

void Client::come_back() {
  trusted_ = true;
  if (told_ != true) {
    told_ = true;
    if (on_change_) { on_change_(true, {}); }
  }
}

void Client::lose(std::string_view why) {
  const bool steady = state_ == State::ready && loop_.now() - ready_since_ >= kSteady;
  const bool silent = !trusted_;
  if (stream_) { loop_.unwatch(stream_.fd(), *this); }
  stream_.close();
  dialer_.cancel();
  state_ = State::resting;
  input_.release();
  if (steady && !silent) {
    // Servers close connections that were idle, or end to be started anew.
    backoff_ = Duration::zero();
    drop_commands();
  } else {
    backoff_ = std::clamp(backoff_ * 2, kFirstBackoff, kLongestBackoff);
    go_away(why);
  }
  loop_.arm(retry_, backoff_);
}

void Client::drop_commands() {
  due_.cancel();
  output_.release();
  sent_scripts_.clear();
  for (const auto& command : std::exchange(in_flight_, {})) {
    if (Done done = std::exchange(command->done, nullptr)) { done(nullptr); }
  }
}

}  // namespace butter::redis
