#include "dialect/responses_config.h"

#include <algorithm>
#include <string>
#include <utility>

#include "dialect/effort.h"

namespace butter::dialect {

namespace {

void max_tokens(Fields& fields, Conversation& into) {
  into.max_tokens = fields.count();
  if (into.max_tokens) { into.use(Feature::max_tokens, "max_output_tokens"); }
}

void number(Raw& value, Feature feature, Fields& fields, Conversation& into) {
  value = fields.number();
  if (!value.empty()) { into.use(feature); }
}

void temperature(Fields& fields, Conversation& into) {
  number(into.temperature, Feature::temperature, fields, into);
}

void top_p(Fields& fields, Conversation& into) {
  number(into.top_p, Feature::top_p, fields, into);
}

void top_logprobs(Fields& fields, Conversation& into) {
  const Raw most = fields.number();
  if (most.empty() || most.json == "0") { return; }
  into.logprobs = true;
  into.top_logprobs = most;
  into.use(Feature::logprobs, "top_logprobs");
}

void effort(Fields& fields, Conversation& into) {
  const std::string_view word = fields.text().escaped;
  if (word.empty()) { return; }
  const auto effort = effort_named(word);
  if (!effort) { return fields.complain("must be none, minimal, low, medium, high, xhigh or max"); }
  into.reasoning.effort = *effort;
  into.use(Feature::reasoning_effort, "reasoning.effort");
}

void reasoning(Fields& fields, Conversation& into) {
  fields.object([&](json::Key key) {
    if (key == "effort") { return effort(fields, into); }
    if (key != "summary" && key != "generate_summary") { return fields.skip(); }
    const Text summary = fields.text();
    if (summary.empty()) { return; }
    into.reasoning.summary = summary;
    into.use(Feature::reasoning_summary, "reasoning.summary");
  });
}

void check_format(std::string_view type, Fields& fields, Conversation& into) {
  ResponseFormat& format = into.format;
  if (type == "json_object") {
    format.kind = ResponseFormat::Kind::json_object;
    into.use(Feature::json_object, "text.format");
  } else if (type == "json_schema") {
    format.kind = ResponseFormat::Kind::json_schema;
    into.use(Feature::json_schema, "text.format");
    if (format.schema.empty()) { fields.complain("schema", "is missing"); }
    if (format.name.empty()) { fields.complain("name", "is missing"); }
  } else if (type != "text") {
    fields.complain("type", "must be text, json_object or json_schema");
  }
}

void format(Fields& fields, Conversation& into) {
  Text type{"text"};
  fields.object([&](json::Key key) {
    if (key == "type") {
      type = fields.text();
    } else if (key == "name") {
      into.format.name = fields.text();
    } else if (key == "description") {
      into.format.description = fields.text();
    } else if (key == "schema") {
      into.format.schema = fields.object_raw();
    } else if (key == "strict") {
      into.format.strict = fields.boolean();
    } else {
      fields.skip();
    }
  });
  check_format(type.escaped, fields, into);
}

void text(Fields& fields, Conversation& into) {
  fields.object([&](json::Key key) {
    if (key == "format") { return format(fields, into); }
    if (key != "verbosity") { return fields.skip(); }
    into.verbosity = fields.text();
    if (!into.verbosity.empty()) { into.use(Feature::verbosity, "text.verbosity"); }
  });
}

void parallel_tool_calls(Fields& fields, Conversation& into) {
  into.parallel_tool_calls = fields.boolean();
  // True is what every provider does unasked.
  if (!into.parallel_tool_calls.value_or(true)) { into.use(Feature::parallel_tool_calls); }
}

void user(Fields& fields, Conversation& into) {
  if (const Text user = fields.text(); !user.empty() && into.user.empty()) {
    into.user = user;
    into.use(Feature::user, "user");
  }
}

// The newer name of `user`; it counts where both are there.
void safety_identifier(Fields& fields, Conversation& into) {
  if (const Text user = fields.text(); !user.empty()) {
    into.user = user;
    into.use(Feature::user, "safety_identifier");
  }
}

void metadata(Fields& fields, Conversation& into) {
  into.metadata = fields.object_raw();
  if (!into.metadata.empty() && into.metadata.json != "{}") { into.use(Feature::metadata); }
}

void service_tier(Fields& fields, Conversation& into) {
  into.service_tier = fields.any();
  const std::string_view tier = into.service_tier.json;
  if (!tier.empty() && tier != "\"auto\"" && tier != "\"default\"") {
    into.use(Feature::service_tier);
  }
}

void truncation(Fields& fields, Conversation& into) {
  const std::string_view word = fields.text().escaped;
  if (!word.empty() && word != "disabled") { into.use(Feature::truncation); }
}

// What else can be included belongs to tools of the provider's own.
void include(Fields& fields, Conversation& into) {
  fields.array([&](std::size_t) {
    if (fields.text().escaped != "message.output_text.logprobs") { return; }
    into.logprobs = true;
    into.use(Feature::logprobs, "include");
  });
}

void background(Fields& fields, Conversation& into) {
  if (fields.boolean().value_or(false)) { into.use(Feature::background); }
}

template <const char* kName>
void kept_state(Fields& fields, Conversation& into) {
  if (fields.skip_said()) { into.use(Feature::previous_response, kName); }
}
constexpr char kPreviousResponse[] = "previous_response_id";
constexpr char kConversation[] = "conversation";
constexpr char kPrompt[] = "prompt";

// Nothing is stored here, which the answer says, and usage always comes: these ask for nothing.
void nothing(Fields& fields, Conversation& /*into*/) {
  fields.skip();
}

void write_number(std::string_view key, Raw value, json::Writer& writer) {
  writer.key(key).raw(value.empty() ? "null" : value.json);
}

void write_text(std::string_view key, Text text, json::Writer& writer) {
  writer.key(key);
  text.empty() ? writer.null() : writer.escaped(text.escaped);
}

void write_format(const ResponseFormat& format, json::Writer& writer) {
  writer.key("format").begin_object();
  switch (format.kind) {
    case ResponseFormat::Kind::text: writer.key("type").string("text"); break;
    case ResponseFormat::Kind::json_object: writer.key("type").string("json_object"); break;
    case ResponseFormat::Kind::json_schema:
      writer.key("type").string("json_schema");
      write_text("name", format.name, writer);
      write_text("description", format.description, writer);
      writer.key("schema").raw(format.schema.json);
      writer.key("strict").boolean(format.strict.value_or(false));
      break;
  }
  writer.end_object();
}

void write_reasoning(const Reasoning& reasoning, json::Writer& writer) {
  writer.key("reasoning").begin_object();
  write_text("effort", {effort_word(reasoning.effort)}, writer);
  write_text("summary", reasoning.summary, writer);
  writer.end_object();
}

constexpr std::pair<std::string_view, void (*)(Fields&, Conversation&)> kReaders[] = {
    {"max_output_tokens", max_tokens},
    {"temperature", temperature},
    {"top_p", top_p},
    {"top_logprobs", top_logprobs},
    {"reasoning", reasoning},
    {"text", text},
    {"parallel_tool_calls", parallel_tool_calls},
    {"user", user},
    {"safety_identifier", safety_identifier},
    {"metadata", metadata},
    {"service_tier", service_tier},
    {"truncation", truncation},
    {"include", include},
    {"background", background},
    {kPreviousResponse, kept_state<kPreviousResponse>},
    {kConversation, kept_state<kConversation>},
    {kPrompt, kept_state<kPrompt>},
    {"store", nothing},
    {"stream_options", nothing},
};

}  // namespace

bool read_responses_config(std::string_view key, Fields& fields, Conversation& into) {
  for (const auto& [name, read] : kReaders) {
    if (name == key) {
      read(fields, into);
      return true;
    }
  }
  return false;
}

void write_responses_config(const Conversation& asked, json::Writer& writer) {
  writer.key("max_output_tokens");
  asked.max_tokens ? writer.number(static_cast<std::int64_t>(*asked.max_tokens)) : writer.null();
  writer.key("metadata").raw(asked.metadata.empty() ? "{}" : asked.metadata.json);
  writer.key("parallel_tool_calls").boolean(asked.parallel_tool_calls.value_or(true));
  write_reasoning(asked.reasoning, writer);
  write_number("temperature", asked.temperature, writer);
  writer.key("text").begin_object();
  write_format(asked.format, writer);
  if (!asked.verbosity.empty()) { write_text("verbosity", asked.verbosity, writer); }
  writer.end_object();
  write_number("top_p", asked.top_p, writer);
  write_text("user", asked.user, writer);
}

}  // namespace butter::dialect
