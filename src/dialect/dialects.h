#pragma once

#include "dialect/codec.h"

namespace butter::dialect {

// The dialects, each in the files of its name; codec.cpp has the list.

/// OpenAI's chat completions. \source https://platform.openai.com/docs/api-reference/chat
extern const CallerDialect kChatCaller;
extern const ProviderDialect kChatProvider;

/// Anthropic's messages. \source https://docs.anthropic.com/en/api/messages
extern const CallerDialect kMessagesCaller;
extern const ProviderDialect kMessagesProvider;

/// OpenAI's responses. \source https://platform.openai.com/docs/api-reference/responses
extern const CallerDialect kResponsesCaller;

/// Google's generateContent. \source https://ai.google.dev/api/generate-content
extern const ProviderDialect kGeminiProvider;

/// Bedrock's Converse.
/// \source https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
extern const ProviderDialect kConverseProvider;

}  // namespace butter::dialect
