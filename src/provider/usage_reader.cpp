#include "provider/usage_reader.h"

#include "dialect/chat_usage.h"
#include "dialect/responses_usage.h"

namespace butter::provider {

void UsageReader::read(std::string_view object) {
  json::Cursor at(object);
  read(at);
}

void UsageReader::read(json::Cursor& at) {
  if (at.peek() != '{') { return at.skip_value(); }
  switch (operation_) {
    case Operation::messages:
      messages_.read(at);
      usage_ = messages_.total();
      return;
    case Operation::responses: usage_ = dialect::read_responses_usage(at); return;
    case Operation::chat:
    case Operation::completions:
    case Operation::embeddings: usage_ = dialect::read_chat_usage(at); return;
    case Operation::count_tokens:
    case Operation::other: return at.skip_value();
  }
}

void UsageReader::read_event(std::string_view event) {
  json::Cursor at(event);
  const auto inner = [&](std::string_view key) { key == "usage" ? read(at) : at.skip_value(); };
  at.object([&](std::string_view key) {
    if (key == "usage") {
      read(at);
    } else if (key == "message" || key == "response") {
      at.object(inner);
    } else {
      at.skip_value();
    }
  });
}

}  // namespace butter::provider
