#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dialect/dialects.h"
#include "dialect/losses.h"
#include "dialect/token_estimate.h"

// Whatever a caller sends is read or refused; what was read is written or refused in each dialect.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace butter;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  dialect::Conversation asked;
  if (const auto read = dialect::kMessagesCaller.read_request(body, asked); !read) {
    if (read.error().code != Errc::bad_request || read.error().detail.empty()) { std::abort(); }
    return 0;
  }
  for (const auto* const provider : {&dialect::kMessagesProvider, &dialect::kChatProvider}) {
    (void)dialect::losses(asked, *provider, false);
    Buffer out;
    const auto written = provider->write_request(asked, {.model = "claude-x-4-5"}, out);
    if (!written && written.error().code != Errc::bad_request) { std::abort(); }
  }
  (void)dialect::estimate_tokens(asked);
  return 0;
}
