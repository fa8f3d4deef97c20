#pragma once

#include <memory>

#include "dialect/codec.h"

namespace butter::dialect::gemini {

/// ProviderDialect::make_reader.
///
/// A stream has no end of its own: it is whole when every candidate that began has said why it
/// finished, or when the prompt was blocked. Some models say STOP in every chunk, so that
/// finishes are told when the body is over.
[[nodiscard]] std::unique_ptr<AnswerReader> make_answer_reader();

}  // namespace butter::dialect::gemini
