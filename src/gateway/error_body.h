#pragma once

#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/error.h"

namespace butter::gateway {

/// How an error of ours is told to a client.
struct ErrorAnswer {
  int status = 500;
  std::string_view type;    ///< OpenAI's `error.type`
  std::string_view code;    ///< OpenAI's `error.code`; "" = null
  bool retry = false;       ///< `x-should-retry`, which both official SDKs obey
  Duration retry_after{0};  ///< told in whole seconds, rounded up (429: and in ms); 0 = not told
};

[[nodiscard]] ErrorAnswer answer_for(Errc code) noexcept;

/// The body in the shape of the endpoint called: OpenAI's {"error":{...}}, or Anthropic's for
/// /v1/messages. Always valid JSON.
enum class ErrorShape : std::uint8_t { openai, anthropic };
[[nodiscard]] std::string error_body(const ErrorAnswer& answer, std::string_view message,
                                     ErrorShape shape);

/// What an error body in any provider's shape says: its `error.message`, else its `message`; ""
/// when there is none.
[[nodiscard]] std::string error_message_of(std::string_view body);

/// Appends status line and header fields of a JSON error; more may follow before http::end_head.
void write_error_head(Buffer& out, const ErrorAnswer& answer, std::size_t body_size,
                      bool keep_alive);

}  // namespace butter::gateway
