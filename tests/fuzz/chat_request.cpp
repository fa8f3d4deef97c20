#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dialect/dialects.h"

// Whatever a caller sends is read or refused; what was read can be written, and is then read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace butter;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  dialect::Conversation asked;
  if (const auto read = dialect::kChatCaller.read_request(body, asked); !read) {
    if (read.error().code != Errc::bad_request || read.error().detail.empty()) { std::abort(); }
    return 0;
  }
  Buffer out;
  if (!dialect::kChatProvider.write_request(asked, {.model = "m"}, out)) { std::abort(); }
  return 0;
}
