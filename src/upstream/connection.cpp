#include "upstream/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "upstream/call.h"
#include "upstream/pool.h"

namespace butter::upstream {

namespace {
constexpr std::size_t kMostHead = 128 * 1024;
constexpr std::size_t kMostDrain =
    64 * 1024;  ///< a longer rest of an unwanted answer costs more than a connection
constexpr Duration kDrainFor = 1s;
constexpr std::size_t kBatch = 32;  ///< body pieces told at once
}  // namespace

Connection::Connection(Pool& pool)
    : pool_(pool),
      dialer_(pool.loop_, pool.resolver_),
      idle_timer_(net::Timer::calling<&Connection::on_idle_timeout>(this)) {}

Connection::~Connection() {
  if (stream_) { pool_.loop_.unwatch(stream_.fd(), *this); }
}

void Connection::serve(Call& call) {
  idle_timer_.cancel();
  state_ = State::ready;
  call_ = &call;
  call.connection_ = this;
  piece_ = offset_ = head_seen_ = 0;
  partial_.clear();
  in_body_ = false;
  call.lent();
  write_request();
}

void Connection::detach(bool reuse) {
  call_ = nullptr;
  if (reuse && state_ == State::ready && in_body_ && keep_alive_ &&
      body_.remaining() <= kMostDrain) {
    drain_left_ = kMostDrain;
    pool_.loop_.arm(idle_timer_, kDrainFor);
    // The edge for what waits in the socket may be spent: the call may have been paused.
    pool_.loop_.rewatch(stream_.fd(), *this);
    return;
  }
  close();
}

void Connection::on_io(net::Ready ready) {
  switch (state_) {
    case State::dialing:
    case State::closed: return;
    case State::proxy:
      if (ready.readable) { read_proxy_answer(); }
      return;
    case State::idle:
      // Closed by the peer, or bytes that nobody asked for; a TLS ticket counts as neither.
      if (ready.hangup) {
        close();
      } else if (ready.readable) {
        const net::IoResult result = stream_.read(pool_.loop_.scratch());
        if (result.status != net::IoStatus::again) { close(); }
      }
      return;
    case State::ready: break;
  }
  hangup_ = hangup_ || ready.hangup;
  if (ready.writable) { write_request(); }
  // TLS may hold bytes that the socket no longer has.
  const bool readable = ready.readable || stream_.tls() != nullptr;
  if (readable && state_ == State::ready) { read_answer(); }
}

void Connection::write_request() {
  if (call_ == nullptr || state_ != State::ready) { return; }
  Call& call = *call_;
  while (!call.sent_) {
    std::array<iovec, Call::kMostPieces + 1> pieces;
    std::size_t count = 0;
    for (std::size_t i = piece_; i < call.piece_count_; ++i) {
      const std::size_t skip = i == piece_ ? offset_ : 0;
      if (call.pieces_[i].size() > skip) {
        pieces[count++] = net::to_iovec(call.pieces_[i].substr(skip));
      }
    }
    if (!call.late_body_.empty()) { pieces[count++] = net::to_iovec(call.late_body_.view()); }
    if (count == 0) {
      if (!call.body_open_) { call.request_sent(); }
      return;
    }
    const net::IoResult result = stream_.write({pieces.data(), count});
    if (result.status == net::IoStatus::again) { return; }
    if (result.status != net::IoStatus::ok) {
      // The peer no longer reads; an early answer (413, say) may be waiting all the same. It is
      // read from the loop: who called may hold views into the scratch.
      keep_alive_ = false;
      call.late_body_.clear();
      call.request_sent();
      pool_.loop_.rewatch(stream_.fd(), *this);
      return;
    }
    call.moved();
    std::size_t written = result.bytes;
    while (piece_ < call.piece_count_ && written >= call.pieces_[piece_].size() - offset_) {
      written -= call.pieces_[piece_].size() - offset_;
      ++piece_;
      offset_ = 0;
    }
    if (piece_ < call.piece_count_) {
      offset_ += written;
    } else {
      call.late_body_.consume(written);
      if (call.late_body_.empty() && std::exchange(call.drained_due_, false) && call.body_open_) {
        call.sink_->on_request_drained();
        if (call_ != &call) { return; }
      }
    }
  }
}

void Connection::read_answer() {
  while (state_ == State::ready && (call_ == nullptr || !call_->paused_)) {
    const std::span<char> scratch = pool_.loop_.scratch();
    const net::IoResult result = stream_.read(scratch);
    if (result.status == net::IoStatus::again) { return; }
    if (result.status != net::IoStatus::ok) {
      stream_ended(result.status);
      return;
    }
    consume({scratch.data(), result.bytes});
    if (call_ != nullptr && state_ == State::ready) { call_->sink_->on_flush(); }
    // A short read means that the socket is empty; its end, if any, has its own event.
    if (result.drained && !hangup_) { return; }
  }
}

void Connection::consume(std::string_view bytes) {
  if (call_ != nullptr) { call_->moved(); }
  while (state_ == State::ready && (!bytes.empty() || (in_body_ && body_.done()))) {
    if (!in_body_) {
      if (!take_head(bytes)) { return; }
    } else {
      take_body(bytes);
    }
  }
}

bool Connection::take_head(std::string_view& bytes) {
  if (call_ == nullptr) {
    close();
    return false;
  }
  Call& call = *call_;
  call.first_bytes();
  const bool partial = !partial_.empty();
  if (partial) { partial_.append(bytes); }
  const std::string_view all = partial ? partial_.view() : bytes;
  const std::size_t size = http::find_head_end(all, head_seen_);
  if (size == 0) {
    if (all.size() > kMostHead) {
      fail_call(Errc::upstream_protocol, "the answer's head is too large");
      return false;
    }
    head_seen_ = all.size();
    if (!partial) { partial_.append(bytes); }
    bytes = {};
    return false;
  }
  http::ResponseHead head;
  if (!http::parse_response_head(all.substr(0, size), call.is_head_, head)) {
    fail_call(Errc::upstream_protocol, "the answer's head is not HTTP/1.1");
    return false;
  }
  bytes.remove_prefix(size - (all.size() - bytes.size()));
  head_seen_ = 0;
  if (head.status < 200) {
    if (head.status == 101) {
      fail_call(Errc::upstream_protocol, "the upstream switched protocols unasked");
      return false;
    }
    partial_.clear();
    return true;
  }
  keep_alive_ =
      keep_alive_ && head.keep_alive && head.framing.kind != http::Framing::Kind::until_close;
  body_ = http::BodyReader(head.framing);
  in_body_ = true;
  call.got_head_ = true;
  call.sink_->on_head(head);
  partial_.release();
  if (call_ == &call) { call.arm_deadline(); }
  return state_ == State::ready;
}

void Connection::take_body(std::string_view& bytes) {
  std::array<std::string_view, kBatch> pieces;
  std::size_t count = 0;
  http::BodyReader::Step step = http::BodyReader::Step::piece;
  while (count < kBatch) {
    std::string_view piece;
    step = body_.next(bytes, piece);
    if (step != http::BodyReader::Step::piece) { break; }
    pieces[count++] = piece;
  }
  if (call_ == nullptr) {
    std::size_t dropped = 0;
    for (std::size_t i = 0; i < count; ++i) { dropped += pieces[i].size(); }
    if (dropped > drain_left_) {
      close();
      return;
    }
    drain_left_ -= dropped;
  } else if (count > 0) {
    Call* const call = call_;
    call->sink_->on_body({pieces.data(), count});
    if (call_ != call && call_ != nullptr) { return; }
  }
  if (state_ != State::ready) { return; }
  if (step == http::BodyReader::Step::bad) {
    fail_call(Errc::upstream_protocol, "bad chunk framing in the answer");
  } else if (step == http::BodyReader::Step::done) {
    end_answer(bytes);
    bytes = {};
  } else if (step == http::BodyReader::Step::need_more) {
    bytes = {};
  }
}

void Connection::end_answer(std::string_view rest) {
  Call* const call = std::exchange(call_, nullptr);
  const bool reusable = keep_alive_ && rest.empty() && !hangup_ && (call == nullptr || call->sent_);
  in_body_ = false;
  CallSink* sink = nullptr;
  if (call != nullptr) {
    sink = std::exchange(call->sink_, nullptr);
    call->connection_ = nullptr;
    call->deadline_.cancel();
    call->place_.leave();
  }
  // First the connection, then the sink: what follows on the same client may use it at once.
  if (reusable) {
    state_ = State::idle;
    reused_ = true;
    pool_.loop_.arm(idle_timer_, pool_.endpoint_->idle_timeout);
    pool_.give_back(*this);
  } else {
    close();
  }
  if (sink != nullptr) {
    sink->on_end();
    sink->on_flush();
  }
}

void Connection::stream_ended(net::IoStatus status) {
  if (in_body_ && status == net::IoStatus::eof && body_.may_end_here()) {
    keep_alive_ = false;
    end_answer({});
    return;
  }
  fail_call(Errc::upstream_closed, in_body_ ? "the connection was closed before the answer's end"
                                            : "the connection was closed before the answer began");
}

void Connection::fail_call(Errc code, std::string detail) {
  Call* const call = std::exchange(call_, nullptr);
  const bool stale = reused_ && code == Errc::upstream_closed;
  close();
  if (call == nullptr) { return; }
  if (stale && !call->got_bytes_ && call->replayable_) {
    call->start_over();
    pool_.lend(*call, Pool::Lend::fresh);
  } else {
    call->connection_ = nullptr;
    call->fail({code, std::move(detail)});
  }
}

void Connection::close() {
  if (state_ == State::closed) { return; }
  state_ = State::closed;
  dialer_.cancel();
  idle_timer_.cancel();
  if (stream_) { pool_.loop_.unwatch(stream_.fd(), *this); }
  stream_.close();
  pool_.closed(*this);
}

void Connection::on_idle_timeout() {
  close();
}

}  // namespace butter::upstream
