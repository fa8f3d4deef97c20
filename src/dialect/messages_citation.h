#pragma once

#include "base/buffer.h"
#include "dialect/conversation.h"

namespace butter::dialect {

/// Writes a provider's citation (`raw`) as an element of `citations` of a text block, on one line:
/// Anthropic's own as they are, chat's url_citation as a web_search_result_location.
/// \return false, with nothing written, when it is neither
[[nodiscard]] bool write_messages_citation(Raw raw, Buffer& out);

/// Writes a provider's citation (`raw`) as an element of chat's `annotations`, on one line:
/// Anthropic's that has a URL as a url_citation, any other as it is.
void write_chat_annotation(Raw raw, Buffer& out);

}  // namespace butter::dialect
