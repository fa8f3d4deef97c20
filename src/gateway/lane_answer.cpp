// The upstream's answer, until the client may have it, as far as its bytes are passed on.

#include <utility>

#include "base/strings.h"
#include "gateway/headers.h"
#include "gateway/lane.h"
#include "gateway/worker.h"
#include "http/head_writer.h"
#include "http/media_type.h"
#include "routing/retry_after.h"

namespace butter::gateway {

namespace {

constexpr std::string_view kAmazonEvents = "application/vnd.amazon.eventstream";

bool has_type(std::string_view content_type, std::string_view wanted) {
  return iequals(http::media_type(content_type), wanted);
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

/// \param malformed  an event that no SDK can read, not one that tells of an error
std::string_view why_broken(bool malformed) {
  return malformed ? "an event of the stream is no JSON object"
                   : "the upstream reported an error in its stream";
}

/// Why a head of less than 400 begins no answer of the API; "" when it may.
std::string why_unfit(const http::ResponseHead& head, provider::Operation operation) {
  if (head.status >= 300) {
    return "the upstream answered with status " + std::to_string(head.status) +
           ", and redirects are not followed";
  }
  if (operation == provider::Operation::other) { return {}; }
  const std::string_view type = head.fields.value("content-type");
  if (has_type(type, "text/html")) { return "the upstream answered with a page of HTML"; }
  // It was not asked for, and how an answer ends cannot be seen in it.
  if (http::is_event_stream(type) && head.fields.find("content-encoding") != nullptr) {
    return "the upstream compressed its event stream";
  }
  return {};
}

}  // namespace

void Lane::on_head(const http::ResponseHead& head) {
  if (!request_->native && head.status < 400) {
    if (std::string why = why_unfit(head, request_->operation); !why.empty()) {
      lose({.code = Errc::upstream_protocol}, std::move(why));
      return;
    }
  } else if (!request_->native) {
    const routing::Failure failure{.code = Errc::upstream_status,
                                   .status = head.status,
                                   .retry_after = retry_after_of(head.fields)};
    if (owner_.on_refused(*this, failure)) { return; }
  }
  answered_at_ = loop_.now();
  if (!local_now_ && call_.sent_at_once()) { overhead_ += call_.sent_at() - started_at_; }
  status_ = head.status;
  reason_ = head.reason;
  if (request_->native || succeeded()) { owner_.on_accepted(*this); }
  choose_mode(head);
  if (mode_ == Mode::events || mode_ == Mode::translated_events) {
    call_.set_total(provider().config().timeouts.stream_total);
  }
  write_fields(head);
  overhead_ += std::chrono::steady_clock::now() - answered_at_;
  if (mode_ == Mode::bytes) {
    become_ready();
  } else if (terms_.hold > Duration::zero() && events_) {
    loop_.arm(hold_timer_, terms_.hold);
  }
}

void Lane::choose_mode(const http::ResponseHead& head) {
  const std::string_view type = head.fields.value("content-type");
  const bool ok = succeeded();
  const bool packed = head.fields.find("content-encoding") != nullptr;
  const bool object = ok && !request_->native && !request_->is_head && !packed &&
                      request_->operation != provider::Operation::other &&
                      has_type(type, "application/json");
  object_end_.start(object ? ObjectEnd::Wanted::yes : ObjectEnd::Wanted::no);
  usage_.reset();
  const bool passed = way_ == Way::relayed || way_ == Way::counted;
  if (ok && !passed) {
    const auto target = provider().target(attempt_.model, request_->stream_wanted);
    filter_ = provider().answer_filter(target, type);
  }
  const bool stream = filter_ || http::is_event_stream(type) || has_type(type, kAmazonEvents);
  events_ = false;
  collected_.clear();
  if (!ok && !passed) {
    mode_ = Mode::refusal;
  } else if (way_ == Way::embeddings) {
    mode_ = Mode::translated;
  } else if (way_ == Way::translated) {
    begin_translation();
    events_ = request_->stream_wanted;
    mode_ = stream ? Mode::translated_events : Mode::translated;
  } else if (stream && ok && !request_->native && !packed) {
    events_ = true;
    mode_ = Mode::events;
    worker_.lend(sse_.held());
    sse_.start(request_->operation, upstream_request_.asks_for_usage());
  } else {
    mode_ = terms_.streaming_only ? Mode::refusal : Mode::bytes;
    if (object) { start_usage_tail(head.framing); }
    // An event stream that is not ours to read is none the less unbounded in time.
    if (stream) { call_.set_total(provider().config().timeouts.stream_total); }
  }
}

void Lane::start_usage_tail(const http::Framing& framing) {
  worker_.lend(usage_tail_.memory());
  const bool known = framing.kind == http::Framing::Kind::length;
  usage_tail_.start(known ? std::optional(framing.length) : std::nullopt);
}

void Lane::read_usage() {
  if (!object_end_.wanted()) { return; }
  provider::UsageReader reader(request_->operation);
  reader.read(usage_tail_.usage());
  usage_ = reader.usage();
}

std::optional<dialect::Usage> Lane::usage() const {
  switch (mode_) {
    case Mode::events: return sse_.contract().usage();
    case Mode::translated_events: return translation_ ? translation_->tokens() : std::nullopt;
    case Mode::translated: return translation_ ? translation_->tokens() : usage_;
    case Mode::bytes: return usage_;
    case Mode::refusal: return std::nullopt;
  }
  __builtin_unreachable();
}

/// Whether the client gets another body than the one that came.
bool Lane::rewrites() const noexcept {
  return way_ == Way::translated || way_ == Way::embeddings || filter_ ||
         (way_ == Way::readdressed && mode_ == Mode::refusal);
}

void Lane::write_fields(const http::ResponseHead& head) {
  worker_.lend(fields_);
  fields_.clear();
  write_relayed(fields_, head.fields,
                {.keep_request_id = !request_->client_sent_id,
                 .keep_type = !rewrites(),
                 .keep_rate_limits = terms_.keep_rate_limits});
  has_request_id_ = !request_->client_sent_id && head.fields.find("x-request-id") != nullptr;
  has_retry_after_ = head.fields.find("retry-after") != nullptr;
  if (rewrites()) {
    http::write_field(fields_, "Content-Type",
                      events_ ? "text/event-stream; charset=utf-8" : "application/json");
    framing_ = Framing::open;
  } else {
    using Kind = http::Framing::Kind;
    const std::string_view length = head.fields.value("content-length");
    // Events are not framed by the upstream's length: one of ours may follow them.
    framing_ = head.framing.kind == Kind::length && !events_ ? Framing::length
               : head.framing.kind == Kind::none             ? Framing::none
                                                             : Framing::open;
    if (framing_ == Framing::length) {
      http::write_field(fields_, "Content-Length", head.framing.length);
    } else if (framing_ == Framing::none && request_->is_head && !length.empty()) {
      http::write_field(fields_, "Content-Length", length);
    }
  }
  if (!dropped_.empty()) { http::write_field(fields_, "x-butter-dropped", dropped_); }
  if (way_ == Way::counted) { http::write_field(fields_, "x-butter-estimated", "input_tokens"); }
  if (events_) {
    if (head.fields.find("cache-control") == nullptr) {
      http::write_field(fields_, "Cache-Control", "no-cache");
    }
    // An nginx in front of us must not collect events.
    http::write_field(fields_, "X-Accel-Buffering", "no");
  }
}

void Lane::on_body(std::span<const std::string_view> pieces) {
  if (request_->is_head || !active_) { return; }
  if (!filter_) {
    take_body(pieces);
    return;
  }
  if (ready_ && bytes() > 0) { owner_.on_output(*this); }
  if (!active_) { return; }
  unwrapped_.clear();
  for (const std::string_view piece : pieces) {
    auto fed = filter_->feed(piece, unwrapped_);
    if (fed) { continue; }
    // What came whole before it goes out first.
    const std::string_view before = unwrapped_.view();
    if (!before.empty()) { take_body({&before, 1}); }
    lose({.code = fed.error().code}, std::move(fed.error().detail));
    return;
  }
  const std::string_view events = unwrapped_.view();
  if (!events.empty()) { take_body({&events, 1}); }
}

void Lane::take_body(std::span<const std::string_view> pieces) {
  switch (mode_) {
    case Mode::events: feed_events(pieces); return;
    case Mode::translated_events: feed_translation(pieces); return;
    case Mode::refusal:
    case Mode::translated: collect(pieces); return;
    case Mode::bytes: break;
  }
  if (out_count_ + pieces.size() > out_.size()) { owner_.on_output(*this); }
  for (const std::string_view piece : pieces) {
    object_end_.feed(piece);
    if (object_end_.wanted()) { usage_tail_.feed(piece); }
    out_[out_count_++] = piece;
    out_bytes_ += piece.size();
  }
}

void Lane::feed_events(std::span<const std::string_view> pieces) {
  if (sse_.out_bytes() > 0 && ready_) { owner_.on_output(*this); }
  switch (sse_.feed(pieces)) {
    case SseRelay::State::holding: return;
    case SseRelay::State::flowing:
      // The client need not wait for an upstream that is slow to close.
      ended_ = sse_.contract().ended();
      become_ready();
      return;
    case SseRelay::State::failed:
    case SseRelay::State::broken: lose_stream(); return;
  }
}

/// An event told that the answer failed, or cannot be read by any SDK.
void Lane::lose_stream() {
  const std::string_view data = sse_.error_data();
  if (!ready_ && !sse_.malformed() && data.starts_with('{')) {
    error_body_ = sse_.contract().error_body(data);
  }
  // What came before it is whole, and goes out first.
  if (sse_.out_bytes() > 0) { become_ready(); }
  lose({.code = Errc::upstream_protocol}, std::string(why_broken(sse_.malformed())));
}

void Lane::on_end() {
  if (ended_ || !active_) { return; }
  if (filter_) {
    if (auto closed = filter_->close(); !closed) {
      lose({.code = closed.error().code}, std::move(closed.error().detail));
      return;
    }
  }
  switch (mode_) {
    case Mode::bytes:
      if (object_end_.may_be_whole()) {
        read_usage();
        ended_ = true;
      } else {
        lose({.code = Errc::upstream_closed}, "the answer ended before its JSON object did");
      }
      return;
    case Mode::events: end_events(); return;
    case Mode::refusal: tell_refusal(); return;
    case Mode::translated:
      if (way_ == Way::embeddings) {
        end_embeddings();
        return;
      }
      [[fallthrough]];
    case Mode::translated_events: end_translation(); return;
  }
}

void Lane::end_events() {
  if (sse_.out_bytes() > 0 && ready_) { owner_.on_output(*this); }
  const bool whole = sse_.end();
  if (sse_.flowing()) { become_ready(); }
  if (!whole || !sse_.flowing()) {
    lose({.code = Errc::upstream_closed}, "the stream ended before its answer did");
    return;
  }
  if (sse_.contract().has_end() && !sse_.contract().ended()) {
    worker_.telemetry().streams_unmarked.add();
  }
  ended_ = true;
}

void Lane::on_failure(Error error) {
  if (ended_ || !active_) { return; }
  lose({.code = error.code, .retry_after = error.retry_after}, std::move(error.detail));
}

void Lane::lose(const routing::Failure& failure, std::string message) {
  if (!active_) { return; }
  settle();
  active_ = false;
  hold_timer_.cancel();
  call_.cancel();
  if (local_) { local_->cancel(); }
  owner_.on_lost(*this, failure, std::move(message));
}

void Lane::become_ready() {
  if (std::exchange(ready_, true)) { return; }
  hold_timer_.cancel();
  owner_.on_ready(*this);
}

void Lane::on_held_too_long() {
  if (mode_ == Mode::events) { sse_.let_go(); }
  become_ready();
  owner_.on_output(*this);
}

void Lane::on_flush() {
  if (active_ && ready_) { owner_.on_output(*this); }
}

std::span<const std::string_view> Lane::take() noexcept {
  if (mode_ == Mode::events) { return sse_.take(); }
  if (translation_ && mode_ != Mode::refusal) {
    out_[0] = translation_->out().view();
    return {out_.data(), out_[0].empty() ? 0U : 1U};
  }
  return {out_.data(), out_count_};
}

std::size_t Lane::bytes() const noexcept {
  if (mode_ == Mode::events) { return sse_.out_bytes(); }
  if (translation_ && mode_ != Mode::refusal) { return translation_->out().size(); }
  return out_bytes_;
}

void Lane::taken() {
  if (mode_ == Mode::events) {
    sse_.taken();
    if (sse_.held().empty()) { worker_.take_back(sse_.held()); }
  } else if (translation_) {
    translation_->out().clear();
  }
  out_count_ = out_bytes_ = 0;
}

bool Lane::between_events() const noexcept {
  return events_ && (mode_ != Mode::events || sse_.between_events());
}

bool Lane::error_told() const noexcept {
  if (mode_ == Mode::events) { return sse_.error_told(); }
  // The SDKs read over the error event of responses: it is told once more in words that they raise.
  return translation_ && translation_->failed() &&
         request_->operation != provider::Operation::responses;
}

}  // namespace butter::gateway
