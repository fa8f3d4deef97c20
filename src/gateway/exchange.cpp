#include "gateway/exchange.h"

#include <algorithm>
#include <utility>

#include "gateway/headers.h"
#include "gateway/worker.h"
#include "http/head_writer.h"
#include "provider/stream_contract.h"

namespace butter::gateway {

namespace {
constexpr std::size_t kKeptBuffer = 64 * 1024;  ///< a larger one is given back after the request
constexpr std::string_view kNoMemory = "no memory for the request's body";
constexpr std::uint64_t kReadInPlace = 32 * 1024;  ///< from this body size on

std::string too_large(std::uint64_t most) {
  return "the request's body is larger than " + std::to_string(most) + " bytes";
}

}  // namespace

Exchange::Exchange(Worker& worker, net::Loop& loop)
    : worker_(worker),
      loop_(loop),
      first_(worker, loop, *this),
      backoff_(net::Timer::calling<&Exchange::on_backoff_over>(this)),
      hedge_(net::Timer::calling<&Exchange::on_hedge_due>(this)),
      pulse_(net::Timer::calling<&Exchange::on_pulse>(this)) {}

bool Exchange::begin(server::Connection& connection, const http::RequestHead& head,
                     const Path& path) {
  connection_ = &connection;
  snapshot_ = worker_.snapshot();
  state_ = State::reading;
  received_at_ = began_at_ = connection.began_at();
  head_out_ = content_out_ = stream_open_ = client_left_ = false;
  winner_ = last_ = nullptr;
  bytes_out_ = 0;
  attempts_ = 0;
  status_ = 0;
  overhead_ = first_byte_ = soonest_ = Duration::zero();
  first_attempt_at_ = TimePoint{};
  error_.clear();
  hooked_ = observes_answer_ = false;
  worker_.lend(request_.forward);
  worker_.lend(request_.credentials);
  worker_.lend(request_.body);
  request_.begin(head, path);
  start_body_logs(head.fields.value("content-type"));
  const std::string_view id = head.fields.value("x-request-id");
  request_.client_sent_id = is_sane_request_id(id);
  if (request_.client_sent_id) {
    request_.id = id;
  } else {
    worker_.make_request_id(request_.id);
  }
  if (!snapshot_->plugins->chain().idle()) { begin_hooks(head); }
  worker_.telemetry().in_flight.add(1);
  return enter(head);
}

void Exchange::ask_for_body() {
  if (request_.content_length.value_or(0) <= snapshot_->config().server.max_body_bytes) {
    connection_->send_continue();
  }
}

void Exchange::on_body(std::string_view piece) {
  if (state_ == State::free) { return; }
  request_.bytes_in += piece.size();
  log_request_body(piece);
  received_at_ = std::max(received_at_, loop_.now());
  const std::uint64_t most = snapshot_->config().server.max_body_bytes;
  if (request_.bytes_in > most) {
    refuse(Errc::body_too_large, too_large(most));
  } else if (request_.body_streams) {
    if (last_ != nullptr && !last_->send_body(piece, false) && connection_ != nullptr) {
      connection_->pause_input();
    }
  } else {
    grow_body(piece);
  }
}

void Exchange::grow_body(std::string_view piece) {
  const std::uint64_t length = request_.content_length.value_or(kKeptBuffer + 1);
  const bool whole = request_.body.empty() && length <= kKeptBuffer;
  if (!request_.body.reserve(whole ? static_cast<std::size_t>(length) : piece.size())) {
    refuse(Errc::overloaded, kNoMemory);
    return;
  }
  request_.add_body(piece);
}

std::span<char> Exchange::body_room() {
  const auto& length = request_.content_length;
  const bool whole = request_.body_kind == ClientRequest::BodyKind::json ||
                     request_.body_kind == ClientRequest::BodyKind::whole;
  if (!whole || !length || *length < kReadInPlace ||
      *length > snapshot_->config().server.max_body_bytes) {
    return {};
  }
  const auto left = static_cast<std::size_t>(*length - request_.bytes_in);
  if (!request_.body.reserve(left)) {
    refuse(Errc::overloaded, kNoMemory);
    return {};
  }
  return {request_.body.prepare(left), left};
}

void Exchange::on_body_in_place(std::size_t bytes) {
  log_request_body({request_.body.data() + request_.body.size(), bytes});
  request_.body.commit(bytes);
  request_.bytes_in += bytes;
  received_at_ = loop_.now();
}

void Exchange::on_body_end() {
  if (state_ == State::free) { return; }
  request_.body_ended = true;
  if (state_ == State::reading) {
    take_up();
  } else if (!request_.body_streams) {
    return;  // limits or plugins are at it
  } else if (last_ != nullptr) {
    static_cast<void>(last_->send_body({}, true));
  }
}

void Exchange::on_input_flush() {
  if (state_ != State::reading || request_.body_streams || request_.body_ended) { return; }
  if (!refuse_too_large() && request_.ready_to_route()) { take_up(); }
}

/// A body that says of itself that it is too large is not waited for.
bool Exchange::refuse_too_large() {
  const std::uint64_t most = snapshot_->config().server.max_body_bytes;
  if (request_.content_length.value_or(0) <= most) { return false; }
  refuse(Errc::body_too_large, too_large(most));
  return true;
}

/// All of the request is there that must be before it goes anywhere.
void Exchange::take_up() {
  readable_ = request_.read(worker_.scanner());
  charge();
}

/// The caller may have it.
void Exchange::go_on() {
  if (hooked_) {
    run_stage(plugin::Hook::pre_http);
  } else if (readable_) {
    route();
  } else {
    refuse(readable_.error().code, readable_.error().detail);
  }
}

void Exchange::on_request_drained() {
  if (connection_ != nullptr) { connection_->resume_input(); }
}

void Exchange::on_drained() {
  if (winner_ != nullptr && !(hooked_ && hooks_->waits())) { winner_->resume(); }
}

void Exchange::on_stop() {
  constexpr std::string_view kWhy = "the gateway is shutting down";
  if (head_out_) {
    break_off(Errc::unavailable, std::string(kWhy));
  } else {
    refuse(Errc::unavailable, kWhy);
  }
}

void Exchange::on_gone() {
  client_left_ = true;
  if (status_ == 0) { status_ = 499; }
  if (error_.empty()) { error_ = "client left"; }
  bytes_out_ = std::exchange(connection_, nullptr)->bytes_out();
  over();
}

void Exchange::on_bad_body(int status, std::string_view why) {
  if (status_ == 0) { status_ = status; }
  error_ = why;
  bytes_out_ = std::exchange(connection_, nullptr)->bytes_out();
  over();
}

void Exchange::refuse(Errc code, std::string_view message, Duration retry_after) {
  error_ = message;
  ErrorAnswer answer = answer_for(code);
  answer.retry_after = std::max(answer.retry_after, retry_after);
  refuse_with(answer, error_body(answer, message,
                                 provider::is_openai(request_.operation) ? ErrorShape::openai
                                                                         : ErrorShape::anthropic));
}

void Exchange::refuse_with(const ErrorAnswer& answer, std::string_view body) {
  if (error_.empty()) { error_ = body; }
  if (head_out_) {
    break_off(Errc::upstream_status, std::string(error_));
    return;
  }
  status_ = answer.status;
  worker_.lend(answer_head_);
  Buffer& out = answer_head_;
  out.clear();
  write_error_head(out, answer, body.size(), connection_->keep_alive());
  http::write_field(out, "x-request-id", request_.id);
  if (attempts_ > 0) {
    http::write_field(out, "x-butter-provider", last_->provider().config().name);
    http::write_field(out, "x-butter-attempts", attempts_);
  }
  admission_.write_fields(out);
  http::end_head(out);
  if (!request_.is_head) {
    out.append(body);
    log_answer_body(body);
  }
  connection_->queue(out.view());
  finish();
}

void Exchange::finish() {
  server::Connection* const connection = std::exchange(connection_, nullptr);
  // Before the client has its answer, and may ask for more.
  settle();
  // Flushed first: what was queued lies in this object's buffers.
  connection->flush();
  bytes_out_ = connection->bytes_out();
  over();
  connection->finish();
}

/// The client has seen a part of the answer, or the promise of one: it is told that no more comes,
/// and the connection ends without the proper end.
void Exchange::break_off(Errc code, std::string message) {
  error_ = std::move(message);
  server::Connection* const connection = std::exchange(connection_, nullptr);
  // Before an upstream's answer the head was ours, and promised events.
  const bool events = !content_out_ || winner_->is_events();
  const bool between = hooked_answer_.active() || !content_out_ || winner_->between_events();
  const bool can_tell = !content_out_ || (between && !winner_->error_told());
  if (events) { worker_.telemetry().streams_broken.add(); }
  if (events && can_tell) {
    const std::string event =
        provider::StreamContract(request_.operation)
            .error_event(error_,
                         code == Errc::upstream_timeout ? "timeout_error" : "upstream_error",
                         to_string(code));
    log_answer_body(event);
    if (framing_ == Framing::chunked) {
      connection->queue(
          {chunk_head_.data(), http::write_chunk_head(chunk_head_.data(), event.size())});
      connection->queue(event);
      connection->queue("\r\n");
    } else {
      connection->queue(event);
    }
    connection->flush();
  }
  bytes_out_ = connection->bytes_out();
  over();
  connection->abort();
}

void Exchange::over() {
  if (hooked_) { end_hooks(); }
  write_record();
  settle();
  admission_.forget();
  if (stream_open_) { worker_.telemetry().open_streams.add(-1); }
  worker_.telemetry().in_flight.add(-1);
  state_ = State::free;
  backoff_.cancel();
  hedge_.cancel();
  pulse_.cancel();
  for (Lane* const lane : {&first_, second_.get()}) {
    if (lane == nullptr) { continue; }
    // After a complete answer a few bytes may be left upstream; otherwise nobody wants them.
    if (lane == winner_ && lane->ended()) {
      lane->leave();
    } else {
      lane->stop();
    }
    lane->release();
  }
  worker_.take_back(request_.forward);
  worker_.take_back(request_.credentials);
  worker_.take_back(request_.body);
  worker_.take_back(answer_head_);
  request_.forget();
  renamed_.clear();
  worker_.let_go(std::exchange(snapshot_, nullptr));
  worker_.recycle(*this);
}

}  // namespace butter::gateway
