#include "dialect/chat_message_writer.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/google_signature.h"
#include "json/text.h"

namespace butter::dialect {

namespace {

using Kind = Part::Kind;

/// Writes messages; keeps what must stand behind the tool messages that follow each other.
/// Thread: worker-local.
class MessageWriter {
 public:
  MessageWriter(bool thinking, json::Writer& writer) : thinking_(thinking), writer_(writer) {}

  void system(const Part& part) {
    writer_.begin_object().key("role").escaped("system").key("content").escaped(part.text.escaped);
    writer_.end_object();
  }

  void turn(const Turn& turn) {
    if (turn.role == Role::assistant) {
      flush();
      return assistant(turn);
    }
    for (const Part& part : turn.parts) {
      if (part.kind == Kind::tool_result) { tool_result(part); }
    }
    const std::size_t images = waiting_.size();
    for (const Part& part : turn.parts) {
      if (part.kind != Kind::tool_result) { waiting_.push_back(&part); }
    }
    if (turn.role != Role::tool || waiting_.size() > images) { user(turn); }
  }

  /// The images of the tool results that came last.
  void flush() {
    if (!waiting_.empty()) { user({}); }
  }

 private:
  void tool_result(const Part& result) {
    writer_.begin_object().key("role").escaped("tool");
    writer_.key("tool_call_id").escaped(result.id.escaped).key("content").open_string();
    for (const Part& part : result.content) {
      if (part.kind == Kind::text) {
        writer_.more(part.text.escaped);
      } else if (part.kind == Kind::image) {
        waiting_.push_back(&part);
      }
    }
    writer_.close_string().end_object();
  }

  void user(const Turn& turn) {
    writer_.begin_object().key("role").escaped("user");
    if (!turn.name.empty()) { writer_.key("name").escaped(turn.name.escaped); }
    writer_.key("content");
    if (waiting_.empty()) {
      writer_.string("");
    } else if (waiting_.size() == 1 && waiting_.front()->kind == Kind::text) {
      writer_.escaped(waiting_.front()->text.escaped);
    } else {
      writer_.begin_array();
      for (const Part* const each : waiting_) { part(*each); }
      writer_.end_array();
    }
    writer_.end_object();
    waiting_.clear();
  }

  void part(const Part& part) {
    switch (part.kind) {
      case Kind::text:
        writer_.begin_object().key("type").escaped("text").key("text").escaped(part.text.escaped);
        writer_.end_object();
        break;
      case Kind::image: image(part); break;
      case Kind::file: file(part); break;
      case Kind::audio: audio(part); break;
      case Kind::tool_call:
      case Kind::tool_result:
      case Kind::thinking:
      case Kind::redacted_thinking:
      case Kind::refusal: break;
    }
  }

  void data_url(const Source& source) {
    writer_.open_string().more("data:").more(source.media_type.escaped).more(";base64,");
    writer_.more(source.data.escaped).close_string();
  }

  void image(const Part& part) {
    writer_.begin_object().key("type").escaped("image_url").key("image_url").begin_object();
    writer_.key("url");
    if (part.source.data.empty()) {
      writer_.escaped(part.source.url.escaped);
    } else {
      data_url(part.source);
    }
    if (!part.detail.empty()) { writer_.key("detail").escaped(part.detail.escaped); }
    writer_.end_object().end_object();
  }

  void file(const Part& part) {
    const Source& source = part.source;
    writer_.begin_object().key("type").escaped("file").key("file").begin_object();
    if (!source.name.empty()) { writer_.key("filename").escaped(source.name.escaped); }
    if (source.data.empty()) {
      writer_.key("file_id").escaped(source.file_id.escaped);
    } else {
      writer_.key("file_data");
      data_url(source);
    }
    writer_.end_object().end_object();
  }

