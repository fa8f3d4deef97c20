// What the client gets: heads, pieces, keep-alive comments.

#include <utility>

#include "gateway/exchange.h"
#include "gateway/headers.h"
#include "gateway/worker.h"
#include "http/head_writer.h"

namespace butter::gateway {

namespace {
constexpr std::string_view kPing = ": ping\n\n";
}  // namespace

void Exchange::on_ready(Lane& lane) {
  winner_ = last_ = &lane;
  state_ = State::relaying;
  status_ = lane.status();
  hedge_.cancel();
  Lane* const other = &lane == &first_ ? second_.get() : &first_;
  if (other != nullptr && other->active()) { other->stop(); }
  if (lane.is_events()) {
    if (!std::exchange(stream_open_, true)) { worker_.telemetry().open_streams.add(1); }
    release_request();
  }
  if (hooked_) { begin_answer_hooks(lane); }
}

void Exchange::release_request() {
  winner_->release_request();
  if (!winner_->sent() || request_.body_streams) { return; }
  if (hooked_ && hooks_->wants(plugin::Hook::post_http, request_.model)) { return; }
  worker_.take_back(request_.forward);
  worker_.take_back(request_.credentials);
  worker_.take_back(request_.body);
}

void Exchange::on_refusal_read(Lane& lane, std::string message) {
  last_ = &lane;
  break_off(Errc::upstream_status, lane.provider().config().name + " request failed: " + message);
}

void Exchange::on_output(Lane& lane) {
  if (connection_ == nullptr || &lane != winner_) { return; }
  if (hooked_answer_.active()) {
    take_in(lane);
    return;
  }
  // The head waits for the first byte of the body: one write, and until then a failure is unseen.
  if (lane.bytes() > 0 || lane.ended()) { send(lane); }
  if (lane.ended()) {
    note_success(lane);
    finish();
  } else if (connection_->waiting() > server::Connection::kHighMark) {
    lane.pause();
  }
}

/// A refusal that is relayed has been judged when it came.
void Exchange::note_success(const Lane& lane) {
  if (!request_.native && lane.status() >= 400) { return; }
  worker_.log_breaker(lane.provider().config().name, plan_.succeeded(lane.attempt()));
}

void Exchange::send(Lane& lane) {
  if (!head_out_) { write_head(lane); }
  if (!std::exchange(content_out_, true)) {
    first_byte_ = std::chrono::steady_clock::now() - began_at_;
  }
  queue_pieces(lane.take(), lane.bytes(), lane.ended());
  if (lane.ended()) { return; }  // finish() flushes
  connection_->flush();
  lane.taken();
  if (lane.is_events()) { worker_.take_back(answer_head_); }
  last_out_ = loop_.now();
}

void Exchange::queue_pieces(std::span<const std::string_view> pieces, std::size_t bytes,
                            bool last) {
  server::Connection& connection = *connection_;
  const bool chunked = framing_ == Framing::chunked;
  if (bytes == 0) {
    if (chunked && last) { connection.queue(http::kLastChunk); }
    return;
  }
  if (chunked) {
    connection.queue({chunk_head_.data(), http::write_chunk_head(chunk_head_.data(), bytes)});
  }
  for (const std::string_view piece : pieces) {
    connection.queue(piece);
    log_answer_body(piece);
  }
  if (chunked) { connection.queue(last ? "\r\n0\r\n\r\n" : "\r\n"); }
}

void Exchange::choose_framing(bool length_known) {
  if (length_known) {
    framing_ = Framing::length;
  } else if (connection_->http_1_0()) {
    framing_ = Framing::until_close;
    connection_->close_after();
  } else {
    framing_ = Framing::chunked;
  }
}

void Exchange::write_head(const Lane& lane) {
  head_out_ = true;
  worker_.lend(answer_head_);
  Buffer& out = answer_head_;
  out.clear();
  if (lane.framing() == Lane::Framing::none) {
    framing_ = Framing::none;
  } else if (hooked_answer_.active()) {
    choose_framing(hooked_answer_.kind() == HookedAnswer::Kind::whole);
  } else {
    choose_framing(lane.framing() == Lane::Framing::length);
  }
  http::write_status_line(out, static_cast<std::uint16_t>(lane.status()), lane.reason());
  if (hooked_answer_.active()) {
    write_hooked_fields(lane, out);
  } else {
    out.append(lane.fields().view());
  }
  http::write_field(out, lane.has_request_id() ? "x-butter-request-id" : "x-request-id",
                    request_.id);
  const auto overhead =
      std::chrono::duration_cast<std::chrono::microseconds>(overhead_ + lane.overhead());
  http::write_field(out, "x-butter-provider", lane.provider().config().name);
  if (!lane.upstream_model().empty()) {
    write_visible_field(out, "x-butter-model", lane.upstream_model());
  }
  http::write_field(out, "x-butter-attempts", attempts_);
  http::write_field(out, "x-butter-overhead-us", static_cast<std::uint64_t>(overhead.count()));
  write_common_fields(out);
  connection_->queue(out.view());
}

/// The client must hear something before any provider has answered: that events will come.
void Exchange::write_early_head() {
  head_out_ = true;
  status_ = 200;
  worker_.lend(answer_head_);
  Buffer& out = answer_head_;
  out.clear();
  choose_framing(false);
  http::write_status_line(out, 200, "OK");
  http::write_field(out, "Content-Type", "text/event-stream; charset=utf-8");
  http::write_field(out, "Cache-Control", "no-cache");
  http::write_field(out, "X-Accel-Buffering", "no");
  http::write_field(out, "x-request-id", request_.id);
  write_common_fields(out);
  connection_->queue(out.view());
  for (Lane* const lane : {&first_, second_.get()}) {
    if (lane != nullptr) { lane->expect_events(); }
  }
}

void Exchange::write_common_fields(Buffer& out) {
  admission_.write_fields(out);
  if (framing_ == Framing::chunked) { http::write_field(out, "Transfer-Encoding", "chunked"); }
  if (!connection_->keep_alive()) {
    http::write_field(out, "Connection", "close");
  } else if (connection_->http_1_0()) {
    http::write_field(out, "Connection", "keep-alive");
  }
  http::end_head(out);
}

/// Nothing has gone to the client for a while: a comment keeps what is between us from giving up.
void Exchange::on_pulse() {
  const Duration every = patience().keep_alive;
  const Duration quiet = loop_.now() - last_out_;
  if (quiet < every) {
    loop_.arm(pulse_, every - quiet);
    return;
  }
  loop_.arm(pulse_, every);
  const bool may_speak = winner_ == nullptr || winner_->between_events();
  // A client with bytes waiting does not need more of them.
  if (!may_speak || connection_ == nullptr || connection_->waiting() > 0) { return; }
  if (!head_out_) { write_early_head(); }
  last_out_ = loop_.now();
  if (framing_ == Framing::chunked) {
    connection_->queue(
        {chunk_head_.data(), http::write_chunk_head(chunk_head_.data(), kPing.size())});
    connection_->queue(kPing);
    connection_->queue("\r\n");
  } else {
    connection_->queue(kPing);
  }
  connection_->flush();
}

}  // namespace butter::gateway
