#pragma once

#include <string>
#include <string_view>

#include "dialect/answer.h"
#include "dialect/codec.h"
#include "json/writer.h"

namespace butter::dialect {

// What a chat answer is made of, in chunks and in whole answers alike.

/// `id`, `object`, `created`, `model` of an answer.
void write_chat_head(const AnswerStart& start, const AnswerContext& context,
                     std::string_view object, json::Writer& writer);

/// An element of `thinking_blocks`.
void write_thinking_block(Text text, Text signature, json::Writer& writer);
void write_redacted_block(Text data, json::Writer& writer);

/// `extra_content` of a tool call that has a signature.
void write_tool_signature(Text signature, json::Writer& writer);

/// The provider's id of a tool call, else one that is made of the request's.
[[nodiscard]] std::string chat_tool_id(const Delta& begin, const AnswerContext& context);

}  // namespace butter::dialect
