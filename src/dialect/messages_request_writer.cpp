#include "dialect/messages_request_writer.h"

#include <algorithm>
#include <string_view>

#include "dialect/google_signature.h"
#include "dialect/messages_thinking.h"
#include "dialect/messages_turns.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace butter::dialect {

namespace {

/// JSON mode has no field of its own.
constexpr std::string_view kJsonOnly =
    "Answer with one JSON object and nothing else: no text around it and no code fence.";

/// Whether an escaped text is nothing but white space, which the API does not take as a stop.
bool is_blank(std::string_view escaped) {
  while (!escaped.empty()) {
    if (escaped.front() == ' ') {
      escaped.remove_prefix(1);
    } else if (escaped.size() > 1 && escaped.front() == '\\' &&
               std::string_view("ntrf").find(escaped[1]) != std::string_view::npos) {
      escaped.remove_prefix(2);
    } else {
      return false;
    }
  }
  return true;
}

std::string_view member(Raw object, std::string_view name) {
  std::string_view found;
  json::Cursor at(object.json);
  at.object([&](json::Key key) { key == name ? void(found = at.string()) : at.skip_value(); });
  return found;
}

/// A tool that the provider runs, in Anthropic's words: its own types end in a date.
/// \return "" when it has none for it
std::string_view server_tool(Raw tool) {
  constexpr std::size_t kDate = 8;
  const std::string_view type = member(tool, "type");
  const std::string_view end = type.substr(type.size() - std::min(kDate, type.size()));
  if (end.size() == kDate &&
      std::ranges::all_of(end, [](char c) { return c >= '0' && c <= '9'; })) {
    return tool.json;
  }
  if (type == "mcp_toolset") { return tool.json; }
  if (type.starts_with("web_search")) {
    return R"({"type":"web_search_20250305","name":"web_search"})";
  }
  return {};
}

/// "auto" and "standard_only"; "" for what Anthropic does not sell.
std::string_view tier(Raw said) {
  if (said.json == "\"auto\"" || said.json == "\"priority\"") { return "auto"; }
  if (said.json == "\"default\"" || said.json == "\"standard_only\"") { return "standard_only"; }
  return {};
}

/// Writes the members of one request. Thread: worker-local.
class RequestWriter {
 public:
  RequestWriter(const Conversation& asked, const Target& target, Buffer& out)
      : asked_(asked),
        target_(target),
        thinking_(thinking_for(asked, target.model)),
        writer_(out) {}

  Result<void> write() {
    writer_.begin_object();
    if (target_.anthropic_version.empty()) {
      writer_.key("model").string(target_.model);
    } else {
      writer_.key("anthropic_version").string(target_.anthropic_version);
    }
    writer_.key("max_tokens");
    writer_.number(static_cast<std::int64_t>(max_tokens_for(asked_, thinking_)));
    const bool json = asked_.format.kind == ResponseFormat::Kind::json_object;
    write_messages_system(asked_, json ? kJsonOnly : "", writer_);
    writer_.key("messages");
    Result<void> written = write_messages_turns(asked_, writer_);
    if (target_.stream && target_.stream_in_body) { writer_.key("stream").boolean(true); }
    sampling();
    tools();
    thinking();
    output();
    about();
    writer_.end_object();
    return written;
  }

 private:
  void raw(std::string_view key, Raw value) {
    if (!value.empty()) { writer_.key(key).raw(value.json); }
  }

  void sampling() {
    // The API takes no other temperature than 1 with thinking, and no top_k.
    const bool thinks = asked_.reasoning.thinking.empty() && wants_thinking(asked_);
    if (!thinks) {
      raw("temperature", asked_.temperature);
      raw("top_p", asked_.top_p);
      raw("top_k", asked_.top_k);
    }
    bool any = false;
    for (const Text stop : asked_.stop) {
      if (is_blank(stop.escaped)) { continue; }
      if (!any) { writer_.key("stop_sequences").begin_array(); }
      any = true;
      writer_.escaped(stop.escaped);
    }
    if (any) { writer_.end_array(); }
  }

  void tools() {
    bool any = false;
    for (const Tool& tool : asked_.tools) {
      const std::string_view own =
          tool.server.empty() ? tool.messages_own.json : server_tool(tool.server);
      if (!tool.server.empty() && own.empty()) { continue; }
      if (!any) { writer_.key("tools").begin_array(); }
      any = true;
      own.empty() ? client_tool(tool) : void(writer_.raw(own));
    }
    // Without tools the API refuses what is said about them.
    if (!any) { return; }
    writer_.end_array();
    tool_choice();
  }

