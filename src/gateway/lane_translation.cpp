// The upstream's answer where the client gets it in other words.

#include <utility>

#include "gateway/error_body.h"
#include "gateway/lane.h"
#include "gateway/worker.h"
#include "http/head_writer.h"

namespace butter::gateway {

namespace {

/// An answer that must be read whole before it can be told.
constexpr std::size_t kMostCollected = 64 * 1024 * 1024;

}  // namespace

void Lane::begin_translation() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  auto conversation = request_->conversation();
  translation_ = std::make_unique<TranslatedAnswer>(
      *dialect::provider_dialect(*provider().dialect_of(attempt_.model)), *request_->dialect(),
      dialect::AnswerContext{.stream = request_->stream_wanted,
                             .stream_usage = (*conversation)->stream_usage,
                             .id = request_->id,
                             .model = request_->model,
                             .now = std::chrono::duration_cast<std::chrono::seconds>(now).count(),
                             .asked = *conversation});
}

void Lane::feed_translation(std::span<const std::string_view> pieces) {
  for (const std::string_view piece : pieces) {
    if (translation_->over()) { break; }
    if (auto fed = translation_->feed(piece); !fed) {
      lose({.code = fed.error().code}, std::move(fed.error().detail));
      return;
    }
    if (translation_->failed()) {
      lose_translation();
      return;
    }
  }
  ended_ = translation_->over();
  if (translation_->begun()) { become_ready(); }
}

/// The provider told of an error in an answer that had begun well.
void Lane::lose_translation() {
  const dialect::AnswerError error = *translation_->failed();
  lose({.code = Errc::upstream_status, .status = error.status}, error.message);
}

void Lane::collect(std::span<const std::string_view> pieces) {
  for (const std::string_view piece : pieces) { collected_.append(piece); }
  if (collected_.size() > kMostCollected) {
    lose({.code = Errc::upstream_protocol}, "the answer is larger than " +
                                                std::to_string(kMostCollected) +
                                                " bytes and cannot be translated");
  }
}

void Lane::end_translation() {
  Result<void> done =
      mode_ == Mode::translated ? translation_->whole(collected_.view()) : translation_->close();
  if (done && !translation_->failed() && !translation_->over()) {
    done = fail(Errc::upstream_closed, "the stream ended before its answer did");
  }
  if (!done) {
    lose({.code = done.error().code}, std::move(done.error().detail));
  } else if (translation_->failed()) {
    lose_translation();
  } else {
    ended_ = true;
    if (mode_ == Mode::translated_events &&
        dialect::provider_dialect(*provider().dialect_of(attempt_.model))->end_may_lack) {
      worker_.telemetry().streams_unmarked.add();
    }
    if (!events_) {
      framing_ = Framing::length;
      http::write_field(fields_, "Content-Length", translation_->out().size());
    }
    become_ready();
  }
}

void Lane::end_embeddings() {
  const dialect::EmbeddingsDialect& dialect = *provider().embeddings(attempt_.model);
  const dialect::EmbeddingsRequest& asked = **request_->embeddings();
  auto answer = dialect.read_answer(collected_.view(), asked);
  told_.clear();
  Result<void> done;
  if (answer) {
    usage_ = dialect::Usage{.input = answer->input_tokens};
    done = dialect::write_embeddings_answer(*answer, asked, request_->model, told_);
  } else {
    done = std::unexpected(answer.error());
  }
  if (!done) {
    lose({.code = done.error().code}, std::move(done.error().detail));
    return;
  }
  tell(told_);
}

/// A refusal was read whole: it is said in the caller's dialect, as an event or as a body.
void Lane::tell_refusal() {
  if (way_ == Way::relayed || way_ == Way::counted) {
    ended_ = true;
    std::string message = error_message_of(collected_.view());
    if (message.empty()) { message = "status " + std::to_string(status_); }
    if (status_ < 300) { message = "the upstream answered without a stream"; }
    owner_.on_refusal_read(*this, std::move(message));
    return;
  }
  const auto& dialect = *dialect::provider_dialect(*provider().error_dialect(attempt_.model));
  dialect::AnswerError error = dialect.make_reader()->error(status_, collected_.view());
  error.message = "provider error (status " + std::to_string(status_) + "): " + error.message;
  if (terms_.streaming_only) {
    ended_ = true;
    owner_.on_refusal_read(*this, std::move(error.message));
    return;
  }
  // Google says it in the body alone.
  if (error.retry_after > 0 && !has_retry_after_) {
    http::write_field(fields_, "Retry-After", error.retry_after);
  }
  status_ = error.status;
  reason_ = http::reason_phrase(static_cast<std::uint16_t>(status_));
  told_.clear();
  if (const auto* const spoken = request_->dialect()) {
    spoken->write_error(error, request_->id, told_);
  } else {
    dialect::caller_dialect(dialect::Dialect::chat)->write_error(error, request_->id, told_);
  }
  tell(told_);
}

/// The whole answer, of which nothing has gone out.
void Lane::tell(const Buffer& body) {
  ended_ = true;
  framing_ = Framing::length;
  http::write_field(fields_, "Content-Length", body.size());
  out_[out_count_++] = body.view();
  out_bytes_ += body.size();
  become_ready();
}

}  // namespace butter::gateway
