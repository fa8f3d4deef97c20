#pragma once

#include <string_view>

#include "dialect/conversation.h"
#include "json/writer.h"

namespace butter::dialect {

/// The members of a Converse request besides what is said: inferenceConfig,
/// additionalModelRequestFields, outputConfig, requestMetadata, serviceTier.
/// \param model  Bedrock's id: what goes into additionalModelRequestFields is the model's own
void write_converse_fields(const Conversation& conversation, std::string_view model,
                           json::Writer& writer);

}  // namespace butter::dialect