  void client_tool(const Tool& tool) {
    writer_.begin_object().key("name").escaped(tool.name.escaped);
    if (!tool.description.empty()) { writer_.key("description").escaped(tool.description.escaped); }
    writer_.key("input_schema");
    writer_.raw(tool.parameters.empty() ? R"({"type":"object","properties":{}})"
                                        : tool.parameters.json);
    if (tool.strict.value_or(false)) { writer_.key("strict").boolean(true); }
    raw("cache_control", tool.cache_control);
    writer_.end_object();
  }

  void tool_choice() {
    using Kind = ToolChoice::Kind;
    const Kind kind = asked_.tool_choice.kind;
    const auto parallel = asked_.parallel_tool_calls;
    if (kind == Kind::unset && parallel.value_or(true)) { return; }
    writer_.key("tool_choice").begin_object().key("type");
    switch (kind) {
      case Kind::unset:
      case Kind::automatic: writer_.string("auto"); break;
      case Kind::none: writer_.string("none"); break;
      case Kind::any: writer_.string("any"); break;
      case Kind::named:
        writer_.string("tool").key("name").escaped(asked_.tool_choice.name.escaped);
        break;
    }
    if (parallel && kind != Kind::none) {
      writer_.key("disable_parallel_tool_use").boolean(!*parallel);
    }
    writer_.end_object();
  }

  void thinking() {
    using Kind = Thinking::Kind;
    switch (thinking_.kind) {
      case Kind::unset: return;
      case Kind::as_told: return raw("thinking", asked_.reasoning.thinking);
      case Kind::disabled:
        writer_.key("thinking").begin_object().key("type").string("disabled").end_object();
        return;
      case Kind::budget:
        writer_.key("thinking").begin_object().key("type").string("enabled");
        writer_.key("budget_tokens").number(static_cast<std::int64_t>(thinking_.budget));
        writer_.end_object();
        return;
      case Kind::adaptive:
        // The newest models show nothing of their thinking unless they are asked to.
        writer_.key("thinking").begin_object().key("type").string("adaptive");
        writer_.key("display").string("summarized").end_object();
        return;
    }
  }

  void output() {
    const bool schema = asked_.format.kind == ResponseFormat::Kind::json_schema;
    if (thinking_.effort.empty() && !schema) { return; }
    writer_.key("output_config").begin_object();
    if (!thinking_.effort.empty()) { writer_.key("effort").escaped(thinking_.effort); }
    if (schema) {
      writer_.key("format").begin_object().key("type").string("json_schema");
      writer_.key("schema").raw(asked_.format.schema.json).end_object();
    }
    writer_.end_object();
  }

  void about() {
    if (!asked_.user.empty()) {
      writer_.key("metadata").begin_object().key("user_id").escaped(asked_.user.escaped);
      writer_.end_object();
    }
    const std::string_view word = tier(asked_.service_tier);
    if (!word.empty()) { writer_.key("service_tier").string(word); }
    for (const auto& [name, value] : asked_.messages_own) { raw(name, value); }
  }

  const Conversation& asked_;
  const Target& target_;
  Thinking thinking_;
  json::Writer writer_;
};

bool has_unsigned_thinking(const Conversation& asked) {
  return std::ranges::any_of(asked.turns, [](const Turn& turn) {
    return std::ranges::any_of(turn.parts, [](const Part& part) {
      return part.kind == Part::Kind::thinking && signature_of_others(part.signature).empty();
    });
  });
}

}  // namespace

Result<void> write_messages_request(const Conversation& conversation, const Target& target,
                                    Buffer& out) {
  return RequestWriter(conversation, target, out).write();
}

FeatureSet lost_in_messages(const Conversation& asked) {
  FeatureSet lost;
  const auto lose = [&](Feature feature, bool is_lost) {
    if (is_lost) { lost.set(static_cast<std::size_t>(feature)); }
  };
  const bool unthinkable = cannot_think(asked);
  const bool thinks = asked.reasoning.thinking.empty() && wants_thinking(asked);
  lose(Feature::reasoning_effort, unthinkable && asked.reasoning.effort != Reasoning::Effort::none);
  lose(Feature::reasoning_budget, unthinkable && asked.reasoning.budget.value_or(0) > 0);
  lose(Feature::reasoning_summary, !thinks);
  lose(Feature::temperature, thinks);
  lose(Feature::top_p, thinks);
  lose(Feature::top_k, thinks);
  lose(Feature::thinking_blocks, has_unsigned_thinking(asked));
  lose(Feature::stop, std::ranges::any_of(asked.stop, is_blank, &Text::escaped));
  lose(Feature::server_tools, std::ranges::any_of(asked.tools, [](const Tool& tool) {
         return !tool.server.empty() && server_tool(tool.server).empty();
       }));
  lose(Feature::service_tier, tier(asked.service_tier).empty());
  return lost;
}

}  // namespace butter::dialect
