#include "dialect/messages_request_reader.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "dialect/fields.h"
#include "dialect/messages_content.h"
#include "dialect/messages_tools.h"
#include "json/text.h"

namespace butter::dialect {

namespace {

/// The results of tools go first; chat and others have messages of their own for them.
void user_turns(std::vector<Part>& parts, std::vector<MessagesBlock>& own, Conversation& into) {
  if (std::ranges::find(parts, Part::Kind::tool_result, &Part::kind) == parts.end()) {
    into.turns.push_back({.parts = std::move(parts), .messages_own = std::move(own)});
    return;
  }
  Turn results{.role = Role::tool};
  Turn rest{.role = Role::user, .messages_own = std::move(own)};
  for (Part& part : parts) {
    (part.kind == Part::Kind::tool_result ? results : rest).parts.push_back(std::move(part));
  }
  for (MessagesBlock& block : rest.messages_own) {
    block.before = std::min(block.before, rest.parts.size());
  }
  into.turns.push_back(std::move(results));
  if (!rest.parts.empty() || !rest.messages_own.empty()) { into.turns.push_back(std::move(rest)); }
}

void read_message(Fields& fields, Conversation& into) {
  Text role;
  Raw content;
  fields.object([&](json::Key key) {
    if (key == "role") {
      role = fields.text();
    } else if (key == "content") {
      content = fields.any();
    } else {
      fields.skip();
    }
  });
  if (content.empty()) { return fields.complain("content", "is missing"); }
  if (role.escaped == "system") {
    return fields.at("content", content, [&] { read_messages_system(fields, into); });
  }
  if (role.escaped != "user" && role.escaped != "assistant") {
    return fields.complain("role",
                           role.empty() ? "is missing" : quoted(role.escaped) + " is no role");
  }
  std::vector<Part> parts;
  std::vector<MessagesBlock> own;
  fields.at("content", content, [&] { read_messages_content(fields, into, parts, own); });
  if (role.escaped == "user") { return user_turns(parts, own, into); }
  into.turns.push_back(
      {.role = Role::assistant, .parts = std::move(parts), .messages_own = std::move(own)});
}

void messages(Fields& fields, Conversation& into) {
  fields.array([&](std::size_t) { read_message(fields, into); });
  if (!into.turns.empty() && into.turns.back().role == Role::assistant) {
    into.use(Feature::prefill, "messages[].role");
  }
}

template <Raw Conversation::* member, Feature feature>
void number(Fields& fields, Conversation& into) {
  into.*member = fields.number();
  if (!(into.*member).empty()) { into.use(feature); }
}

/// What stands among the messages comes behind it, whichever key is first.
void system(Fields& fields, Conversation& into) {
  std::vector<Part> later = std::exchange(into.system, {});
  read_messages_system(fields, into);
  std::ranges::move(later, std::back_inserter(into.system));
}

void model(Fields& fields, Conversation& into) {
  into.model = fields.text();
}

void max_tokens(Fields& fields, Conversation& into) {
  into.max_tokens = fields.count();
  if (into.max_tokens) { into.use(Feature::max_tokens); }
}

void stream(Fields& fields, Conversation& into) {
  into.stream = fields.boolean().value_or(false);
}

void stop(Fields& fields, Conversation& into) {
  fields.array([&](std::size_t) { into.stop.push_back(fields.text()); });
  if (!into.stop.empty()) { into.use(Feature::stop, "stop_sequences"); }
}

/// OpenAI takes no longer user; Claude Code's is. It stays Anthropic's own then.
constexpr std::size_t kMostOfUser = 64;

void metadata(Fields& fields, Conversation& into) {
  const Raw whole = fields.peek_raw();
  fields.object([&](json::Key key) {
    if (key != "user_id") { return fields.skip(); }
    into.user = fields.text();
  });
  if (into.user.escaped.size() > kMostOfUser) {
    into.user = {};
    into.messages_own.emplace_back("metadata", whole);
  } else if (!into.user.empty()) {
    into.use(Feature::user, "metadata.user_id");
  }
}

void service_tier(Fields& fields, Conversation& into) {
  into.service_tier = fields.any();
  // What others call it.
  if (into.service_tier.json == "\"standard_only\"") { into.service_tier.json = "\"default\""; }
  if (!into.service_tier.empty()) { into.use(Feature::service_tier); }
}

/// A field that only Anthropic has words for.
template <const char* name>
void own(Fields& fields, Conversation& into) {
  const Raw value = fields.peek_raw();
  if (fields.skip_said()) { into.messages_own.emplace_back(name, value); }
}

/// Says where and how the caller reached Anthropic; nothing about the answer.
void nothing(Fields& fields, Conversation& /*into*/) {
  fields.skip();
}

constexpr char kCacheControl[] = "cache_control", kContainer[] = "container",
               kContext[] = "context_management", kServers[] = "mcp_servers",
               kGeo[] = "inference_geo", kSpeed[] = "speed", kDiagnostics[] = "diagnostics",
               kProfile[] = "user_profile_id", kFallbacks[] = "fallbacks";

struct Row {
  std::string_view name;
  void (*read)(Fields& fields, Conversation& into);
};

constexpr Row kRows[] = {
    {"model", model},
    {"messages", messages},
    {"system", system},
    {"max_tokens", max_tokens},
    {"stream", stream},
    {"temperature", number<&Conversation::temperature, Feature::temperature>},
    {"top_p", number<&Conversation::top_p, Feature::top_p>},
    {"top_k", number<&Conversation::top_k, Feature::top_k>},
    {"stop_sequences", stop},
    {"tools", read_messages_tools},
    {"tool_choice", read_messages_tool_choice},
    {"thinking", read_messages_thinking},
    {"output_config", read_messages_output},
    {"output_format", read_messages_format},
    {"metadata", metadata},
    {"service_tier", service_tier},
    {"cache_control", own<kCacheControl>},
    {"container", own<kContainer>},
    {"context_management", own<kContext>},
    {"mcp_servers", own<kServers>},
    {"inference_geo", own<kGeo>},
    {"speed", own<kSpeed>},
    {"diagnostics", own<kDiagnostics>},
    {"user_profile_id", own<kProfile>},
    {"fallbacks", own<kFallbacks>},
    {"anthropic_version", nothing},
    {"anthropic_beta", nothing},
    {"provider", nothing},
};

void read_member(json::Key key, Fields& fields, Conversation& into) {
  if (key.find('\\') != std::string_view::npos) {
    std::string decoded;
    if (json::unescape(key, decoded)) { key = json::Key(into.keep(std::move(decoded))); }
  }
  const auto* const row = std::ranges::find(kRows, key, &Row::name);
  if (row != std::end(kRows)) { return row->read(fields, into); }
  if (fields.skip_said()) { into.unknown.push_back(key); }
}

}  // namespace

Result<void> read_messages_request(std::string_view body, Conversation& into) {
  Fields fields(body);
  into.stream_usage = true;  // each answer has it
  if (fields.is_null()) { fields.complain("must be an object"); }
  fields.object([&](json::Key key) { read_member(key, fields, into); });
  if (into.model.empty()) { fields.complain("model", "is missing"); }
  if (into.turns.empty() && into.system.empty()) { fields.complain("messages", "is missing"); }
  return fields.result();
}

}  // namespace butter::dialect
