#include "dialect/chat_message_reader.h"

#include <iterator>
#include <string>
#include <utility>

#include "base/strings.h"
#include "dialect/chat_content.h"
#include "json/text.h"

namespace butter::dialect {

namespace {

/// A message's members, whatever its role is: the role may be the last of them.
struct Message {
  Text role, name, tool_call_id, refusal, reasoning;
  std::vector<Part> content;
  std::vector<Part> thinking;
  std::vector<Part> calls;
};

bool is_object(std::string_view json) {
  Fields fields(json);
  bool object = false;
  if (!fields.is_null()) {
    fields.object([&](std::string_view) { fields.skip(); });
    object = fields.result().has_value();
  }
  return object;
}

/// Arguments are JSON in a string, so that this text must be decoded.
Raw read_arguments(Fields& fields, Conversation& into) {
  std::string decoded;
  const Text text = fields.text();
  if (text.empty()) { return {"{}"}; }
  if (!json::unescape(text.escaped, decoded) || !is_object(decoded)) {
    fields.complain("must be a JSON object in a string");
    return {"{}"};
  }
  return {into.keep(std::move(decoded))};
}

void read_function(Fields& fields, Conversation& into, Part& call) {
  call.arguments = {"{}"};
  fields.object([&](json::Key key) {
    if (key == "name") {
      call.name = fields.text();
    } else if (key == "arguments") {
      call.arguments = read_arguments(fields, into);
    } else {
      fields.skip();
    }
  });
  if (call.name.empty()) { fields.complain("name", "is missing"); }
}

/// {"google": {"thought_signature": "..."}}
/// \source https://ai.google.dev/gemini-api/docs/thought-signatures
Text read_signature(Fields& fields) {
  Text signature;
  fields.object([&](json::Key vendor) {
    if (vendor != "google") { return fields.skip(); }
    fields.object([&](json::Key key) {
      if (key != "thought_signature") { return fields.skip(); }
      signature = fields.text();
    });
  });
  return signature;
}

Part read_call(Fields& fields, Conversation& into) {
  Part call{.kind = Part::Kind::tool_call};
  bool function = false;
  fields.object([&](json::Key key) {
    if (key == "id") {
      call.id = fields.text();
    } else if (key == "function") {
      function = true;
      read_function(fields, into, call);
    } else if (key == "extra_content") {
      call.signature = read_signature(fields);
    } else {
      fields.skip();
    }
  });
  if (!function) { fields.complain("function", "is missing"); }
  if (call.id.empty()) { fields.complain("id", "is missing"); }
  return call;
}

/// The id of a call that the old `function_call` made: its name stands for it.
Text id_for(Text name, Conversation& into) {
  return {into.keep("call_" + std::string(name.escaped))};
}

Part read_thinking(Fields& fields) {
  Part part{.kind = Part::Kind::thinking};
  fields.object([&](json::Key key) {
    if (key == "type") {
      if (fields.text().escaped == "redacted_thinking") {
        part.kind = Part::Kind::redacted_thinking;
      }
    } else if (key == "thinking") {
      part.text = fields.text();
    } else if (key == "signature" || key == "data") {
      part.signature = fields.text();
    } else {
      fields.skip();
    }
  });
  return part;
}

void read_member(json::Key key, Fields& fields, Conversation& into, Message& message) {
  if (key == "role") {
    message.role = fields.text();
  } else if (key == "name") {
    message.name = fields.text();
  } else if (key == "tool_call_id") {
    message.tool_call_id = fields.text();
  } else if (key == "refusal") {
    message.refusal = fields.text();
  } else if (key == "reasoning_content" || key == "reasoning") {
    message.reasoning = fields.text();
  } else if (key == "content") {
    read_chat_content(fields, into, message.content);
  } else if (key == "tool_calls") {
    fields.array([&](std::size_t) { message.calls.push_back(read_call(fields, into)); });
  } else if (key == "function_call") {
    if (fields.is_null()) { return fields.skip(); }
    Part& call = message.calls.emplace_back(Part{.kind = Part::Kind::tool_call});
    read_function(fields, into, call);
    call.id = id_for(call.name, into);
  } else if (key == "thinking_blocks") {
    fields.array([&](std::size_t) { message.thinking.push_back(read_thinking(fields)); });
  } else if (fields.skip_said() && key == "audio") {
    into.use(Feature::audio_output, "messages[].audio");
  }
}

void append(std::vector<Part>& to, std::vector<Part>& from) {
  if (to.empty()) { return to.swap(from); }
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void tool_turn(Fields& fields, Conversation& into, Message& message, Turn& turn) {
  turn.role = Role::tool;
  const bool old = message.role.escaped == "function";
  if (old && message.name.empty()) { return fields.complain("name", "is missing"); }
  Part result{.kind = Part::Kind::tool_result, .name = message.name};
  result.id = old ? id_for(message.name, into) : message.tool_call_id;
  if (result.id.empty()) { return fields.complain("tool_call_id", "is missing"); }
  for (const Part& part : message.content) {
    if (part.kind == Part::Kind::image) {
      into.use(Feature::tool_result_image, "messages[].content");
    }
  }
  result.content = std::move(message.content);
  turn.parts.push_back(std::move(result));
  into.use(Feature::tool_results);
}

void assistant_turn(Conversation& into, Message& message, Turn& turn) {
  turn.role = Role::assistant;
  if (message.thinking.empty() && !message.reasoning.empty()) {
    message.thinking.push_back({.kind = Part::Kind::thinking, .text = message.reasoning});
  }
  if (!message.thinking.empty()) {
    into.use(Feature::thinking_blocks, "messages[].thinking_blocks");
  }
  if (!message.calls.empty()) { into.use(Feature::tool_calls); }
  append(turn.parts, message.thinking);
  append(turn.parts, message.content);
  if (!message.refusal.empty()) {
    turn.parts.push_back({.kind = Part::Kind::refusal, .text = message.refusal});
    into.use(Feature::refusal, "messages[].refusal");
  }
  append(turn.parts, message.calls);
}

void system_parts(Fields& fields, Conversation& into, Message& message) {
  into.use(message.role.escaped == "developer" ? Feature::developer_role : Feature::system);
  for (const Part& part : message.content) {
    if (part.kind != Part::Kind::text) { return fields.complain("content", "must be text"); }
  }
  append(into.system, message.content);
}

void read_message(Fields& fields, Conversation& into) {
  Message message;
  fields.object([&](json::Key key) { read_member(key, fields, into, message); });
  const std::string_view role = message.role.escaped;
  Turn turn;
  if (role == "system" || role == "developer") { return system_parts(fields, into, message); }
  if (role == "user") {
    turn.parts = std::move(message.content);
  } else if (role == "assistant") {
    assistant_turn(into, message, turn);
  } else if (role == "tool" || role == "function") {
    tool_turn(fields, into, message, turn);
  } else {
    return fields.complain("role", role.empty() ? "is missing" : quoted(role) + " is no role");
  }
  if (!message.name.empty() && turn.role != Role::tool) {
    turn.name = message.name;
    into.use(Feature::speaker_name, "messages[].name");
  }
  into.turns.push_back(std::move(turn));
}

}  // namespace

void read_chat_messages(Fields& fields, Conversation& into) {
  into.turns.clear();
  into.system.clear();
  fields.array([&](std::size_t) { read_message(fields, into); });
  if (into.turns.empty() && into.system.empty()) { fields.complain("must not be empty"); }
  if (!into.turns.empty() && into.turns.back().role == Role::assistant) {
    into.use(Feature::prefill, "messages[].role");
  }
}

}  // namespace butter::dialect
