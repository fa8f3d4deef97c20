#pragma once

#include <string_view>

#include "json/scan.h"
#include "json/splice.h"

namespace butter::provider {

/// What becomes of `stream` in a body for Anthropic's models on another cloud.
enum class StreamMember : unsigned char { kept, removed };

/// Changes a body of Anthropic's API to what another cloud's wants: the model stands in the path,
/// `anthropic_version` and the betas of the header in the body. A caller's own anthropic_version
/// and anthropic_beta stay.
/// \param version  "bedrock-2023-05-31"
/// \param betas    the value of the caller's anthropic-beta header: "a,b"; "" = none
void splice_anthropic_body(const json::RequestScan& scan, std::string_view body,
                           std::string_view version, std::string_view betas, StreamMember stream,
                           json::Splice& splice);

}  // namespace butter::provider
