// What is told of a request when it is over.

#include "gateway/exchange.h"
#include "gateway/worker.h"

namespace butter::gateway {

/// Bodies are kept from here on, where the log wants them.
void Exchange::start_body_logs(std::string_view content_type) {
  const Snapshot& snapshot = snapshot_->snapshot();
  const config::RequestLog& wanted = snapshot.config().requestlog;
  body_logs_wanted_ = wanted.enabled && wanted.log_bodies;
  if (!body_logs_wanted_) { return; }
  if (!body_logs_) { body_logs_ = std::make_unique<BodyLogs>(); }
  body_logs_->request.start(wanted.body_max_bytes, snapshot.body_redaction(), content_type);
  body_logs_->answer.start(wanted.body_max_bytes, snapshot.body_redaction());
}

void Exchange::log_request_body(std::string_view piece) {
  if (body_logs_wanted_) { body_logs_->request.add(piece); }
}

void Exchange::log_answer_body(std::string_view piece) {
  if (body_logs_wanted_) { body_logs_->answer.add(piece); }
}

void Exchange::write_record() {
  const TimePoint now = std::chrono::steady_clock::now();
  Timeline times{.began = began_at_, .received = received_at_};
  RequestRecord record;
  record.method = request_.method;
  record.path = request_.path;
  record.request_id = request_.id;
  if (last_ != nullptr && attempts_ > 0) {
    record.provider = last_->provider().config().name;
    record.upstream_model = last_->upstream_model();
    record.key_hint = last_->key_hint();
    record.overhead = overhead_ + last_->overhead();
    record.usage = last_->usage();
    times.received = read_at_;
    times.first_attempt =
        first_attempt_at_ == TimePoint{} ? last_->started_at() : first_attempt_at_;
    last_->note_times(times);
  }
  record.model = request_.model;
  record.status = status_;
  record.streaming = request_.stream_wanted || stream_open_;
  record.client_left = client_left_;
  record.error = error_;
  record.attempts = attempts_;
  if (!request_.app_key.empty()) { record.app_key = key_hint(request_.app_key); }
  record.duration = now - began_at_;
  record.first_byte = first_byte_;
  if (content_out_) { times.content = began_at_ + first_byte_; }
  record.phases = phases_of(times, now);
  if (hooked_) { record.plugins = hooks_->spent(); }
  record.bytes_in = request_.bytes_in;
  record.bytes_out = bytes_out_;
  if (body_logs_wanted_) {
    record.request_body = body_logs_->request.told(request_.app_key);
    record.response_body = body_logs_->answer.told(request_.app_key);
  }
  worker_.telemetry().record(record, snapshot_->snapshot(), worker_.logger());
}

}  // namespace butter::gateway
