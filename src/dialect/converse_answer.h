#pragma once

#include <memory>

#include "dialect/codec.h"

namespace butter::dialect {

/// Reads what Converse and ConverseStream answer. A stream's end is told with its `metadata`, which
/// comes last, or by close().
/// \source
/// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
[[nodiscard]] std::unique_ptr<AnswerReader> make_converse_reader();

}  // namespace butter::dialect
