#pragma once

#include <memory>

#include "dialect/codec.h"

namespace butter::dialect {

/// Writes an answer as chunks: the role first, then a chunk a piece; usage in a chunk of its own,
/// when the caller asked for it, and `[DONE]`. A thinking block whose signature has come stands
/// whole in `thinking_blocks`, after its text went out as `reasoning_content`.
[[nodiscard]] std::unique_ptr<AnswerWriter> make_chat_stream_writer(Buffer& out,
                                                                    const AnswerContext& context);

}  // namespace butter::dialect
