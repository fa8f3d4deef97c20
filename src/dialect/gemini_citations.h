#pragma once

#include <string_view>

#include "base/buffer.h"
#include "dialect/answer.h"
#include "json/cursor.h"

namespace butter::dialect::gemini {

/// Tells the sources of `groundingMetadata` (web search) as citations, in the shape of chat's
/// annotations: {"type":"url_citation","url_citation":{start_index, end_index, url, title}}. A
/// source that supports several passages comes once for each; one that supports none comes with an
/// empty passage. Google counts passages in bytes of UTF-8.
/// \param scratch  overwritten
void tell_grounding(json::Cursor& at, unsigned choice, Buffer& scratch, AnswerSink& sink);

/// Likewise `citationMetadata`: texts that the answer repeats.
void tell_recitations(json::Cursor& at, unsigned choice, Buffer& scratch, AnswerSink& sink);

}  // namespace butter::dialect::gemini
