#include "dialect/chat_choice_reader.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "json/text.h"

namespace butter::dialect {

namespace {

using Reason = Finish::Reason;

constexpr std::pair<std::string_view, Reason> kReasons[] = {
    {"stop", Reason::stop},
    {"eos", Reason::stop},
    {"end_turn", Reason::stop},
    {"stop_sequence", Reason::stop_sequence},
    {"length", Reason::length},
    {"max_tokens", Reason::length},
    {"model_length", Reason::length},
    {"tool_calls", Reason::tool_calls},
    {"function_call", Reason::tool_calls},
    {"tool_use", Reason::tool_calls},
    {"content_filter", Reason::content_filter},
    {"safety", Reason::content_filter},
    {"refusal", Reason::refusal}};

Text member_text(json::Cursor at, std::string_view name) {
  Text text;
  at.object([&](json::Key key) { key == name ? void(text = {at.string()}) : at.skip_value(); });
  return text;
}

/// extra_content.google.thought_signature
Text thought_signature(json::Cursor at) {
  Text signature;
  at.object([&](json::Key vendor) {
    if (vendor == "google") { signature = member_text(at, "thought_signature"); }
    at.skip_value();
  });
  return signature;
}

}  // namespace

/// The members of a message, told in the order of a turn whatever theirs is.
struct ChatChoiceReader::Message {
  Text content;
  std::string_view parts, reasoning, blocks, refusal, calls, old_call, annotations;
};

ChatChoice read_chat_choice(json::Cursor& at) {
  ChatChoice choice;
  at.object([&](json::Key key) {
    if (key == "index") {
      choice.index = at.small_number();
    } else if (key == "delta" || key == "message") {
      const std::string_view value = at.value();
      if (value.starts_with('{')) { choice.message = value; }
    } else if (key == "finish_reason") {
      choice.finish_reason = {at.string()};
    } else if (key == "logprobs" && at.peek() == '{') {
      choice.logprobs = {at.value()};
    } else {
      at.skip_value();
    }
  });
  return choice;
}

void ChatChoiceReader::tell(const ChatChoice& said, AnswerSink& sink) {
  if (!said.message.empty()) { tell_message(read_message(said.message), sink); }
  if (!said.logprobs.empty()) {
    sink.delta({.kind = Delta::Kind::logprobs, .choice = choice_, .raw = said.logprobs});
  }
  if (!said.finish_reason.empty() && !finished_) { tell_finish(said.finish_reason, sink); }
}

void ChatChoiceReader::tell(Delta::Kind kind, Text text, AnswerSink& sink) {
  if (text.empty()) { return; }
  sink.delta({.kind = kind, .choice = choice_, .text = text});
}

ChatChoiceReader::Message ChatChoiceReader::read_message(std::string_view json) {
  constexpr std::pair<std::string_view, std::string_view Message::*> kMembers[] = {
      {"reasoning_content", &Message::reasoning},
      {"reasoning", &Message::reasoning},
      {"thinking_blocks", &Message::blocks},
      {"refusal", &Message::refusal},
      {"tool_calls", &Message::calls},
      {"function_call", &Message::old_call},
      {"annotations", &Message::annotations}};
  Message message;
  json::Cursor at(json);
  at.object([&](json::Key key) {
    if (key == "content" && at.peek() == '"') {
      message.content = {at.string()};
      return;
    }
    const std::string_view value = at.value();
    if (value == "null") { return; }
    if (key == "content") { message.parts = value; }
    for (const auto& [name, member] : kMembers) {
      if (key == name) { message.*member = value; }
    }
  });
  return message;
}

void ChatChoiceReader::tell_message(const Message& message, AnswerSink& sink) {
  tell_thinking(message, sink);
  tell(Delta::Kind::text, message.content, sink);
  if (message.parts.starts_with('[')) { tell_parts(json::Cursor(message.parts), sink); }
  if (!message.refusal.empty()) {
    tell(Delta::Kind::refusal, {json::Cursor(message.refusal).string()}, sink);
  }
  if (!message.calls.empty()) {
    json::Cursor calls(message.calls);
    calls.array([&] { tell_call(calls, sink); });
  }
  if (!message.old_call.empty()) {
    bool begins = false;
    const unsigned tool = tool_for({}, {}, calls_.empty(), begins);
    tell_function(json::Cursor(message.old_call), tool, begins, {}, {}, sink);
  }
  if (!message.annotations.empty()) {
    json::Cursor annotations(message.annotations);
    annotations.array([&] {
      const Raw raw{annotations.value()};
      sink.delta({.kind = Delta::Kind::citation, .choice = choice_, .raw = raw});
    });
  }
}

void ChatChoiceReader::tell_thinking(const Message& message, AnswerSink& sink) {
  if (message.blocks.starts_with('[') && message.blocks != "[]") {
    return tell_blocks(json::Cursor(message.blocks), sink);
  }
  if (message.reasoning.empty()) { return; }
  const Text text{json::Cursor(message.reasoning).string()};
  if (text.empty()) { return; }
  thinking_open_ = true;
  tell(Delta::Kind::thinking, text, sink);
}

void ChatChoiceReader::tell_blocks(json::Cursor at, AnswerSink& sink) {
  at.array([&] {
    const json::Cursor block(at.value());
    const Text data = member_text(block, "data");
    const Text signature = member_text(block, "signature");
    if (!data.empty()) {
      thinking_open_ = false;
      return tell(Delta::Kind::redacted, data, sink);
    }
    // A block with a signature is whole: its text may have come before, in pieces.
    if (signature.empty() || !thinking_open_) {
      const Text text = member_text(block, "thinking");
      tell(Delta::Kind::thinking, text, sink);
      thinking_open_ = thinking_open_ || !text.empty();
    }
    if (signature.empty()) { return; }
    tell(Delta::Kind::signature, signature, sink);
    thinking_open_ = false;
  });
}

/// Mistral's models that think answer in parts.
void ChatChoiceReader::tell_parts(json::Cursor at, AnswerSink& sink) {
  at.array([&] {
    const std::string_view part = at.value();
    json::Cursor members(part);
    members.object([&](json::Key key) {
      if (key == "text") {
        tell(Delta::Kind::text, {members.string()}, sink);
      } else if (key == "thinking") {
        members.array([&] {
          const Text text = member_text(json::Cursor(members.value()), "text");
          tell(Delta::Kind::thinking, text, sink);
          thinking_open_ = true;
        });
      } else {
        members.skip_value();
      }
    });
  });
}

void ChatChoiceReader::tell_call(json::Cursor& at, AnswerSink& sink) {
  std::string_view index;
  std::string_view function;
  Text id;
  Text signature;
  at.object([&](json::Key key) {
    if (key == "index") {
      const std::string_view value = at.value();
      if (value != "null") { index = value; }
    } else if (key == "id") {
      id = {at.string()};
    } else if (key == "function") {
      function = at.value();
    } else if (key == "extra_content") {
      signature = thought_signature(json::Cursor(at.value()));
    } else {
      at.skip_value();
    }
  });
  const bool named = !member_text(json::Cursor(function), "name").empty();
  bool begins = false;
  const unsigned tool = tool_for(index, id, named, begins);
  tell_function(json::Cursor(function), tool, begins, id, signature, sink);
}

/// The call that a piece belongs to: by its index, else a new one when it has a name or an id that
/// the last one has not.
unsigned ChatChoiceReader::tool_for(std::string_view index, Text id, bool named, bool& begins) {
  const auto found = index.empty() ? calls_.end() : std::ranges::find(calls_, index, &Call::index);
  const bool other = !id.empty() && !calls_.empty() && calls_.back().id != id.escaped;
  if (found != calls_.end()) {
    // Some vendors number every call 0; a new id and a name tell them apart.
    if (!named || id.empty() || found->id == id.escaped) {
      return static_cast<unsigned>(found - calls_.begin());
    }
    found->index.clear();
  } else if (index.empty() && !calls_.empty() && !other && !named) {
    return static_cast<unsigned>(calls_.size() - 1);
  }
  begins = true;
  calls_.push_back({std::string(index), std::string(id.escaped)});
  return static_cast<unsigned>(calls_.size() - 1);
}

void ChatChoiceReader::tell_function(json::Cursor at, unsigned tool, bool begins, Text id,
                                     Text signature, AnswerSink& sink) {
  if (begins) {
    sink.delta({.kind = Delta::Kind::tool_begin,
                .choice = choice_,
                .tool = tool,
                .id = id,
                .name = member_text(at, "name"),
                .signature = signature});
  }
  at.object([&](json::Key key) {
    if (key != "arguments") { return at.skip_value(); }
    tell_arguments(at, tool, sink);
  });
}

void ChatChoiceReader::tell_arguments(json::Cursor& at, unsigned tool, AnswerSink& sink) {
  std::string written;
  Text text;
  if (at.peek() == '{') {
    json::append_string(written, at.value());
    text = {std::string_view(written).substr(1, written.size() - 2)};
  } else {
    text = {at.string()};
  }
  if (text.empty()) { return; }
  sink.delta({.kind = Delta::Kind::tool_arguments, .choice = choice_, .tool = tool, .text = text});
}

void ChatChoiceReader::tell_finish(Text reason, AnswerSink& sink) {
  finished_ = true;
  const auto* const known =
      std::ranges::find(kReasons, reason.escaped, &std::pair<std::string_view, Reason>::first);
  Finish finish{.choice = choice_, .reason = Reason::other};
  if (known == std::end(kReasons)) {
    finish.text = reason;
  } else {
    // Some vendors stop where they mean their calls.
    const bool calls = known->second == Reason::stop && !calls_.empty();
    finish.reason = calls ? Reason::tool_calls : known->second;
  }
  sink.finish(finish);
}

}  // namespace butter::dialect
