#pragma once

#include <memory>

#include "dialect/codec.h"

namespace butter::dialect {

/// CallerDialect::make_writer of messages. Arguments of a call that are no JSON object become
/// {"INVALID_JSON": "<text>"}, as Anthropic advises.
[[nodiscard]] std::unique_ptr<AnswerWriter> make_messages_writer(Buffer& out,
                                                                 const AnswerContext& context);

}  // namespace butter::dialect
