#pragma once

#include <vector>

#include "dialect/conversation.h"
#include "dialect/fields.h"

namespace butter::dialect {

/// Whose content is read, for what is reported of it.
enum class ContentOf : std::uint8_t { message, tool_result };

/// Reads a content, where `fields` stands: a string or a list of input_text, input_image,
/// input_file, input_audio, output_text and refusal parts. Appends to `parts`.
void read_responses_content(Fields& fields, ContentOf whose, Conversation& into,
                            std::vector<Part>& parts);

}  // namespace butter::dialect
