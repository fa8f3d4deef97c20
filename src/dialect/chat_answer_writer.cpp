#include "dialect/chat_answer_writer.h"

#include <map>
#include <string>

#include "dialect/chat_pieces.h"
#include "dialect/chat_stream_writer.h"
#include "dialect/chat_usage.h"
#include "dialect/messages_citation.h"
#include "dialect/openai_error.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace butter::dialect {

namespace {

using Kind = Delta::Kind;

/// Appends one element to the inside of a list.
void add(std::string& list, std::string_view element) {
  if (!list.empty()) { list += ','; }
  list += element;
}

/// What has been told of a choice. Text is kept as it was written.
struct Choice {
  struct Call {
    std::string id, name, arguments, signature;
  };
  std::string text, refusal, reasoning, open_thinking, blocks, annotations;
  std::map<std::string, std::string, std::less<>> logprobs;  ///< lists by key
  std::map<unsigned, Call> calls;
  std::string_view finish_reason;

  void block(void (*write)(const Choice&, Text, json::Writer&), Text text_or_data) {
    Buffer out;
    json::Writer writer(out);
    write(*this, text_or_data, writer);
    add(blocks, out.view());
    open_thinking.clear();
  }

  void add_annotation(Raw citation) {
    Buffer written;
    write_chat_annotation(citation, written);
    add(annotations, written.view());
  }

  void add_logprobs(std::string_view raw) {
    json::Cursor at(raw);
    at.object([&](json::Key key) {
      std::string& list = logprobs[std::string(key)];
      if (at.peek() != '[') { return at.skip_value(); }
      at.array([&] { add(list, at.value()); });
    });
  }
};

/// Keeps the answer and writes it at its end. Thread: worker-local.
class WholeWriter final : public AnswerWriter {
 public:
  WholeWriter(Buffer& out, const AnswerContext& context) : AnswerWriter(out, context) {}

  void start(const AnswerStart& start) override {
    json::Writer writer(head_);
    write_chat_head(start, context_, "chat.completion", writer);
  }

  void delta(const Delta& delta) override {
    Choice& choice = choices_[delta.choice];
    const std::string_view text = delta.text.escaped;
    switch (delta.kind) {
      case Kind::text: choice.text += text; break;
      case Kind::refusal: choice.refusal += text; break;
      case Kind::thinking:
        choice.reasoning += text;
        choice.open_thinking += text;
        break;
      case Kind::signature:
        choice.block(
            [](const Choice& of, Text signature, json::Writer& writer) {
              write_thinking_block({of.open_thinking}, signature, writer);
            },
            delta.text);
        break;
      case Kind::redacted:
        choice.block([](const Choice&, Text data,
                        json::Writer& writer) { write_redacted_block(data, writer); },
                     delta.text);
        break;
      case Kind::tool_begin:
        choice.calls[delta.tool] = {.id = chat_tool_id(delta, context_),
                                    .name = std::string(delta.name.escaped),
                                    .arguments = {},
                                    .signature = std::string(delta.signature.escaped)};
        break;
      case Kind::tool_arguments: choice.calls[delta.tool].arguments += text; break;
      case Kind::citation: choice.add_annotation(delta.raw); break;
      case Kind::logprobs: choice.add_logprobs(delta.raw.json); break;
    }
  }

  void finish(const Finish& finish) override {
    choices_[finish.choice].finish_reason = chat_finish_reason(finish.reason);
  }
  void usage(const Usage& usage) override { usage_ = usage; }

  void end() override {
    json::Writer writer(out_);
    writer.begin_object();
    out_.append(head_.view());
    out_.append(",\"choices\":");
    json::Writer list(out_);
    list.begin_array();
    for (const auto& [index, choice] : choices_) { write(index, choice, list); }
    list.end_array();
    list.key("usage");
    write_chat_usage(usage_, list);
    list.end_object();
    begun_ = over_ = true;
  }

  void error(const AnswerError& error) override {
    write_openai_error(error, context_.id, out_);
    over_ = true;
  }

 private:
  static void text(std::string_view key, std::string_view escaped, json::Writer& writer) {
    if (!escaped.empty()) { writer.key(key).escaped(escaped); }
  }

  static void list(std::string_view key, std::string_view elements, json::Writer& writer) {
    if (!elements.empty()) { writer.key(key).begin_array().raw(elements).end_array(); }
  }

  static void write(unsigned index, const Choice& choice, json::Writer& writer) {
    writer.begin_object().key("index").number(index);
    writer.key("message").begin_object().key("role").string("assistant").key("content");
    const bool null = choice.text.empty() && (!choice.calls.empty() || !choice.refusal.empty());
    null ? writer.null() : writer.escaped(choice.text);
    writer.key("refusal");
    choice.refusal.empty() ? writer.null() : writer.escaped(choice.refusal);
    text("reasoning_content", choice.reasoning, writer);
    list("thinking_blocks", choice.blocks, writer);
    list("annotations", choice.annotations, writer);
    calls(choice, writer);
    writer.end_object().key("logprobs");
    logprobs(choice, writer);
    writer.key("finish_reason");
    choice.finish_reason.empty() ? writer.null() : writer.string(choice.finish_reason);
    writer.end_object();
  }

  static void calls(const Choice& choice, json::Writer& writer) {
    if (choice.calls.empty()) { return; }
    writer.key("tool_calls").begin_array();
    for (const auto& [index, call] : choice.calls) {
      writer.begin_object().key("id").escaped(call.id).key("type").string("function");
      writer.key("function").begin_object().key("name").escaped(call.name);
      writer.key("arguments").escaped(call.arguments.empty() ? "{}" : call.arguments);
      writer.end_object();
      write_tool_signature({call.signature}, writer);
      writer.end_object();
    }
    writer.end_array();
  }

  static void logprobs(const Choice& choice, json::Writer& writer) {
    if (choice.logprobs.empty()) {
      writer.null();
      return;
    }
    writer.begin_object();
    for (const auto& [key, elements] : choice.logprobs) {
      writer.key(key);
      elements.empty() ? writer.null() : writer.begin_array().raw(elements).end_array();
    }
    writer.end_object();
  }

  Buffer head_;
  std::map<unsigned, Choice> choices_;
  Usage usage_;
};

}  // namespace

std::string_view chat_finish_reason(Finish::Reason reason) noexcept {
  using Reason = Finish::Reason;
  switch (reason) {
    case Reason::stop:
    case Reason::stop_sequence:
    case Reason::pause:
    case Reason::other: return "stop";
    case Reason::length: return "length";
    case Reason::tool_calls: return "tool_calls";
    case Reason::content_filter:
    case Reason::refusal: return "content_filter";
  }
  __builtin_unreachable();
}

std::unique_ptr<AnswerWriter> make_chat_writer(Buffer& out, const AnswerContext& context) {
  if (context.stream) { return make_chat_stream_writer(out, context); }
  return std::make_unique<WholeWriter>(out, context);
}

}  // namespace butter::dialect
