#pragma once

#include "base/buffer.h"
#include "dialect/conversation.h"

namespace butter::dialect {

/// Writes a provider's citation as an annotation of an output_text, on one line: chat's and
/// Anthropic's web citations as url_citation, Anthropic's citations of documents as file_citation.
/// \return false, with nothing written, when it is none of them
[[nodiscard]] bool write_annotation(Raw citation, Buffer& out);

}  // namespace butter::dialect
