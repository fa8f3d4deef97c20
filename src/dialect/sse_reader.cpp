#include "dialect/sse_reader.h"

#include <string>

namespace butter::dialect {

namespace {
constexpr std::size_t kMostEvent = 64 * 1024 * 1024;
}

Result<void> SseReader::feed(std::string_view bytes, AnswerSink& sink) {
  while (!bytes.empty()) {
    const std::size_t end = scanner_.next_end(bytes);
    if (end == 0) {
      if (unfinished_.size() + bytes.size() > kMostEvent) {
        return fail(Errc::upstream_protocol, "an event of the stream is larger than " +
                                                 std::to_string(kMostEvent) + " bytes");
      }
      unfinished_.append(bytes);
      return {};
    }
    std::string_view block = bytes.substr(0, end);
    bytes.remove_prefix(end);
    if (!unfinished_.empty()) {
      unfinished_.append(block);
      block = unfinished_.view();
    }
    const Result<void> done = read(block, sink);
    unfinished_.clear();
    if (!done) { return done; }
  }
  return {};
}

Result<void> SseReader::feed_rest(AnswerSink& sink) {
  if (unfinished_.empty()) { return {}; }
  const Result<void> done = read(unfinished_.view(), sink);
  unfinished_.clear();
  return done;
}

Result<void> SseReader::read(std::string_view block, AnswerSink& sink) {
  const http::SseEvent event = http::parse_sse_event(block);
  std::string_view data = event.data;
  if (event.more_data) {
    data = {data.data(), static_cast<std::size_t>(block.data() + block.size() - data.data())};
  }
  if (data.find_first_not_of(' ') == std::string_view::npos) { return {}; }
  return on_event(event.name, data, sink);
}

}  // namespace butter::dialect
