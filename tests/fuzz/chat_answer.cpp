#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dialect/dialects.h"

namespace {

using namespace butter;

/// What a caller gets of a stream that comes in two pieces.
std::string streamed(std::string_view bytes, std::size_t cut) {
  Buffer out;
  const auto writer = dialect::kChatCaller.make_writer(
      out, {.stream = true, .stream_usage = true, .id = "r", .model = "m", .now = 1});
  const auto reader = dialect::kChatProvider.make_reader();
  bool ok = reader->feed(bytes.substr(0, cut), *writer).has_value();
  ok = ok && reader->feed(bytes.substr(cut), *writer).has_value();
  ok = ok && reader->close(*writer).has_value();
  return std::string(out.view()) + (ok ? "ok" : "bad");
}

}  // namespace

// Whatever an upstream sends is an answer or an error, the same wherever its stream is cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string all = streamed(bytes, size);
  for (const std::size_t cut : {size / 3, size / 2, size - size / 5}) {
    if (streamed(bytes, cut) != all) { std::abort(); }
  }
  Buffer out;
  const auto writer = dialect::kChatCaller.make_writer(out, {});
  (void)dialect::kChatProvider.make_reader()->whole(bytes, *writer);
  (void)dialect::kChatProvider.make_reader()->error(400, bytes);
  return 0;
}
