#include "gateway/exchange.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "gateway/headers.h"
#include "gateway/worker.h"
#include "http/head_writer.h"

namespace butter::gateway {

namespace {
constexpr std::size_t kKeptBuffer = 64 * 1024;     ///< a larger one is given back after the request
constexpr std::uint64_t kReadInPlace = 32 * 1024;  ///< from this body size on
}  // namespace

Exchange::Exchange(Worker& worker)
    : worker_(worker), backoff_(net::Timer::calling<&Exchange::on_backoff_over>(this)) {}

void Exchange::begin(server::Connection& connection, const http::RequestHead& head,
                     const Path& path) {
  connection_ = &connection;
  snapshot_ = worker_.snapshot();
  state_ = State::reading;
  method_ = head.method;
  path_ = head.path;
  rest_ = path.rest;
  query_ = head.query;
  provider_name_ = path.provider;
  operation_ = path.operation;
  native_ = path.kind == Path::Kind::native;
  is_head_ = head.method == "HEAD";
  received_at_ = began_at_ = connection.began_at();
  body_ended_ = body_streams_ = chunked_upload_ = stream_wanted_ = false;
  form_ = http::MultipartScanner::State::reading;
  head_out_ = events_ = answer_ended_ = client_left_ = false;
  bytes_in_ = over_bytes_ = 0;
  attempts_ = 0;
  status_ = 0;
  overhead_ = first_byte_ = Duration::zero();
  out_count_ = out_bytes_ = 0;
  model_.clear();
  upstream_model_.clear();
  error_.clear();
  content_length_.reset();
  if (head.framing.kind == http::Framing::Kind::length) { content_length_ = head.framing.length; }
  take_headers(head, path);
  worker_.telemetry().in_flight.add(1);
  if (content_length_.value_or(0) <= snapshot_->config().server.max_body_bytes) {
    connection.send_continue();
  }
}

void Exchange::take_headers(const http::RequestHead& head, const Path& path) {
  worker_.lend(forward_);
  worker_.lend(credentials_);
  worker_.lend(request_head_);
  write_forwarded(forward_, credentials_, head.fields,
                  native_ ? ForwardRule::everything : ForwardRule::allowlist);
  const std::string_view id = head.fields.value("x-request-id");
  client_sent_id_ = is_sane_request_id(id);
  if (client_sent_id_) {
    request_id_ = id;
  } else {
    worker_.make_request_id(request_id_);
  }
  const std::string_view type = head.fields.value("content-type");
  const bool json = type.find("json") != std::string_view::npos;
  multipart_.reset();
  if (head.framing.kind == http::Framing::Kind::none) {
    body_kind_ = path.operation == provider::Operation::other ? BodyKind::none : BodyKind::json;
  } else if (native_) {
    body_kind_ = BodyKind::opaque;
  } else if (auto boundary = http::boundary_of(type)) {
    body_kind_ = BodyKind::multipart;
    multipart_.emplace(*boundary);
  } else if (json || type.empty() || path.operation != provider::Operation::other) {
    body_kind_ = BodyKind::json;
  } else {
    body_kind_ = BodyKind::opaque;
  }
  worker_.lend(body_);
}

void Exchange::on_body(std::string_view piece) {
  if (state_ == State::free) { return; }
  bytes_in_ += piece.size();
  received_at_ = std::max(received_at_, connection_->loop().now());
  if (bytes_in_ > snapshot_->config().server.max_body_bytes) {
    refuse(Errc::body_too_large, "the request's body is larger than " +
                                     std::to_string(snapshot_->config().server.max_body_bytes) +
                                     " bytes");
  } else if (body_streams_) {
    forward_body(piece);
  } else {
    grow_body(piece);
  }
}

void Exchange::grow_body(std::string_view piece) {
  if (body_.empty() && content_length_ && *content_length_ <= kKeptBuffer) {
    static_cast<void>(body_.prepare(static_cast<std::size_t>(*content_length_)));
  }
  body_.append(piece);
  if (multipart_) { form_ = multipart_->feed(piece); }
}

std::span<char> Exchange::body_room() {
  if (body_kind_ != BodyKind::json || !content_length_ || *content_length_ < kReadInPlace ||
      *content_length_ > snapshot_->config().server.max_body_bytes) {
    return {};
  }
  const auto left = static_cast<std::size_t>(*content_length_ - bytes_in_);
  return {body_.prepare(left), left};
}

void Exchange::on_body_in_place(std::size_t bytes) {
  body_.commit(bytes);
  bytes_in_ += bytes;
  received_at_ = connection_->loop().now();
}

void Exchange::on_body_end() {
  if (state_ == State::free) { return; }
  body_ended_ = true;
  if (body_streams_) {
    call_.send_body(chunked_upload_ ? "0\r\n\r\n" : "", true);
  } else {
    route();
  }
}

void Exchange::on_input_flush() {
  if (state_ != State::reading || body_streams_ || body_ended_) { return; }
  const std::uint64_t most = snapshot_->config().server.max_body_bytes;
  if (content_length_.value_or(0) > most) {
    refuse(Errc::body_too_large,
           "the request's body is larger than " + std::to_string(most) + " bytes");
  } else if (ready_to_route()) {
    route();
  }
}

void Exchange::forward_body(std::string_view piece) {
  bool room = true;
  if (chunked_upload_) {
    char size[20];
    call_.send_body({size, http::write_chunk_head(size, piece.size())}, false);
    call_.send_body(piece, false);
    room = call_.send_body("\r\n", false);
  } else {
    room = call_.send_body(piece, false);
  }
  if (!room && connection_ != nullptr) { connection_->pause_input(); }
}

void Exchange::on_request_drained() {
  if (connection_ != nullptr) { connection_->resume_input(); }
}

void Exchange::on_drained() {
  if (local_) { local_->resume(); }
  call_.resume();
}

void Exchange::on_gone() {
  client_left_ = true;
  if (status_ == 0) { status_ = 499; }
  if (error_.empty()) { error_ = "client left"; }
  over_bytes_ = std::exchange(connection_, nullptr)->bytes_out();
  over();
}

void Exchange::refuse(Errc code, std::string_view message) {
  error_ = message;
  const ErrorAnswer answer = answer_for(code);
  refuse_with(answer, error_body(answer, message,
                                 operation_ == provider::Operation::messages ? ErrorShape::anthropic
                                                                             : ErrorShape::openai));
}

void Exchange::refuse_with(const ErrorAnswer& answer, std::string_view body) {
  if (error_.empty()) { error_ = body; }
  status_ = answer.status;
  worker_.lend(answer_head_);
  Buffer& out = answer_head_;
  out.clear();
  write_error_head(out, answer, body.size(), connection_->keep_alive());
  http::write_field(out, "x-request-id", request_id_);
  if (attempts_ > 0) {
    http::write_field(out, "x-butter-provider", current_provider().config().name);
    http::write_field(out, "x-butter-attempts", attempts_);
  }
  http::end_head(out);
  if (!is_head_) { out.append(body); }
  connection_->queue(out.view());
  finish();
}

void Exchange::finish() {
  server::Connection* const connection = std::exchange(connection_, nullptr);
  // Flushed first: what was queued lies in this object's buffers.
  connection->flush();
  over_bytes_ = connection->bytes_out();
  over();
  connection->finish();
}

void Exchange::break_off(const Error& why) {
  error_ = why.detail;
  server::Connection* const connection = std::exchange(connection_, nullptr);
  if (events_ && sse_.between_events() && !sse_.error_told()) {
    worker_.telemetry().streams_broken.add();
    const std::string event = sse_.contract().error_event(
        current_provider().config().name + " request failed: " + why.detail,
        why.code == Errc::upstream_timeout ? "timeout_error" : "upstream_error",
        to_string(why.code));
    if (framing_ == AnswerFraming::chunked) {
      connection->queue(
          {chunk_head_.data(), http::write_chunk_head(chunk_head_.data(), event.size())});
      connection->queue(event);
      connection->queue("\r\n");
    } else {
      connection->queue(event);
    }
    connection->flush();
  }
  over_bytes_ = connection->bytes_out();
  over();
  connection->abort();
}

void Exchange::over() {
  write_record();
  if (events_ && head_out_) { worker_.telemetry().open_streams.add(-1); }
  worker_.telemetry().in_flight.add(-1);
  state_ = State::free;
  backoff_.cancel();
  // After a complete answer a few bytes may be left upstream; otherwise nobody wants them.
  if (answer_ended_) {
    call_.discard();
  } else {
    call_.cancel();
  }
  if (local_) { local_->cancel(); }
  release_request();
  worker_.take_back(answer_head_);
  worker_.take_back(sse_.held());
  multipart_.reset();
  worker_.let_go(std::exchange(snapshot_, nullptr));
  worker_.recycle(*this);
}

void Exchange::write_record() {
  RequestRecord record;
  record.method = method_;
  record.path = path_;
  record.request_id = request_id_;
  if (attempts_ > 0) { record.provider = current_provider().config().name; }
  record.model = model_;
  record.upstream_model = upstream_model_;
  record.status = status_;
  record.streaming = stream_wanted_ || events_;
  record.client_left = client_left_;
  record.error = error_;
  record.attempts = attempts_;
  record.duration = std::chrono::steady_clock::now() - began_at_;
  record.first_byte = first_byte_;
  record.overhead = overhead_;
  record.bytes_in = bytes_in_;
  record.bytes_out = over_bytes_;
  worker_.telemetry().record(record, snapshot_->snapshot(), worker_.logger());
}

}  // namespace butter::gateway
