#pragma once

#include <memory>

#include "dialect/codec.h"

namespace butter::dialect {

/// ProviderDialect::make_reader of messages. A stream ends with message_stop, else it was cut.
/// \source https://docs.anthropic.com/en/docs/build-with-claude/streaming
[[nodiscard]] std::unique_ptr<AnswerReader> make_messages_reader();

}  // namespace butter::dialect
