#include "gateway/translated_answer.h"

namespace butter::gateway {

TranslatedAnswer::TranslatedAnswer(const dialect::ProviderDialect& provider,
                                   const dialect::CallerDialect& caller,
                                   const dialect::AnswerContext& context)
    : reader_(provider.make_reader()), writer_(caller.make_writer(out_, context)) {}

Result<void> TranslatedAnswer::whole(std::string_view body) {
  return reader_->whole(body, *this);
}

Result<void> TranslatedAnswer::feed(std::string_view bytes) {
  return reader_->feed(bytes, *this);
}

Result<void> TranslatedAnswer::close() {
  return reader_->close(*this);
}

void TranslatedAnswer::usage(const dialect::Usage& usage) {
  usage_ = usage;
  writer_->usage(usage);
}

void TranslatedAnswer::error(const dialect::AnswerError& error) {
  error_ = error;
  if (begun()) { writer_->error(error); }
}

}  // namespace butter::gateway
