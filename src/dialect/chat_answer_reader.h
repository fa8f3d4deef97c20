#pragma once

#include <memory>

#include "dialect/codec.h"

namespace butter::dialect {

/// ProviderDialect::make_reader of chat. `[DONE]` may be missing behind a finish_reason.
[[nodiscard]] std::unique_ptr<AnswerReader> make_chat_reader();

}  // namespace butter::dialect
