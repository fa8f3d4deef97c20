#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "provider/operation.h"

namespace butter::provider {

/// An answer of the built-in provider, which needs no key and no server.
struct MockAnswer {
  std::uint16_t status = 200;
  std::string content_type = "application/json";
  std::vector<std::string> pieces;  ///< a JSON body is one; a stream has one for each event
  Duration between{0};              ///< wait between two pieces of a stream
};

/// Answers chat, completions, responses, embeddings, moderations, speech, transcriptions and images
/// in OpenAI's shapes, streamed where asked for, tool calls where tools are forced; the text says
/// what it was sent, or is JSON where a format is asked for. Any other path gives a 404. The same
/// request gives the same answer but for ids and `created`.
/// \param path  below /v1: "/chat/completions"
/// \param body  the whole request body
/// \param now   seconds since the epoch, for `created`
[[nodiscard]] MockAnswer mock_answer(std::string_view path, std::string_view body, bool stream,
                                     std::string_view model, long long now);

}  // namespace butter::provider
