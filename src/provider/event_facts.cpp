#include "provider/event_facts.h"

#include "json/cursor.h"

namespace butter::provider {

namespace {

/// Whether any member but `label` of the object says something.
bool says_more_than(std::string_view label, json::Cursor& at) {
  bool more = false;
  at.object([&](json::Key key) {
    const bool empty = at.skip_empty();
    more = more || (key != label && !empty);
  });
  return more;
}

void read_choice(json::Cursor& at, ChunkFacts& facts) {
  unsigned index = 0;
  bool finished = false;
  at.object([&](json::Key key) {
    if (key == "index") {
      index = at.small_number();
    } else if (key == "delta") {
      facts.content = says_more_than("role", at) || facts.content;
    } else if (key == "text") {
      facts.content = !at.skip_empty() || facts.content;
    } else if (key == "finish_reason") {
      finished = !at.skip_empty();
    } else {
      at.skip_value();
    }
  });
  const std::uint64_t bit = std::uint64_t{1} << index;
  facts.seen |= bit;
  facts.finished |= finished ? bit : 0;
  facts.content = facts.content || finished;
}

}  // namespace

ChunkFacts read_chunk(std::string_view data) noexcept {
  ChunkFacts facts;
  json::Cursor at(data);
  const bool is_object = at.peek() == '{';
  at.object([&](json::Key key) {
    if (key == "choices") {
      at.array([&] {
        facts.choices = true;
        read_choice(at, facts);
      });
    } else if (key == "error") {
      facts.error = !at.skip_empty();
    } else if (key == "usage" && at.peek() == '{') {
      facts.usage = at.value();
      facts.content = facts.content || facts.usage != "{}";
    } else {
      at.skip_value();
    }
  });
  facts.valid = is_object && at.ok();
  return facts;
}

TypedFacts read_typed(std::string_view data) noexcept {
  TypedFacts facts;
  json::Cursor at(data);
  const bool is_object = at.peek() == '{';
  at.object([&](json::Key key) {
    if (key == "type") {
      facts.type = at.string();
    } else if (key == "error") {
      facts.error = !at.skip_empty();
    } else {
      at.skip_value();
    }
  });
  facts.valid = is_object && at.ok();
  return facts;
}

bool block_has_content(std::string_view data) noexcept {
  bool content = false;
  json::Cursor at(data);
  at.object([&](json::Key key) {
    if (key == "content_block") {
      content = says_more_than("type", at);
    } else {
      at.skip_value();
    }
  });
  return content;
}

}  // namespace butter::provider
