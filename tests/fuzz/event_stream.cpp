// Wherever the network cuts an event stream, the messages are the same.
#include "dialect/event_stream.h"

#include <cstdint>
#include <string>
#include <tuple>

#include "fuzz/cuts.h"

namespace {

using namespace butter::dialect;

using Outcome = std::tuple<std::vector<std::string>, std::string, bool>;

Outcome messages_of(const std::vector<std::string_view>& parts) {
  EventStreamDecoder decoder;
  std::vector<std::string> messages;
  for (std::string_view part : parts) {
    while (true) {
      const auto message = decoder.next(part);
      if (!message) { return {messages, message.error().detail, false}; }
      if (!*message) { break; }
      const EventStreamMessage& m = **message;
      messages.push_back(std::string(m.message_type) + '/' + std::string(m.type) + '/' +
                         std::string(m.error) + '/' + std::string(m.payload));
    }
    butter::fuzz::require(part.empty());
  }
  return {messages, "", decoder.inside_message()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  butter::fuzz::same_wherever_cut({reinterpret_cast<const char*>(data), size}, messages_of);
  return 0;
}
