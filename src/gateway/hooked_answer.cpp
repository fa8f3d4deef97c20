#include "gateway/hooked_answer.h"

#include <algorithm>

namespace butter::gateway {

namespace {

/// Calls `take` with each line of the block, without its end.
template <class Take>
void each_line(std::string_view block, Take take) {
  while (!block.empty()) {
    const std::size_t end = std::min(block.find_first_of("\r\n"), block.size());
    take(block.substr(0, end));
    block.remove_prefix(end);
    block.remove_prefix(block.starts_with("\r\n") ? 2 : block.empty() ? 0 : 1);
  }
}

/// The value of a `data` line; nullopt = it is none. \source WHATWG HTML, section 9.2.6
std::optional<std::string_view> data_of(std::string_view line) {
  if (line == "data") { return ""; }
  if (!line.starts_with("data:")) { return std::nullopt; }
  line.remove_prefix(line.starts_with("data: ") ? 6 : 5);
  return line;
}

}  // namespace

void HookedAnswer::start(Kind kind, std::unique_ptr<plugin::StreamFilter> filter) {
  kind_ = kind;
  filter_ = std::move(filter);
  in_.clear();
  out_.clear();
  later_.clear();
  scanner_ = {};
  scanned_ = found_ = 0;
  event_.reset();
}

void HookedAnswer::release() {
  stop();
  in_.release();
  out_.release();
  later_.release();
  event_.reset();
  filter_.reset();
}

bool HookedAnswer::add(std::span<const std::string_view> pieces) {
  Buffer& into = event_ ? later_ : in_;
  for (const std::string_view piece : pieces) {
    if (into.size() + piece.size() > kMost || !into.reserve(piece.size())) { return false; }
    into.append(piece);
  }
  return true;
}

void HookedAnswer::replace_body(std::string_view json) {
  in_.clear();
  in_.append(json);
}

const std::optional<HookedAnswer::Event>& HookedAnswer::event() {
  if (event_) { return event_; }
  if (found_ == 0) {
    const std::size_t end = scanner_.next_end(in_.view().substr(scanned_));
    if (end == 0) {
      scanned_ = in_.size();
      return event_;
    }
    found_ = scanned_ + end;
    scanned_ = 0;
  }
  Event event{.block = in_.view().substr(0, found_), .data = {}};
  const http::SseEvent parsed = http::parse_sse_event(event.block);
  event.data = parsed.data;
  if (parsed.more_data) {
    joined_.clear();
    each_line(event.block, [this](std::string_view line) {
      if (const auto data = data_of(line)) { joined_.append(*data).append("\n"); }
    });
    joined_.pop_back();
    event.data = joined_;
  }
  if (event.data == "[DONE]") { event.data = {}; }
  event_ = event;
  return event_;
}

void HookedAnswer::put(std::string_view event) {
  if (filter_) {
    filter_->feed(event, out_);
  } else {
    out_.append(event);
  }
}

void HookedAnswer::pass_event() {
  put(event_->block);
  drop_event();
}

void HookedAnswer::pass_event(std::string_view json) {
  changed_.clear();
  each_line(event_->block, [this](std::string_view line) {
    if (line.empty() || data_of(line)) { return; }
    changed_.append(line);
    changed_.append("\n");
  });
  changed_.append("data: ");
  changed_.append(json);
  changed_.append("\n\n");
  put(changed_.view());
  drop_event();
}

void HookedAnswer::end_events() {
  if (filter_) { filter_->end(out_); }
}

void HookedAnswer::drop_event() {
  in_.consume(found_);
  found_ = 0;
  event_.reset();
  in_.append(later_.view());
  later_.clear();
}

}  // namespace butter::gateway
