#include "provider/stream_contract.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "http/sse.h"
#include "provider/event_facts.h"

namespace butter::provider {

namespace {

/// The data of an event: its one line, or from its first line on all that follows when there are
/// more.
std::string_view data_of(const http::SseEvent& event, std::string_view block) {
  if (!event.more_data) {
    return event.data;
  }
  const char* const begin = event.data.data();
  return {begin, static_cast<std::size_t>(block.data() + block.size() - begin)};
}

/// What follows the first `needle` in `text`; "" when it is not there.
std::string_view after(std::string_view text, std::string_view needle) {
  const void* const found = ::memmem(text.data(), text.size(), needle.data(), needle.size());
  if (found == nullptr) {
    return {};
  }
  const char* const end = static_cast<const char*>(found) + needle.size();
  return {end, static_cast<std::size_t>(text.data() + text.size() - end)};
}

// A quote inside a JSON string is escaped, so what is found by these is a key or a whole string;
// which of them, the few events that have it are read for.
constexpr std::string_view kErrorKey = R"("error")";
constexpr std::string_view kFinishKey = R"("finish_reason")";

bool may_finish(std::string_view data) {
  const std::string_view rest = after(data, kFinishKey);
  const std::size_t value = rest.find_first_not_of(": \t");
  return value != std::string_view::npos && !rest.substr(value).starts_with("null");
}

bool says_nothing_yet(std::string_view response_type) {
  constexpr std::array<std::string_view, 5> kTypes{"response.created", "response.queued",
                                                   "response.in_progress", "ping", "keepalive"};
  return std::ranges::find(kTypes, response_type) != kTypes.end();
}

}  // namespace

EventKind StreamContract::on_event(std::string_view block) noexcept {
  const http::SseEvent event = http::parse_sse_event(block);
  const std::string_view data = data_of(event, block);
  if (data.find_first_not_of(' ') == std::string_view::npos) {
    return EventKind::neutral;
  }
  EventKind kind = EventKind::content;
  switch (operation_) {
    case Operation::chat:
    case Operation::completions:
      kind = begun_ ? begun_chunk(data) : chunk(event.name, data);
      break;
    case Operation::responses:
      kind = response_event(event.name, data);
      break;
    case Operation::messages:
      kind = message_event(event.name, data);
      break;
    case Operation::embeddings:
    case Operation::other:
      break;
  }
  begun_ = begun_ || kind == EventKind::content;
  ended_ = ended_ || kind == EventKind::end;
  return kind;
}

EventKind StreamContract::chunk(std::string_view name, std::string_view data) noexcept {
  if (data == "[DONE]") {
    return EventKind::end;
  }
  const ChunkFacts facts = read_chunk(data);
  choices_seen_ |= facts.seen;
  choices_finished_ |= facts.finished;
  if (facts.error || !facts.valid || name == "error") {
    return EventKind::error;
  }
  return facts.content ? EventKind::content : EventKind::neutral;
}

EventKind StreamContract::begun_chunk(std::string_view data) noexcept {
  if (data == "[DONE]") {
    return EventKind::end;
  }
  // After the first finish_reason few events are left, or there is more than one choice: all are
  // read.
  const bool look = choices_finished_ != 0 || may_finish(data) || !after(data, kErrorKey).empty();
  if (!look) {
    return EventKind::content;
  }
  const ChunkFacts facts = read_chunk(data);
  choices_seen_ |= facts.seen;
  choices_finished_ |= facts.finished;
  return facts.error ? EventKind::error : EventKind::content;
}

EventKind StreamContract::response_event(std::string_view name,
                                         std::string_view data) const noexcept {
  TypedFacts facts{.valid = data.starts_with('{'), .type = name};
  if (name.empty()) {
    facts = read_typed(data);
  }
  if (facts.type == "response.completed" || facts.type == "response.incomplete" ||
      facts.type == "response.failed") {
    return EventKind::end;
  }
  // `response` holds an `error` of its own, but not on the top level.
  const bool broken = !facts.valid && !begun_;
  if (facts.type == "error" || facts.error || broken) {
    return EventKind::error;
  }
  return says_nothing_yet(facts.type) ? EventKind::neutral : EventKind::content;
}

EventKind StreamContract::message_event(std::string_view name,
                                        std::string_view data) const noexcept {
  TypedFacts facts{.valid = data.starts_with('{'), .type = name};
  if (name.empty()) {
    facts = read_typed(data);
  }
  if (facts.type == "message_stop") {
    return EventKind::end;
  }
  const bool broken = !facts.valid && !begun_;
  if (facts.type == "error" || facts.error || broken) {
    return EventKind::error;
  }
  if (facts.type == "ping") {
    return EventKind::neutral;
  }
  if (begun_) {
    return EventKind::content;
  }
  if (facts.type == "content_block_start") {
    return block_has_content(data) ? EventKind::content : EventKind::neutral;
  }
  const bool before_content = facts.type == "message_start" || facts.type == "content_block_stop";
  return before_content ? EventKind::neutral : EventKind::content;
}

}  // namespace butter::provider
