// What a Connection reads: heads, bodies, and the client's leaving.

#include <algorithm>
#include <utility>

#include "server/connection.h"

namespace butter::server {

namespace {

constexpr std::string_view kNotHttp = "the request's head is not valid HTTP/1.1";

}  // namespace

void Connection::read_input(bool hangup) {
  unread_ = true;
  while (state_ != State::closed) {
    if (input_paused_ || state_ == State::answering) {
      if (hangup) { client_left(); }
      return;
    }
    if (state_ == State::body && exchange_ != nullptr) {
      if (read_in_place()) { continue; }
      if (state_ != State::body || !unread_) { return; }
    }
    const std::span<char> scratch = loop_.scratch();
    const net::IoResult result = stream_.read(scratch);
    if (result.status == net::IoStatus::again) {
      unread_ = false;
      return;
    }
    if (result.status != net::IoStatus::ok) {
      client_left();
      return;
    }
    if (result.drained && !hangup) { unread_ = false; }
    process({scratch.data(), result.bytes});
    if (!unread_) { return; }
  }
}

bool Connection::read_in_place() {
  std::span<char> room = exchange_->body_room();
  const std::uint64_t left = body_.remaining();
  if (room.empty() || left == 0) { return false; }
  if (room.size() > left) { room = room.first(static_cast<std::size_t>(left)); }
  const net::IoResult result = stream_.read(room);
  if (result.status == net::IoStatus::again) {
    unread_ = false;
    return false;
  }
  if (result.status != net::IoStatus::ok) {
    client_left();
    return false;
  }
  std::string_view bytes(room.data(), result.bytes);
  std::string_view piece;
  const auto step = body_.next(bytes, piece);
  grant_time_for(result.bytes);
  exchange_->on_body_in_place(result.bytes);
  if (step == http::BodyReader::Step::piece && state_ == State::body && exchange_ != nullptr &&
      body_.done()) {
    end_body();
  }
  return true;
}

void Connection::process(std::string_view bytes) {
  processing_ = true;
  if (input_.empty()) {
    process_all(bytes);
  } else {
    input_.append(bytes);
    if (state_ == State::head && input_.size() <= limits_.max_head_bytes &&
        http::find_head_end(input_.view(), head_seen_) == 0 &&
        !http::has_bare_lf(input_.view(), head_seen_)) {
      head_seen_ = input_.size();
    } else {
      const Buffer whole = std::exchange(input_, Buffer());
      process_all(whole.view());
    }
  }
  processing_ = false;
}

void Connection::process_all(std::string_view bytes) {
  while (!bytes.empty()) {
    switch (state_) {
      case State::head:
        if (!take_head(bytes)) { return; }
        break;
      case State::body: take_body(bytes); break;
      case State::answering:
        if (keep_alive_) { input_.append(bytes); }
        head_seen_ = 0;
        return;
      case State::lingering:
      case State::closed: return;
    }
    if (input_paused_ && !bytes.empty()) {
      input_.append(bytes);
      return;
    }
  }
  if (exchange_ != nullptr) { exchange_->on_input_flush(); }
}

bool Connection::take_head(std::string_view& bytes) {
  // One empty line before a request line is skipped (RFC 9112, section 2.2).
  if (bytes.starts_with("\r\n")) { bytes.remove_prefix(2); }
  const std::size_t size = http::find_head_end(bytes);
  if (size > limits_.max_head_bytes || (size == 0 && bytes.size() > limits_.max_head_bytes)) {
    refuse(431, "the request's head is larger than " + std::to_string(limits_.max_head_bytes) +
                    " bytes");
    return false;
  }
  if (size == 0 && http::has_bare_lf(bytes)) {
    refuse(400, kNotHttp);
    return false;
  }
  if (size == 0) {
    input_.append(bytes);
    head_seen_ = bytes.size();
    arm(limits_.read_timeout);
    return false;
  }
  http::RequestHead head;
  if (const auto parsed = http::parse_request_head(bytes.substr(0, size), head); !parsed) {
    refuse(http::status_of(parsed.error()), kNotHttp);
    return false;
  }
  bytes.remove_prefix(size);
  began_at_ = std::chrono::steady_clock::now();
  http_1_0_ = head.http_1_0;
  keep_alive_ = head.keep_alive;
  expect_continue_ = head.expect_continue && head.framing.kind != http::Framing::Kind::none;
  body_ = http::BodyReader(head.framing, http::ChunkExtensions::refused);
  bytes_out_ = 0;
  state_ = State::body;
  if (!body_.done()) { arm(limits_.read_timeout); }
  Exchange* const exchange = service_.begin(*this, head);
  if (exchange == nullptr) { return state_ != State::closed; }
  exchange_ = exchange;
  if (body_.done()) { end_body(); }
  return true;
}

void Connection::take_body(std::string_view& bytes) {
  expect_continue_ = false;
  while (state_ == State::body && !input_paused_) {
    std::string_view piece;
    switch (body_.next(bytes, piece)) {
      case http::BodyReader::Step::piece:
        grant_time_for(piece.size());
        if (exchange_ != nullptr) { exchange_->on_body(piece); }
        break;
      case http::BodyReader::Step::need_more: return;
      case http::BodyReader::Step::done: end_body(); return;
      case http::BodyReader::Step::bad:
        refuse(400, "bad chunk framing in the request's body");
        return;
    }
    if (body_.done()) {
      if (state_ == State::body) { end_body(); }
      return;
    }
  }
}

/// Each byte of a body gives a little more time for the next ones, so that one byte now and then
/// does not hold a connection for ever.
void Connection::grant_time_for(std::size_t body_bytes) {
  constexpr Duration kEach = Duration(1s) / kSlowestBody;
  const Duration left = std::max(Duration::zero(), deadline_ - loop_.now());
  arm(std::min(limits_.read_timeout, left + kEach * static_cast<std::int64_t>(body_bytes)));
}

void Connection::end_body() {
  if (exchange_ != nullptr) {
    state_ = State::answering;
    exchange_->on_body_end();
  } else {
    next_request();
  }
}

void Connection::next_request() {
  state_ = State::head;
  head_seen_ = 0;
  input_paused_ = false;
  if (output_.empty()) { await_request(); }
  read_on();
}

void Connection::await_request() {
  constexpr Duration kGrace = 500ms;  // for one that is on its way when the server stops
  arm(draining_ ? std::min(kGrace, limits_.read_timeout) : limits_.read_timeout);
}

/// Goes on with what came while nobody read. What waits in the socket is read from the loop: who
/// called may hold views into the scratch.
void Connection::read_on() {
  if (processing_) { return; }
  if (!input_.empty()) { process({}); }
  if (unread_ && state_ != State::closed) { loop_.rewatch(stream_.fd(), *this); }
}

void Connection::refuse(int status, std::string_view why) {
  const bool begun = bytes_out_ > 0 && exchange_ != nullptr;
  if (exchange_ != nullptr) { std::exchange(exchange_, nullptr)->on_bad_body(status, why); }
  keep_alive_ = false;
  if (begun) {
    end_answer(Then::close);
    return;
  }
  queue(service_.refusal(status, why));
  end_answer(Then::linger);
}

void Connection::client_left() {
  if (exchange_ != nullptr) { std::exchange(exchange_, nullptr)->on_gone(); }
  queued_count_ = 0;
  close();
}

}  // namespace butter::server
