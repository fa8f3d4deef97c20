#include "provider/mock_shapes.h"

#include <algorithm>

#include "json/text.h"

namespace butter::provider::mock {

std::string fill(std::string_view shape, std::initializer_list<std::string_view> values) {
  std::string out;
  const auto* value = values.begin();
  for (const char c : shape) {
    if (c == '@' && value != values.end()) {
      out += *value++;
    } else {
      out += c;
    }
  }
  return out;
}

std::string quote(std::string_view text) {
  std::string out;
  json::append_string(out, text);
  return out;
}

std::string reply_text(const Request& request) {
  if (!request.wanted_json.empty()) { return request.wanted_json; }
  return "Hello from Butter's built-in provider. You said: " + request.text;
}

std::vector<std::string_view> words(std::string_view text) {
  constexpr std::size_t kMostPieces = 128;
  const std::size_t least = std::max<std::size_t>(1, text.size() / kMostPieces);
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' ', least), text.size());
    pieces.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return pieces;
}

std::size_t tokens(std::size_t bytes) {
  return std::max<std::size_t>(1, (bytes + 3) / 4);
}

MockAnswer whole(std::string body) {
  MockAnswer answer;
  answer.pieces.push_back(std::move(body));
  return answer;
}

MockAnswer streamed() {
  MockAnswer answer;
  answer.content_type = "text/event-stream";
  answer.between = 10ms;  // fast, but the eye sees that it streams
  return answer;
}

}  // namespace butter::provider::mock
