// However a text is cut into the events of a stream, what comes out is what the whole text becomes;
// and whatever events are, whole ones come out.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/cuts.h"
#include "guard/stream_redactor.h"
#include "http/sse.h"
#include "json/text.h"

namespace {

using namespace butter;
using butter::fuzz::require;
using guard::Guard;
using guard::StreamRedactor;

std::shared_ptr<const Guard> make() {
  return Guard::make({.redaction = {.email = true, .card = true, .iban = true, .key = true}})
      .value();
}

constexpr std::string_view kBegin =
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
    "{\"text\":\"";
constexpr std::string_view kEnd = "\"}}\n\n";

/// The text of all events; each must be one that could have been fed.
std::string told(std::string_view stream) {
  std::string all, text;
  while (!stream.empty()) {
    require(stream.starts_with(kBegin));
    stream.remove_prefix(kBegin.size());
    const std::size_t end = stream.find(kEnd);
    require(end != std::string_view::npos);
    require(json::unescape(stream.substr(0, end), text));
    all += text;
    stream.remove_prefix(end + kEnd.size());
  }
  return all;
}

std::string redacted_in(const std::shared_ptr<const Guard>& guard,
                        const std::vector<std::string_view>& parts) {
  StreamRedactor redactor(guard);
  Buffer out;
  for (const std::string_view part : parts) {
    std::string string;
    json::append_string(string, part);
    redactor.feed(std::string(kBegin) + string.substr(1, string.size() - 2) + std::string(kEnd),
                  out);
  }
  redactor.end(out);
  return told(out.view());
}

void feed_as_stream(const std::shared_ptr<const Guard>& guard, std::string_view stream) {
  StreamRedactor redactor(guard);
  http::SseScanner scanner;
  Buffer out;
  while (const std::size_t end = scanner.next_end(stream)) {
    const std::vector<char> block(stream.begin(),
                                  stream.begin() + static_cast<std::ptrdiff_t>(end));
    redactor.feed({block.data(), block.size()}, out);
    stream.remove_prefix(end);
  }
  const std::size_t size = out.size();
  redactor.end(out);
  // What is still held comes as whole events.
  http::SseScanner held;
  std::string_view rest = out.view().substr(size);
  while (const std::size_t end = held.next_end(rest)) { rest.remove_prefix(end); }
  require(rest.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<const Guard> guard = make();
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  feed_as_stream(guard, input);

  std::string text(input.substr(0, 512));
  for (char& c : text) { c = static_cast<unsigned char>(c) < 0x80 ? c : 'x'; }
  std::string whole = text;
  guard->redact_text(whole);
  butter::fuzz::same_wherever_cut(text, [&](const std::vector<std::string_view>& parts) {
    std::string redacted = redacted_in(guard, parts);
    require(redacted == whole);
    return redacted;
  });
  return 0;
}
