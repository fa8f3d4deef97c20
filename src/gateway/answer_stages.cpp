// What plugins do with a provider's answer before the client gets it.

#include <utility>

#include "gateway/exchange.h"
#include "gateway/headers.h"
#include "gateway/worker.h"
#include "http/head_writer.h"
#include "http/media_type.h"
#include "wasm/go_json.h"

namespace butter::gateway {

using plugin::Hook;
using plugin::Outcome;

/// How the plugins want the answer of this lane, of which nothing has come yet.
void Exchange::begin_answer_hooks(const Lane& lane) {
  lost_.reset();
  hooked_answer_.stop();
  if (!snapshot_->plugins->chain().sees_answers()) { return; }
  const std::string_view fields = lane.fields().view();
  const std::string_view type = value_in(fields, "content-type").value_or("");
  const bool readable = !request_.is_head && lane.framing() != Lane::Framing::none &&
                        !value_in(fields, "content-encoding");
  const bool observed = hooks_->wants(Hook::post_http, request_.model);
  observes_answer_ = observed;
  if (!readable) { return; }
  if (http::is_event_stream(type)) {
    auto filter = hooks_->stream_filter(request_.model);
    const bool wanted = filter || hooks_->wants(Hook::stream_chunk, request_.model);
    if (wanted && lane.succeeded()) {
      hooked_answer_.start(HookedAnswer::Kind::events, std::move(filter));
    }
  } else if (http::is_json(type)) {
    if (observed || hooks_->wants(Hook::post_llm, request_.model)) {
      observes_answer_ = false;  // it sees it before the client
      hooked_answer_.start(HookedAnswer::Kind::whole);
    }
  }
}

void Exchange::take_in(Lane& lane) {
  if (!hooked_answer_.add(lane.take())) {
    lane.stop();
    lost_ = Error{Errc::upstream_protocol, "the answer is too large for plugins to look into"};
  }
  lane.taken();
  static_cast<void>(pump());
}

/// Whatever can be done with what has come. \return false: the request is over
bool Exchange::pump() {
  if (hooks_->waits()) { return true; }
  if (hooked_answer_.kind() == HookedAnswer::Kind::whole) {
    if (lost_) {
      refuse(lost_->code, lost_->detail);
      return false;
    }
    if (!winner_->ended()) { return true; }
    const bool of_a_model = request_.native || request_.operation != provider::Operation::other;
    const bool wanted = winner_->succeeded() && of_a_model;
    run_stage(wanted ? Hook::post_llm : Hook::post_http);
    return state_ == State::relaying && connection_ != nullptr;
  }
  while (const auto& event = hooked_answer_.event()) {
    if (event->data.empty()) {
      hooked_answer_.pass_event();
      continue;
    }
    stage_ = Hook::stream_chunk;
    plugin::Subject subject = this->subject(stage_);
    subject.body = event->data;
    const Outcome outcome = hooks_->run(subject);
    if (outcome == Outcome::waiting) {
      winner_->pause();
      break;
    }
    if (!take_event(outcome)) { return false; }
  }
  const bool drained = !hooks_->waits();
  const bool last = drained && winner_->ended();
  if (last || (drained && lost_)) { hooked_answer_.end_events(); }
  if (drained && lost_) {
    send_hooked(false);
    break_off(lost_->code, std::move(lost_->detail));
    return false;
  }
  send_hooked(last);
  if (!last && connection_->waiting() > server::Connection::kHighMark) { winner_->pause(); }
  return !last;
}

/// \return false: a plugin failed without which no event may go out, and the request is over
bool Exchange::take_event(Outcome outcome) {
  if (outcome == Outcome::failed) {
    // What was to come next is unseen, and so is all that is left.
    send_hooked(false);
    lost_.reset();
    if (content_out_) {
      break_off(Errc::plugin_failed, hooks_->failure());
    } else {
      refuse(Errc::plugin_failed, hooks_->failure());
    }
    return false;
  }
  const auto& body = hooks_->body();
  if (!body) {
    hooked_answer_.pass_event();
  } else if (*body == "null") {
    hooked_answer_.drop_event();
  } else {
    std::string json;
    static_cast<void>(wasm::append_compact(json, *body));
    hooked_answer_.pass_event(json);
  }
  return true;
}

void Exchange::after_answer_stage() {
  if (auto& body = hooks_->body()) { hooked_answer_.replace_body(*body); }
  if (stage_ == Hook::post_llm) {
    run_stage(Hook::post_http);
  } else {
    hooked_answer_.pass_body();
    send_hooked(true);
  }
}

void Exchange::send_hooked(bool last) {
  Buffer& out = hooked_answer_.out();
  if (out.empty() && !last) { return; }
  if (!head_out_) { write_head(*winner_); }
  if (!std::exchange(content_out_, true)) {
    first_byte_ = std::chrono::steady_clock::now() - began_at_;
  }
  const std::string_view bytes = out.view();
  queue_pieces({&bytes, 1}, bytes.size(), last);
  if (last) {
    note_success(*winner_);
    finish();
    return;
  }
  connection_->flush();
  out.clear();
  last_out_ = loop_.now();
}

/// The answer's fields as the provider sent them, but for what plugins have changed.
void Exchange::write_hooked_fields(const Lane& lane, Buffer& out) {
  Buffer fields;
  fields.append(lane.fields().view());
  erase_lines(fields, "content-length");
  for (const auto& [name, value] : hooks_->headers()) { set_line(fields, name, value); }
  out.append(fields.view());
  if (hooked_answer_.kind() == HookedAnswer::Kind::whole) {
    http::write_field(out, "Content-Length", hooked_answer_.out().size());
  }
}

}  // namespace butter::gateway
