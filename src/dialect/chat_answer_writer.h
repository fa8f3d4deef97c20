#pragma once

#include <memory>
#include <string_view>

#include "dialect/codec.h"

namespace butter::dialect {

/// CallerDialect::make_writer of chat.
[[nodiscard]] std::unique_ptr<AnswerWriter> make_chat_writer(Buffer& out,
                                                             const AnswerContext& context);

/// The `finish_reason` for a reason.
[[nodiscard]] std::string_view chat_finish_reason(Finish::Reason reason) noexcept;

}  // namespace butter::dialect
