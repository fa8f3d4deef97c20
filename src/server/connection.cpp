#include "server/connection.h"

#include <algorithm>
#include <utility>

namespace butter::server {

namespace {
constexpr std::uint64_t kMostDropped = 256 * 1024;  ///< of an unwanted body, to keep the connection
constexpr Duration kLinger = 2s;
}  // namespace

Connection::Connection(net::Loop& loop, net::Stream stream, const net::Address& peer,
                       Service& service, Owner& owner, const Limits& limits)
    : loop_(loop),
      stream_(std::move(stream)),
      peer_(peer),
      service_(service),
      owner_(owner),
      limits_(limits),
      timer_(net::Timer::calling<&Connection::on_deadline>(this)) {
  service_.on_open();
  if (!loop_.watch(stream_.fd(), *this)) { broken_ = true; }
  arm(broken_ ? Duration::zero() : limits_.read_timeout);
}

Connection::~Connection() {
  if (stream_) { loop_.unwatch(stream_.fd(), *this); }
}

void Connection::on_io(net::Ready ready) {
  if (ready.writable && !output_.empty()) { write_output(); }
  if (ready.readable && state_ != State::closed) { read_input(ready.hangup); }
}

void Connection::queue(std::string_view bytes) {
  if (bytes.empty()) { return; }
  if (queued_count_ == queued_.size()) { flush(); }
  queued_[queued_count_++] = net::to_iovec(bytes);
  bytes_out_ += bytes.size();
}

void Connection::flush() {
  const std::size_t count = std::exchange(queued_count_, 0);
  if (count == 0 || broken_) { return; }
  std::size_t written = 0;
  if (output_.empty()) {
    const net::IoResult result = stream_.write({queued_.data(), count});
    if (result.status == net::IoStatus::error) {
      // The exchange is on the stack: it learns of it from the loop.
      broken_ = true;
      arm(Duration::zero());
      return;
    }
    written = result.bytes;
  }
  const bool was_empty = output_.empty();
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view piece(static_cast<const char*>(queued_[i].iov_base), queued_[i].iov_len);
    const std::size_t skip = std::min(written, piece.size());
    written -= skip;
    output_.append(piece.substr(skip));
  }
  if (was_empty && !output_.empty()) {
    written_mark_ = written_;
    arm(limits_.write_timeout);
  }
  if (output_.size() > kHighMark) { drained_due_ = true; }
}

void Connection::write_output() {
  const iovec piece = net::to_iovec(output_.view());
  const net::IoResult result = stream_.write({&piece, 1});
  if (result.status == net::IoStatus::error) {
    client_left();
    return;
  }
  written_ += result.bytes;
  output_.consume(result.bytes);
  if (drained_due_ && output_.size() < kLowMark) {
    drained_due_ = false;
    if (exchange_ != nullptr) { exchange_->on_drained(); }
  }
  if (output_.empty() && state_ != State::closed) { output_written(); }
}

void Connection::output_written() {
  output_.release();
  switch (std::exchange(then_, Then::go_on)) {
    case Then::go_on:
      if (state_ == State::body) { arm(limits_.read_timeout); }
      if (state_ == State::head) { await_request(); }
      return;
    case Then::next_request: next_request(); return;
    case Then::linger: linger(); return;
    case Then::close: close(); return;
  }
}

void Connection::finish() {
  const bool body_read = body_.done();
  if (!stays()) {
    // With nothing of the client's left unread, closing sends an end and no reset.
    const bool all_read = body_read && input_.empty() && !unread_;
    end_answer(all_read ? Then::close : Then::linger);
  } else if (body_read) {
    end_answer(Then::next_request);
  } else {
    // A short body that nobody wanted: read and dropped, then the next request.
    exchange_ = nullptr;
    input_paused_ = false;
    flush();
    state_ = State::body;
    arm(limits_.read_timeout);
    read_on();
  }
}

void Connection::abort() {
  keep_alive_ = false;
  end_answer(Then::close);
}

void Connection::end_answer(Then then) {
  exchange_ = nullptr;
  flush();
  if (state_ == State::closed) { return; }
  state_ = State::answering;
  then_ = then;
  if (output_.empty()) { output_written(); }
}

bool Connection::keep_alive() noexcept {
  keep_alive_ = keep_alive_ && !draining_;
  return stays();
}

bool Connection::stays() const noexcept {
  if (!keep_alive_ || broken_) { return false; }
  return body_.done() ||
         (!expect_continue_ && body_.remaining() > 0 && body_.remaining() <= kMostDropped);
}

void Connection::linger() {
  if (broken_) {
    close();
    return;
  }
  state_ = State::lingering;
  stream_.shut_down_writing();
  arm(kLinger);
  read_on();
}

void Connection::send_continue() {
  if (!std::exchange(expect_continue_, false)) { return; }
  queue("HTTP/1.1 100 Continue\r\n\r\n");
  bytes_out_ = 0;  // no part of the answer: a bad body can still be refused with a status
  flush();
}

void Connection::resume_input() {
  if (!std::exchange(input_paused_, false)) { return; }
  if (state_ == State::body) { arm(limits_.read_timeout); }
  read_on();
}

void Connection::drain() {
  draining_ = true;
  if (state_ == State::head && input_.empty() && output_.empty()) { await_request(); }
}

void Connection::cut_off() {
  draining_ = true;
  if (exchange_ != nullptr) {
    exchange_->on_stop();
  } else if (state_ == State::head && !input_.empty()) {
    refuse(503, "the server is shutting down");
  } else if (state_ == State::head || state_ == State::body) {
    end_answer(Then::close);
  }
}

void Connection::terminate() {
  if (state_ != State::closed) { client_left(); }
}

void Connection::close() {
  if (state_ == State::closed) { return; }
  state_ = State::closed;
  timer_.cancel();
  loop_.unwatch(stream_.fd(), *this);
  stream_.close();
  service_.on_close();
  owner_.closed(*this);
}

void Connection::arm(Duration limit) {
  deadline_ = loop_.now() + limit;
  if (timer_.armed() && timer_due_ <= deadline_) { return; }
  timer_due_ = deadline_;
  loop_.arm(timer_, limit);
}

void Connection::on_deadline() {
  if (broken_) {
    client_left();
    return;
  }
  if (loop_.now() < deadline_) {
    arm(deadline_ - loop_.now());
    return;
  }
  if (!output_.empty()) {
    // Without a byte taken for the whole limit the client is gone.
    if (written_ == written_mark_) {
      client_left();
      return;
    }
    written_mark_ = written_;
    arm(limits_.write_timeout);
    return;
  }
  switch (state_) {
    case State::head:
      if (input_.empty()) {
        close();
      } else {
        refuse(408, "the request's head did not arrive in time");
      }
      return;
    case State::body:
      if (!input_paused_) { refuse(408, "the request's body did not arrive in time"); }
      return;
    case State::lingering: close(); return;
    case State::answering:
    case State::closed: return;
  }
}

}  // namespace butter::server
