#include "gateway/sse_relay.h"

namespace butter::gateway {

namespace {

/// The data of an event that has one line of it; "" for more lines, which would have to be joined.
std::string_view only_data_line(std::string_view block) {
  const http::SseEvent event = http::parse_sse_event(block);
  return event.more_data ? std::string_view() : event.data;
}

}  // namespace

void SseRelay::start(provider::Operation operation, bool hide_usage) {
  hide_usage_ = hide_usage;
  contract_ = provider::StreamContract(operation);
  scanner_ = {};
  state_ = State::holding;
  raw_ = error_told_ = malformed_ = false;
  hidden_ = 0;
  held_.clear();
  event_begin_ = consume_ = count_ = out_bytes_ = 0;
  error_ = {};
}

void SseRelay::add_out(std::string_view bytes) {
  if (bytes.empty()) { return; }
  out_[count_++] = bytes;
  out_bytes_ += bytes.size();
}

bool SseRelay::on_event(std::string_view block) {
  const provider::EventKind kind = contract_.on_event(block);
  const bool held = state_ == State::holding;
  switch (kind) {
    case provider::EventKind::neutral: break;
    case provider::EventKind::usage:
    case provider::EventKind::content:
    case provider::EventKind::end: state_ = State::flowing; break;
    case provider::EventKind::error:
      state_ = held ? State::failed : State::broken;
      error_ = only_data_line(block);
      error_told_ = !held && contract_.sdk_raises(error_);
      break;
    case provider::EventKind::malformed:
      state_ = held ? State::failed : State::broken;
      malformed_ = true;
      break;
  }
  // Each makes a piece more, of which there is a number.
  constexpr std::uint8_t kMostHidden = 8;
  const bool hides = hide_usage_ && kind == provider::EventKind::usage && hidden_ < kMostHidden;
  if (hides) { ++hidden_; }
  return hides;
}

bool SseRelay::over() const noexcept {
  return state_ == State::failed || state_ == State::broken || contract_.ended();
}

SseRelay::State SseRelay::feed(std::span<const std::string_view> pieces) {
  for (const std::string_view piece : pieces) {
    if (over()) { break; }
    if (state_ == State::flowing && held_.empty()) {
      feed_direct(piece);
    } else {
      feed_held(piece);
    }
  }
  give_out_held();
  return state_;
}

void SseRelay::let_go() {
  if (state_ != State::holding) { return; }
  state_ = State::flowing;
  give_out_held();
}

/// Whole events that were held go out as one piece.
void SseRelay::give_out_held() {
  const bool flows = state_ == State::flowing || state_ == State::broken;
  if (!flows || consume_ > 0 || event_begin_ == 0) { return; }
  consume_ = event_begin_;
  add_out(held_.view().substr(0, consume_));
}

void SseRelay::feed_direct(std::string_view piece) {
  std::size_t begin = 0;  // of what goes out
  std::size_t done = 0;
  while (const std::size_t n = scanner_.next_end(piece.substr(done))) {
    const bool hidden = !raw_ && on_event(piece.substr(done, n));
    raw_ = false;
    if (hidden) {
      add_out(piece.substr(begin, done - begin));
      begin = done + n;
    }
    if (passes()) { done += n; }
    if (over()) {
      add_out(piece.substr(begin, done - begin));
      return;
    }
  }
  if (raw_) { done = piece.size(); }
  add_out(piece.substr(begin, done - begin));
  if (done < piece.size()) {
    held_.append(piece.substr(done));
    event_begin_ = 0;
  }
}

void SseRelay::feed_held(std::string_view piece) {
  std::size_t scanned = held_.size();
  held_.append(piece);
  while (const std::size_t n = scanner_.next_end(held_.view().substr(scanned))) {
    scanned += n;
    const std::size_t size = scanned - event_begin_;
    const bool hidden = !raw_ && on_event(held_.view().substr(event_begin_, size));
    raw_ = false;
    if (hidden) {
      held_.erase(event_begin_, size);
      scanned = event_begin_;
    } else if (passes()) {
      event_begin_ = scanned;
    }
    if (over()) { return; }
  }
  const bool too_long = held_.size() - event_begin_ > kMostHeld;
  if (held_.size() > kMostHeld) { state_ = State::flowing; }  // it counts as content
  if (raw_ || too_long) {
    // It goes out unfinished.
    raw_ = true;
    event_begin_ = held_.size();
  }
}

void SseRelay::taken() {
  count_ = out_bytes_ = hidden_ = 0;
  if (consume_ == 0) { return; }
  held_.consume(consume_);
  event_begin_ -= consume_;
  consume_ = 0;
}

bool SseRelay::end() {
  const std::string_view rest = held_.view().substr(event_begin_);
  // Only a last event that lacks nothing but its blank line counts: half a line may say anything.
  const bool whole_lines = rest.ends_with('\n') || http::parse_sse_event(rest).data == "[DONE]";
  if (!over() && !rest.empty() && !raw_ && whole_lines) {
    const bool hidden = on_event(rest);
    // Without its blank line only when it is the last: an event of ours would hang on to it.
    if (!hidden && (whole() || error_told_)) {
      event_begin_ = held_.size();
      give_out_held();
    }
  }
  return whole();
}

bool SseRelay::whole() const noexcept {
  if (state_ == State::failed || state_ == State::broken) { return false; }
  return contract_.ended() || !contract_.has_end() || contract_.complete_but_for_the_end();
}

}  // namespace butter::gateway
