#pragma once

#include <memory>

#include "dialect/codec.h"

namespace butter::dialect {

/// Writes a message as it is told, in Anthropic's events: message_start, for each block
/// content_block_start, _delta and _stop, then message_delta with the usage, message_stop; or
/// `error`. message_start waits for the first block, so that it has the usage that is known then.
/// \source https://docs.anthropic.com/en/docs/build-with-claude/streaming
[[nodiscard]] std::unique_ptr<AnswerWriter> make_messages_stream_writer(
    Buffer& out, const AnswerContext& context);

}  // namespace butter::dialect
