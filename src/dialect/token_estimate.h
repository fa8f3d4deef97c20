#pragma once

#include <cstdint>

#include "base/buffer.h"
#include "dialect/conversation.h"

namespace butter::dialect {

/// How many tokens a request has, roughly: what /v1/messages/count_tokens answers for providers
/// that have no such endpoint.
///
/// | what              | tokens                                                            |
/// |-------------------|-------------------------------------------------------------------|
/// | text, JSON        | a quarter of its ASCII bytes, half of the others (as it is written) |
/// | a turn            | 4                                                                 |
/// | a tool            | 16, and its text; 300 once when there is any                       |
/// | an image          | 1600: the most that Anthropic counts for one                      |
/// | a file, its bytes | a 16th of its base64, at least 1500 (a page); 1500 by URL or id     |
/// | a sound           | a 64th of its base64                                              |
///
/// Within about a fifth of what tokenizers say of prose and code. Thread: any.
[[nodiscard]] std::uint64_t estimate_tokens(const Conversation& conversation);

/// Writes the body of such an answer: {"input_tokens":n}.
/// \source https://docs.anthropic.com/en/api/messages-count-tokens
void write_token_count(std::uint64_t tokens, Buffer& out);

}  // namespace butter::dialect
