// What plugins do with a request before it goes to a provider.

#include <utility>

#include "gateway/exchange.h"
#include "gateway/headers.h"
#include "gateway/worker.h"
#include "http/head_writer.h"
#include "http/media_type.h"

namespace butter::gateway {

using plugin::Hook;
using plugin::Outcome;

void Exchange::begin_hooks(const http::RequestHead& head) {
  hooked_ = true;
  if (!hooks_) {
    plugin::RequestHooks::Owner& owner = *this;
    hooks_ = std::make_unique<plugin::RequestHooks>(owner);
  }
  plugin::Host& host = *snapshot_->plugins;
  hooks_->begin(host, request_.path, request_.id, head.fields);
  // A provider may take a body without a type as JSON.
  const std::string_view type = head.fields.value("content-type");
  if (request_.native && (type.empty() || http::is_json(type)) &&
      request_.body_kind == ClientRequest::BodyKind::opaque && host.chain().reads_native()) {
    request_.body_kind = ClientRequest::BodyKind::whole;
  }
}

plugin::Subject Exchange::subject(Hook stage) const {
  plugin::Subject subject{.hook = stage, .model = request_.model};
  const auto kind = request_.body_kind;
  if (kind == ClientRequest::BodyKind::json || kind == ClientRequest::BodyKind::whole) {
    subject.body = request_.body.view();
  }
  if (last_ != nullptr && attempts_ > 0) {
    subject.provider = last_->provider().config().name;
  } else if (request_.native) {
    subject.provider = request_.provider_name;
  }
  // As in the Go program.
  subject.body_is_ours = request_.native && (stage == Hook::pre_http || stage == Hook::post_http);
  return subject;
}

void Exchange::run_stage(Hook stage) {
  state_ = stage == Hook::pre_http || stage == Hook::pre_llm ? State::hooking : state_;
  stage_ = stage;
  plugin::Subject subject = this->subject(stage);
  if (stage == Hook::post_llm) { subject.body = hooked_answer_.body(); }
  if (stage == Hook::post_http) {
    subject.status = status_;
    subject.response = hooked_answer_.body();
  }
  after_stage(hooks_->run(subject));
}

void Exchange::on_hooks_done(Outcome outcome) {
  if (stage_ != Hook::stream_chunk) {
    after_stage(outcome);
    return;
  }
  if (!take_event(outcome) || !pump()) { return; }
  if (!hooks_->waits()) { winner_->resume(); }
}

void Exchange::after_stage(Outcome outcome) {
  switch (outcome) {
    case Outcome::waiting: return;
    case Outcome::answered: answer_shortly(); return;
    case Outcome::failed: refuse(Errc::plugin_failed, hooks_->failure()); return;
    case Outcome::passed: break;
  }
  if (state_ == State::hooking) {
    after_request_stage();
  } else {
    after_answer_stage();
  }
}

void Exchange::after_request_stage() {
  for (const auto& [name, value] : hooks_->headers()) { request_.set_field(name, value); }
  hooks_->headers().clear();
  if (auto& body = hooks_->body()) {
    request_.replace_body(*body);
    readable_ = request_.read(worker_.scanner());
  }
  // A mistake of the client's may be mended by `pre_http`, so it is told only now.
  if (!readable_) {
    refuse(readable_.error().code, readable_.error().detail);
  } else if (stage_ == Hook::pre_http) {
    run_stage(Hook::pre_llm);
  } else {
    route();
  }
}

/// A plugin answers in the place of a provider.
void Exchange::answer_shortly() {
  const plugin::HookOutput::Answer& answer = hooks_->answer();
  status_ = answer.status;
  worker_.lend(answer_head_);
  Buffer& out = answer_head_;
  out.clear();
  http::write_status_line(out, static_cast<std::uint16_t>(answer.status),
                          http::reason_phrase(static_cast<std::uint16_t>(answer.status)));
  http::write_field(out, "Content-Type", "application/json");
  Buffer fields;
  for (const auto& [name, value] : hooks_->headers()) { set_line(fields, name, value); }
  out.append(fields.view());
  http::write_field(out, "Content-Length", answer.body.size());
  http::write_field(out, "x-request-id", request_.id);
  framing_ = Framing::length;
  write_common_fields(out);
  if (!request_.is_head) {
    out.append(answer.body);
    log_answer_body(answer.body);
  }
  connection_->queue(out.view());
  finish();
}

/// The request is over: plugins that only want to know hear of it.
void Exchange::end_hooks() {
  hooks_->end();
  if (observes_answer_) {
    plugin::Subject subject = this->subject(Hook::post_http);
    subject.status = status_;
    hooks_->observe(subject);
  }
  if (hooks_->wants(Hook::on_trace, request_.model)) {
    const wasm::Trace trace{.status = status_,
                            .duration = std::chrono::steady_clock::now() - began_at_,
                            .streaming = request_.stream_wanted || stream_open_,
                            .method = request_.method,
                            .path = request_.path,
                            .error = error_};
    plugin::Subject subject = this->subject(Hook::on_trace);
    subject.body = {};
    subject.trace = &trace;
    hooks_->observe(subject);
  }
  hooked_answer_.release();
  lost_.reset();
}

}  // namespace butter::gateway
