// Wherever the network cuts a stream of events, the events are the same.
#include "http/sse.h"

#include <cstdint>
#include <string>
#include <tuple>

#include "fuzz/cuts.h"

namespace {

using butter::fuzz::require;
using namespace butter::http;

using Event = std::tuple<std::string, std::string, bool, bool>;
using Outcome = std::tuple<std::vector<Event>, bool, std::size_t>;

Outcome events_of(const std::vector<std::string_view>& parts) {
  SseScanner scanner;
  std::vector<Event> events;
  std::string block;
  std::size_t bytes = 0;
  for (std::string_view part : parts) {
    bytes += part.size();
    while (const std::size_t end = scanner.next_end(part)) {
      require(end <= part.size() && !scanner.inside_event());
      block += part.substr(0, end);
      part.remove_prefix(end);
      const SseEvent event = parse_sse_event(block);
      require(event.has_data || (event.data.empty() && !event.more_data));
      events.emplace_back(event.name, event.data, event.has_data, event.more_data);
      block.clear();
    }
    block += part;
  }
  // A LF alone may be left of an event that ended with its CR.
  require(scanner.inside_event() == !(block.empty() || block == "\n"));
  return {events, scanner.inside_event(), bytes};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  butter::fuzz::same_wherever_cut({reinterpret_cast<const char*>(data), size}, events_of);
  return 0;
}
