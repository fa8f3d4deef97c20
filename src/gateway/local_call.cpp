#include "gateway/local_call.h"

#include <utility>

namespace butter::gateway {

LocalCall::LocalCall(net::Loop& loop) noexcept
    : loop_(loop), timer_(net::Timer::calling<&LocalCall::step>(this)) {}

void LocalCall::start(provider::MockAnswer answer, upstream::CallSink& sink) {
  ++run_;
  answer_ = std::move(answer);
  sink_ = &sink;
  next_ = 0;
  head_told_ = paused_ = false;
  loop_.arm(timer_, Duration::zero());
}

void LocalCall::cancel() noexcept {
  ++run_;
  sink_ = nullptr;
  timer_.cancel();
}

void LocalCall::resume() {
  if (std::exchange(paused_, false) && sink_ != nullptr) { loop_.arm(timer_, Duration::zero()); }
}

void LocalCall::step() {
  upstream::CallSink* const sink = sink_;
  // The sink may cancel this answer or start another one whenever it is told something.
  const std::uint32_t run = run_;
  if (!head_told_) {
    head_told_ = true;
    http::ResponseHead head;
    head.status = answer_.status;
    head.reason = http::reason_phrase(answer_.status);
    head.fields.add({"Content-Type", answer_.content_type});
    head.framing.kind = http::Framing::Kind::chunked;
    if (answer_.pieces.size() == 1) {
      head.framing = {.kind = http::Framing::Kind::length, .length = answer_.pieces[0].size()};
    }
    sink->on_head(head);
  }
  if (run_ == run && !paused_ && next_ < answer_.pieces.size()) {
    const std::string_view piece = answer_.pieces[next_++];
    sink->on_body({&piece, 1});
  }
  if (run_ != run) { return; }
  if (next_ == answer_.pieces.size()) {
    sink_ = nullptr;
    sink->on_end();
  } else if (!paused_) {
    loop_.arm(timer_, answer_.between);
  }
  sink->on_flush();
}

}  // namespace butter::gateway
