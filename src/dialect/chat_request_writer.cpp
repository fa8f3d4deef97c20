#include "dialect/chat_request_writer.h"

#include <string_view>

#include "dialect/chat_message_writer.h"
#include "dialect/effort.h"
#include "json/writer.h"

namespace butter::dialect {

namespace {

/// Writes the members of one request. Thread: worker-local.
class RequestWriter {
 public:
  RequestWriter(const Conversation& asked, const Target& target, Buffer& out)
      : asked_(asked), target_(target), writer_(out) {}

  void write() {
    writer_.begin_object().key("model").string(target_.model).key("messages");
    write_chat_messages(asked_, !target_.max_completion_tokens, writer_);
    if (target_.stream) {
      writer_.key("stream").boolean(true).key("stream_options").begin_object();
      writer_.key("include_usage").boolean(true).end_object();
    }
    sampling();
    tools();
    format();
    reasoning();
    about();
    writer_.end_object();
  }

 private:
  void raw(std::string_view key, Raw value) {
    if (!value.empty()) { writer_.key(key).raw(value.json); }
  }
  void text(std::string_view key, Text value) {
    if (!value.empty()) { writer_.key(key).escaped(value.escaped); }
  }

  void sampling() {
    if (asked_.max_tokens) {
      writer_.key(target_.max_completion_tokens ? "max_completion_tokens" : "max_tokens");
      writer_.number(static_cast<std::int64_t>(*asked_.max_tokens));
    }
    raw("temperature", asked_.temperature);
    raw("top_p", asked_.top_p);
    raw("presence_penalty", asked_.presence_penalty);
    raw("frequency_penalty", asked_.frequency_penalty);
    raw("seed", asked_.seed);
    if (!asked_.stop.empty()) {
      writer_.key("stop").begin_array();
      for (const Text stop : asked_.stop) { writer_.escaped(stop.escaped); }
      writer_.end_array();
    }
    if (asked_.choices > 1) { writer_.key("n").number(static_cast<std::int64_t>(asked_.choices)); }
    if (asked_.logprobs) { writer_.key("logprobs").boolean(*asked_.logprobs); }
    raw("top_logprobs", asked_.top_logprobs);
    raw("logit_bias", asked_.logit_bias);
  }

  void tools() {
    bool any = false;
    for (const Tool& tool : asked_.tools) {
      if (!tool.server.empty()) { continue; }
      if (!any) { writer_.key("tools").begin_array(); }
      any = true;
      function(tool);
    }
    // Without tools the API refuses what is said about them.
    if (!any) { return; }
    writer_.end_array();
    tool_choice();
    if (asked_.parallel_tool_calls) {
      writer_.key("parallel_tool_calls").boolean(*asked_.parallel_tool_calls);
    }
  }

  void function(const Tool& tool) {
    writer_.begin_object().key("type").string("function").key("function").begin_object();
    text("name", tool.name);
    text("description", tool.description);
    raw("parameters", tool.parameters);
    if (tool.strict) { writer_.key("strict").boolean(*tool.strict); }
    writer_.end_object().end_object();
  }

  void tool_choice() {
    switch (asked_.tool_choice.kind) {
      case ToolChoice::Kind::unset: break;
      case ToolChoice::Kind::automatic: writer_.key("tool_choice").string("auto"); break;
      case ToolChoice::Kind::none: writer_.key("tool_choice").string("none"); break;
      case ToolChoice::Kind::any: writer_.key("tool_choice").string("required"); break;
      case ToolChoice::Kind::named:
        writer_.key("tool_choice").begin_object().key("type").string("function");
        writer_.key("function").begin_object();
        text("name", asked_.tool_choice.name);
        writer_.end_object().end_object();
        break;
    }
  }

  void format() {
    const ResponseFormat& format = asked_.format;
    if (format.kind == ResponseFormat::Kind::text) { return; }
    const bool schema = format.kind == ResponseFormat::Kind::json_schema;
    writer_.key("response_format").begin_object();
    writer_.key("type").string(schema ? "json_schema" : "json_object");
    if (schema) {
      writer_.key("json_schema").begin_object().key("name");
      writer_.escaped(format.name.empty() ? "answer" : format.name.escaped);
      text("description", format.description);
      raw("schema", format.schema);
      if (format.strict) { writer_.key("strict").boolean(*format.strict); }
      writer_.end_object();
    }
    writer_.end_object();
  }

  /// The word that was asked for; for a budget the nearest that all models with efforts know.
  [[nodiscard]] std::string_view effort() const {
    using Effort = Reasoning::Effort;
    const Reasoning& reasoning = asked_.reasoning;
    if (reasoning.effort != Effort::unset) { return effort_word(reasoning.effort); }
    switch (asked_effort(reasoning)) {
      // A model that does not think refuses to be told that it need not.
      case Effort::unset:
      case Effort::none: return {};
      case Effort::minimal:
      case Effort::low: return "low";
      case Effort::medium: return "medium";
      case Effort::high:
      case Effort::most: return "high";
    }
    __builtin_unreachable();
  }

  void reasoning() {
    const std::string_view word = effort();
    if (!word.empty()) { writer_.key("reasoning_effort").string(word); }
  }

  void about() {
    text("verbosity", asked_.verbosity);
    text("user", asked_.user);
    raw("metadata", asked_.metadata);
    raw("service_tier", asked_.service_tier);
    for (const auto& [name, value] : asked_.own) { raw(name, value); }
  }

  const Conversation& asked_;
  const Target& target_;
  json::Writer writer_;
};

}  // namespace

Result<void> write_chat_request(const Conversation& conversation, const Target& target,
                                Buffer& out) {
  RequestWriter(conversation, target, out).write();
  return {};
}

}  // namespace butter::dialect
