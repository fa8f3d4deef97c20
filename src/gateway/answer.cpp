// An upstream's answer on its way to the client.

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "gateway/exchange.h"
#include "gateway/headers.h"
#include "gateway/worker.h"
#include "http/head_writer.h"
#include "routing/retry_after.h"

namespace butter::gateway {

namespace {

bool is_event_stream(std::string_view content_type) {
  constexpr std::string_view kType = "text/event-stream";
  return content_type.size() >= kType.size() &&
         iequals(content_type.substr(0, kType.size()), kType);
}

std::optional<Duration> retry_after_of(const http::Fields& fields) {
  if (const http::Field* const ms = fields.find("retry-after-ms")) {
    if (auto wait = routing::parse_retry_after_ms(ms->value)) { return wait; }
  }
  if (const http::Field* const after = fields.find("retry-after")) {
    return routing::parse_retry_after(after->value, std::chrono::system_clock::now());
  }
  return std::nullopt;
}

}  // namespace

bool Exchange::takes_another_way(const http::ResponseHead& head) {
  if (native_ || (head.status >= 200 && head.status < 300)) { return false; }
  if (head.status < 400) {
    call_.cancel();
    failed({.code = Errc::upstream_protocol},
           current_provider().config().name +
               " request failed: the upstream answered with status " + std::to_string(head.status) +
               ", and redirects are not followed");
    return true;
  }
  const routing::Next next = next_after({.code = Errc::upstream_status,
                                         .status = head.status,
                                         .retry_after = retry_after_of(head.fields)},
                                        "status " + std::to_string(head.status));
  if (next.kind == routing::Next::Kind::give_up) { return false; }
  call_.discard();
  if (local_) { local_->cancel(); }
  try_next(next);
  return true;
}

void Exchange::on_head(const http::ResponseHead& head) {
  if (takes_another_way(head)) { return; }
  answered_at_ = connection_->loop().now();
  if (call_.sent_at_once()) { overhead_ += call_.sent_at() - call_.started_at(); }
  status_ = head.status;
  const bool ok = head.status >= 200 && head.status < 300;
  if (native_ || ok) {
    worker_.log_breaker(current_provider().config().name,
                        plan_.succeeded(answered_at_ - call_.started_at()));
  }
  const bool stream = is_event_stream(head.fields.value("content-type"));
  // A compressed stream cannot be read on its way; it was not asked for.
  events_ = stream && ok && !native_ && head.fields.find("content-encoding") == nullptr;
  if (stream) { call_.set_total(current_provider().config().timeouts.stream_total); }
  write_answer_head(head);
  if (events_) {
    state_ = State::holding;
    worker_.lend(sse_.held());
    sse_.start(operation_);
  } else {
    state_ = State::relaying;
  }
}

void Exchange::write_answer_head(const http::ResponseHead& head) {
  worker_.lend(answer_head_);
  Buffer& out = answer_head_;
  out.clear();
  http::write_status_line(out, head.status, head.reason);
  write_relayed(out, head.fields, !client_sent_id_);
  using Kind = http::Framing::Kind;
  const Kind kind = head.framing.kind;
  if (kind == Kind::length) {
    framing_ = AnswerFraming::length;
    http::write_field(out, "Content-Length", head.framing.length);
  } else if (kind == Kind::none) {
    framing_ = AnswerFraming::none;
    const std::string_view length = head.fields.value("content-length");
    if (is_head_ && !length.empty()) { http::write_field(out, "Content-Length", length); }
  } else if (connection_->http_1_0()) {
    framing_ = AnswerFraming::until_close;
    connection_->close_after();
  } else {
    framing_ = AnswerFraming::chunked;
    http::write_field(out, "Transfer-Encoding", "chunked");
  }
  if (events_) {
    if (head.fields.find("cache-control") == nullptr) {
      http::write_field(out, "Cache-Control", "no-cache");
    }
    // An nginx in front of us must not collect events.
    http::write_field(out, "X-Accel-Buffering", "no");
  }
  const bool theirs = !client_sent_id_ && head.fields.find("x-request-id") != nullptr;
  http::write_field(out, theirs ? "x-butter-request-id" : "x-request-id", request_id_);
  write_receipt();
  if (!connection_->keep_alive()) {
    http::write_field(out, "Connection", "close");
  } else if (connection_->http_1_0()) {
    http::write_field(out, "Connection", "keep-alive");
  }
  http::end_head(out);
}

void Exchange::write_receipt() {
  const TimePoint now = std::chrono::steady_clock::now();
  overhead_ += now - answered_at_;
  Buffer& out = answer_head_;
  http::write_field(out, "x-butter-provider", current_provider().config().name);
  if (!upstream_model_.empty()) { write_visible_field(out, "x-butter-model", upstream_model_); }
  http::write_field(out, "x-butter-attempts", attempts_);
  http::write_field(out, "x-butter-overhead-us",
                    static_cast<std::uint64_t>(
                        std::chrono::duration_cast<std::chrono::microseconds>(overhead_).count()));
}

void Exchange::on_body(std::span<const std::string_view> pieces) {
  if (connection_ == nullptr || is_head_) { return; }
  if (events_) {
    feed_events(pieces);
    return;
  }
  if (out_count_ + pieces.size() > out_.size()) { queue_answer(); }
  for (const std::string_view piece : pieces) {
    out_[out_count_++] = piece;
    out_bytes_ += piece.size();
  }
}

void Exchange::feed_events(std::span<const std::string_view> pieces) {
  if (sse_.out_bytes() > 0) { queue_answer(); }
  switch (sse_.feed(pieces)) {
    case SseRelay::State::holding: return;
    case SseRelay::State::flowing:
      if (state_ == State::holding) { commit(); }
      // The client need not wait for an upstream that is slow to close.
      answer_ended_ = sse_.contract().ended();
      return;
    case SseRelay::State::failed: error_before_content(); return;
  }
}

void Exchange::commit() {
  state_ = State::relaying;
  worker_.telemetry().open_streams.add(1);
  release_request();
}

void Exchange::release_request() {
  if (state_ != State::free && (!call_.sent() || body_streams_)) { return; }
  worker_.take_back(forward_);
  worker_.take_back(credentials_);
  worker_.take_back(request_head_);
  worker_.take_back(body_);
}

void Exchange::error_before_content() {
  const std::string data(sse_.error_data());
  call_.cancel();
  if (local_) { local_->cancel(); }
  events_ = false;
  status_ = 0;
  const routing::Next next =
      next_after({.code = Errc::upstream_protocol}, "an error event before any content");
  if (next.kind != routing::Next::Kind::give_up) {
    try_next(next);
  } else if (data.starts_with('{')) {
    refuse_with(answer_for(Errc::upstream_protocol), data);
  } else {
    refuse(Errc::upstream_protocol, "the upstream reported an error in its stream");
  }
}

void Exchange::on_end() {
  if (connection_ == nullptr || answer_ended_) { return; }
  if (!events_) {
    answer_ended_ = true;
    return;
  }
  if (sse_.out_bytes() > 0) { queue_answer(); }
  const bool whole = sse_.end();
  if (sse_.flowing() && state_ == State::holding) { commit(); }
  if (whole && sse_.flowing()) {
    if (sse_.contract().has_end() && !sse_.contract().ended()) {
      worker_.telemetry().streams_unmarked.add();
    }
    answer_ended_ = true;
    return;
  }
  on_failure({Errc::upstream_closed, "the stream ended before its answer did"});
}

void Exchange::on_failure(Error error) {
  if (connection_ == nullptr || answer_ended_) { return; }
  if (head_out_ || (events_ && state_ == State::relaying)) {
    queue_answer();
    break_off(error);
    return;
  }
  out_count_ = out_bytes_ = 0;
  status_ = 0;
  const std::string message = current_provider().config().name + " request failed: " + error.detail;
  failed({.code = error.code}, message);
}

void Exchange::queue_answer() {
  server::Connection& connection = *connection_;
  if (!head_out_) {
    head_out_ = true;
    connection.queue(answer_head_.view());
    first_byte_ = std::chrono::steady_clock::now() - began_at_;
  }
  const std::span<const std::string_view> pieces =
      events_ ? sse_.take() : std::span<const std::string_view>(out_.data(), out_count_);
  const std::size_t bytes = events_ ? sse_.out_bytes() : out_bytes_;
  if (bytes > 0) {
    const bool chunked = framing_ == AnswerFraming::chunked;
    if (chunked) {
      connection.queue({chunk_head_.data(), http::write_chunk_head(chunk_head_.data(), bytes)});
    }
    for (const std::string_view piece : pieces) { connection.queue(piece); }
    if (chunked) { connection.queue(answer_ended_ ? "\r\n0\r\n\r\n" : "\r\n"); }
  } else if (answer_ended_ && framing_ == AnswerFraming::chunked) {
    connection.queue(http::kLastChunk);
  }
  if (!answer_ended_) { connection.flush(); }
  if (events_ && !answer_ended_) {
    sse_.taken();
    if (sse_.held().empty()) { worker_.take_back(sse_.held()); }
    worker_.take_back(answer_head_);
  }
  out_count_ = out_bytes_ = 0;
}

void Exchange::on_flush() {
  if (connection_ == nullptr || state_ != State::relaying) { return; }
  const std::size_t bytes = events_ ? sse_.out_bytes() : out_bytes_;
  // The head waits for the first byte of the body: one write, and until then a failure is unseen.
  if (bytes > 0 || answer_ended_) { queue_answer(); }
  if (answer_ended_) {
    finish();
    return;
  }
  if (connection_->waiting() > server::Connection::kHighMark) {
    call_.pause();
    if (local_) { local_->pause(); }
  }
}

}  // namespace butter::gateway
