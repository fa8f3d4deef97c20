#include "provider/stream_contract.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "http/sse.h"
#include "provider/event_facts.h"

namespace butter::provider {

namespace {

/// The data of an event: its one line, or from its first line on all that follows when there are
/// more.
std::string_view data_of(const http::SseEvent& event, std::string_view block) {
  if (!event.more_data) { return event.data; }
  const char* const begin = event.data.data();
  return {begin, static_cast<std::size_t>(block.data() + block.size() - begin)};
}

// What is searched for stands between quotes, and a quote inside a JSON string is escaped: what is
// found is a key or a whole string. Which of them, the few events that have it are read for.
constexpr std::string_view kErrorKey = R"("error")";
constexpr std::string_view kFinishKey = R"("finish_reason")";

/// Whether the data may be a JSON object, by its two ends.
bool looks_like_object(std::string_view data) {
  constexpr std::string_view kBlank = " \t\r\n";
  return data[data.find_first_not_of(kBlank)] == '{' && data[data.find_last_not_of(kBlank)] == '}';
}

bool may_be_error(std::string_view data) {
  // Most events hold no double r, which a loop without branches tells at 16 bytes a step.
  unsigned char found = 0;
  for (std::size_t i = 1; i < data.size(); ++i) {
    found |=
        static_cast<unsigned char>(data[i - 1] == 'r') & static_cast<unsigned char>(data[i] == 'r');
  }
  return found != 0 && data.find(kErrorKey) != std::string_view::npos;
}

bool may_finish(std::string_view data) {
  // By way of its rarest byte: nearly all events have the key, with null.
  constexpr std::size_t kRarest = kFinishKey.find('_');
  for (std::size_t at = data.find('_'); at != std::string_view::npos; at = data.find('_', at + 1)) {
    if (at < kRarest || !data.substr(at - kRarest).starts_with(kFinishKey)) { continue; }
    const std::string_view rest = data.substr(at - kRarest + kFinishKey.size());
    const std::size_t value = rest.find_first_not_of(": \t");
    if (value == std::string_view::npos || rest.substr(value, 4) != "null") { return true; }
  }
  return false;
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
  if (data.find_first_not_of(' ') == std::string_view::npos) { return EventKind::neutral; }
  // Every dialect's SDK takes [DONE] for an end.
  const bool plain = event.more_data || data.starts_with("[DONE]") || !has_end();
  if (!plain && !looks_like_object(data)) { return EventKind::malformed; }
  EventKind kind = EventKind::content;
  switch (operation_) {
    case Operation::chat:
    case Operation::completions: kind = begun_ ? begun_chunk(data) : chunk(event.name, data); break;
    case Operation::responses: kind = response_event(event.name, data); break;
    case Operation::messages: kind = message_event(event.name, data); break;
    case Operation::count_tokens:
    case Operation::embeddings:
    case Operation::other: break;
  }
  begun_ = begun_ || kind == EventKind::content || kind == EventKind::usage;
  ended_ = ended_ || kind == EventKind::end;
  return kind;
}

EventKind StreamContract::chunk(std::string_view name, std::string_view data) noexcept {
  if (data == "[DONE]") { return EventKind::end; }
  const ChunkFacts facts = read_chunk(data);
  const EventKind kind = add(facts);
  if (!facts.valid) { return EventKind::malformed; }
  if (facts.error || name == "error") { return EventKind::error; }
  return facts.content ? kind : EventKind::neutral;
}

/// What a chunk says of the answer as a whole.
EventKind StreamContract::add(const ChunkFacts& facts) noexcept {
  choices_seen_ |= facts.seen;
  choices_finished_ |= facts.finished;
  if (facts.usage.empty()) { return EventKind::content; }
  usage_.read(facts.usage);
  return facts.choices ? EventKind::content : EventKind::usage;
}

EventKind StreamContract::begun_chunk(std::string_view data) noexcept {
  if (data == "[DONE]") { return EventKind::end; }
  // After the first finish_reason few events are left, or there is more than one choice: all are
  // read.
  const bool look = choices_finished_ != 0 || may_finish(data) || may_be_error(data);
  if (!look) { return EventKind::content; }
  const ChunkFacts facts = read_chunk(data);
  const EventKind kind = add(facts);
  return facts.error ? EventKind::error : kind;
}

EventKind StreamContract::response_event(std::string_view name, std::string_view data) noexcept {
  TypedFacts facts{.valid = true, .type = name};
  if (name.empty()) { facts = read_typed(data); }
  if (facts.type == "response.completed" || facts.type == "response.incomplete" ||
      facts.type == "response.failed") {
    usage_.read_event(data);
    return EventKind::end;
  }
  if (!facts.valid && !begun_) { return EventKind::malformed; }
  // `response` holds an `error` of its own, but not on the top level.
  if (facts.type == "error" || facts.error) { return EventKind::error; }
  return says_nothing_yet(facts.type) ? EventKind::neutral : EventKind::content;
}

EventKind StreamContract::message_event(std::string_view name, std::string_view data) noexcept {
  TypedFacts facts{.valid = true, .type = name};
  if (name.empty()) { facts = read_typed(data); }
  if (facts.type == "message_stop") { return EventKind::end; }
  if (!facts.valid && !begun_) { return EventKind::malformed; }
  if (facts.type == "error" || facts.error) { return EventKind::error; }
  if (facts.type == "ping") { return EventKind::neutral; }
  if (facts.type == "message_start" || facts.type == "message_delta") { usage_.read_event(data); }
  if (begun_) { return EventKind::content; }
  if (facts.type == "content_block_start") {
    return block_has_content(data) ? EventKind::content : EventKind::neutral;
  }
  const bool before_content = facts.type == "message_start" || facts.type == "content_block_stop";
  return before_content ? EventKind::neutral : EventKind::content;
}

}  // namespace butter::provider