  void audio(const Part& part) {
    std::string_view format = part.source.media_type.escaped;
    format.remove_prefix(std::min(format.find('/') + 1, format.size()));
    writer_.begin_object().key("type").escaped("input_audio").key("input_audio").begin_object();
    writer_.key("data").escaped(part.source.data.escaped).key("format");
    writer_.escaped(format == "mpeg" ? "mp3" : format).end_object().end_object();
  }

  void assistant(const Turn& turn) {
    writer_.begin_object().key("role").escaped("assistant");
    if (!turn.name.empty()) { writer_.key("name").escaped(turn.name.escaped); }
    assistant_text(turn);
    if (thinking_ && any(turn, Kind::thinking, Kind::redacted_thinking)) { thoughts(turn); }
    if (any(turn, Kind::tool_call, Kind::tool_call)) {
      writer_.key("tool_calls").begin_array();
      for (const Part& part : turn.parts) {
        if (part.kind == Kind::tool_call) { call(part); }
      }
      writer_.end_array();
    }
    writer_.end_object();
  }

  static bool any(const Turn& turn, Kind one, Kind other) {
    return std::ranges::any_of(
        turn.parts, [&](const Part& part) { return part.kind == one || part.kind == other; });
  }

  void assistant_text(const Turn& turn) {
    writer_.key("content");
    const auto texts = std::ranges::count(turn.parts, Kind::text, &Part::kind);
    if (texts == 0) {
      any(turn, Kind::tool_call, Kind::refusal) ? writer_.null() : writer_.string("");
    } else if (texts == 1) {
      writer_.escaped(std::ranges::find(turn.parts, Kind::text, &Part::kind)->text.escaped);
    } else {
      writer_.begin_array();
      for (const Part& each : turn.parts) { part(each); }
      writer_.end_array();
    }
    if (!any(turn, Kind::refusal, Kind::refusal)) { return; }
    writer_.key("refusal").open_string();
    pieces(turn, Kind::refusal);
  }

  void pieces(const Turn& turn, Kind kind) {
    for (const Part& part : turn.parts) {
      if (part.kind == kind) { writer_.more(part.text.escaped); }
    }
    writer_.close_string();
  }

  void thoughts(const Turn& turn) {
    writer_.key("reasoning_content").open_string();
    pieces(turn, Kind::thinking);
    writer_.key("thinking_blocks").begin_array();
    for (const Part& part : turn.parts) {
      if (part.kind == Kind::thinking) {
        writer_.begin_object().key("type").escaped("thinking");
        writer_.key("thinking").escaped(part.text.escaped);
        const Text signature = signature_of_others(part.signature);
        if (!signature.empty()) { writer_.key("signature").escaped(signature.escaped); }
        writer_.end_object();
      } else if (part.kind == Kind::redacted_thinking) {
        writer_.begin_object().key("type").escaped("redacted_thinking");
        writer_.key("data").escaped(part.signature.escaped).end_object();
      }
    }
    writer_.end_array();
  }

  void call(const Part& call) {
    writer_.begin_object().key("id").escaped(call.id.escaped).key("type").escaped("function");
    writer_.key("function").begin_object().key("name").escaped(call.name.escaped);
    writer_.key("arguments").string(call.arguments.empty() ? "{}" : call.arguments.json);
    writer_.end_object();
    if (thinking_ && !call.signature.empty()) {
      writer_.key("extra_content").begin_object().key("google").begin_object();
      writer_.key("thought_signature").escaped(call.signature.escaped).end_object().end_object();
    }
    writer_.end_object();
  }

  bool thinking_;
  json::Writer& writer_;
  /// Parts of the next user message: images of tool results, then its own.
  std::vector<const Part*> waiting_;
};

}  // namespace

void write_chat_messages(const Conversation& conversation, bool thinking, json::Writer& writer) {
  MessageWriter messages(thinking, writer);
  writer.begin_array();
  for (const Part& part : conversation.system) { messages.system(part); }
  for (const Turn& turn : conversation.turns) { messages.turn(turn); }
  messages.flush();
  writer.end_array();
}

}  // namespace butter::dialect
