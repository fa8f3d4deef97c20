#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/buffer.h"
#include "dialect/codec.h"

namespace butter::gateway {

/// A provider's answer on its way into the caller's dialect. What the writer makes waits in out();
/// an error before any content is kept back, so that something else can be tried.
/// Thread: worker-local.
class TranslatedAnswer final : private dialect::AnswerSink {
 public:
  TranslatedAnswer(const dialect::ProviderDialect& provider, const dialect::CallerDialect& caller,
                   const dialect::AnswerContext& context);

  /// \errors upstream_protocol, upstream_closed: what came is no whole answer
  [[nodiscard]] Result<void> whole(std::string_view body);
  [[nodiscard]] Result<void> feed(std::string_view bytes);
  [[nodiscard]] Result<void> close();

  /// An answer has begun: from here it cannot be taken back.
  [[nodiscard]] bool begun() const noexcept { return writer_->begun() || writer_->over(); }
  /// It is complete, or the caller was told that it failed.
  [[nodiscard]] bool over() const noexcept { return writer_->over(); }
  /// The provider's error, kept back or told.
  [[nodiscard]] const std::optional<dialect::AnswerError>& failed() const noexcept {
    return error_;
  }
  /// nullopt when the provider said nothing of it.
  [[nodiscard]] const std::optional<dialect::Usage>& tokens() const noexcept { return usage_; }

  [[nodiscard]] Buffer& out() noexcept { return out_; }
  [[nodiscard]] const Buffer& out() const noexcept { return out_; }

 private:
  void start(const dialect::AnswerStart& start) override { writer_->start(start); }
  void delta(const dialect::Delta& delta) override { writer_->delta(delta); }
  void finish(const dialect::Finish& finish) override { writer_->finish(finish); }
  void usage(const dialect::Usage& usage) override;
  void end() override { writer_->end(); }
  void error(const dialect::AnswerError& error) override;

  Buffer out_;
  std::unique_ptr<dialect::AnswerReader> reader_;
  std::unique_ptr<dialect::AnswerWriter> writer_;
  std::optional<dialect::AnswerError> error_;
  std::optional<dialect::Usage> usage_;
};

}  // namespace butter::gateway
