#pragma once

#include <memory>

#include "base/buffer.h"
#include "dialect/codec.h"

namespace butter::dialect {

/// Writes a responses answer, whole or as its events. A stream ends with a response.completed,
/// .incomplete or, after an error, an `error` event and response.failed; there is no [DONE].
///
/// Ids come from the request's: "resp_<id>", and "msg_", "rs_", "fc_" with "_<output_index>".
/// \source https://platform.openai.com/docs/api-reference/responses-streaming
[[nodiscard]] std::unique_ptr<AnswerWriter> make_responses_writer(Buffer& out,
                                                                  const AnswerContext& context);

}  // namespace butter::dialect
