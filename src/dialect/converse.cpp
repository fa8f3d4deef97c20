#include <optional>

#include "dialect/converse_answer.h"
#include "dialect/converse_blocks.h"
#include "dialect/converse_fields.h"
#include "dialect/converse_tools.h"
#include "dialect/dialects.h"

namespace butter::dialect {

namespace {

Result<void> write_system(const Conversation& conversation, json::Writer& writer) {
  const auto says_nothing = &ConverseBlocks::says_nothing;
  bool open = false;
  ConverseBlocks blocks(writer);
  for (const Part& part : conversation.system) {
    if (says_nothing(part)) { continue; }
    if (!open) { writer.key("system").begin_array(); }
    open = true;
    if (auto written = blocks.write(part); !written) { return written; }
  }
  if (open) { writer.end_array(); }
  return {};
}

// Roles alternate: turns of one side become one message, and tools' results are the user's.
Result<void> write_messages(const Conversation& conversation, json::Writer& writer) {
  std::string_view open;
  ConverseBlocks blocks(writer);
  writer.key("messages").begin_array();
  for (const Turn& turn : conversation.turns) {
    const std::string_view role = turn.role == Role::assistant ? "assistant" : "user";
    for (const Part& part : turn.parts) {
      if (ConverseBlocks::says_nothing(part)) { continue; }
      if (open != role) {
        if (!open.empty()) { writer.end_array().end_object(); }
        writer.begin_object().key("role").string(role).key("content").begin_array();
        open = role;
      }
      if (auto written = blocks.write(part); !written) { return written; }
    }
  }
  if (!open.empty()) { writer.end_array().end_object(); }
  writer.end_array();
  return {};
}

Result<void> write_request(const Conversation& conversation, const Target& target, Buffer& out) {
  json::Writer writer(out);
  writer.begin_object();
  if (auto written = write_system(conversation, writer); !written) { return written; }
  if (auto written = write_messages(conversation, writer); !written) { return written; }
  if (auto written = write_converse_tools(conversation, writer); !written) { return written; }
  write_converse_fields(conversation, target.model, writer);
  writer.end_object();
  return {};
}

constexpr Support kSupport[] = {
    {Feature::max_tokens, Fate::mapped, "inferenceConfig.maxTokens"},
    {Feature::temperature, Fate::mapped, "inferenceConfig.temperature"},
    {Feature::top_p, Fate::mapped, "inferenceConfig.topP"},
    {Feature::top_k, Fate::mapped, "additionalModelRequestFields.top_k"},
    {Feature::stop, Fate::mapped, "inferenceConfig.stopSequences"},
    {Feature::choices, Fate::refused, "it gives one answer a request"},
    {Feature::system, Fate::mapped, "system"},
    {Feature::developer_role, Fate::mapped, "system"},
    {Feature::image_url, Fate::refused, "images are sent as base64 data only"},
    {Feature::image_data, Fate::mapped, "messages[].content[].image"},
    {Feature::file_url, Fate::refused, "files are sent as base64 data only"},
    {Feature::file_data, Fate::mapped, "messages[].content[].document"},
    {Feature::file_id, Fate::refused, "files are sent as base64 data only"},
    {Feature::audio_input, Fate::mapped, "messages[].content[].audio"},
    {Feature::tool_calls, Fate::mapped, "messages[].content[].toolUse"},
    {Feature::tool_results, Fate::mapped, "messages[].content[].toolResult"},
    {Feature::tool_result_error, Fate::mapped, "messages[].content[].toolResult.status"},
    {Feature::tool_result_image, Fate::mapped, "messages[].content[].toolResult.content[].image"},
    {Feature::thinking_blocks, Fate::mapped, "messages[].content[].reasoningContent"},
    {Feature::cache_markers, Fate::mapped, "cachePoint"},
    {Feature::refusal, Fate::mapped, "messages[].content[].text"},
    {Feature::prefill, Fate::mapped, "messages[]"},
    {Feature::tools, Fate::mapped, "toolConfig.tools"},
    {Feature::strict_tools, Fate::mapped, "toolConfig.tools[].toolSpec.strict"},
    {Feature::tool_choice, Fate::mapped, "toolConfig.toolChoice"},
    {Feature::json_schema, Fate::mapped, "outputConfig.textFormat"},
    {Feature::reasoning_effort, Fate::mapped, "additionalModelRequestFields, by model"},
    {Feature::reasoning_budget, Fate::mapped, "additionalModelRequestFields, by model"},
    {Feature::audio_output, Fate::refused, "it answers in text"},
    {Feature::stream_usage, Fate::mapped, "always"},
    {Feature::metadata, Fate::passed, "requestMetadata"},
    {Feature::service_tier, Fate::mapped, "serviceTier.type"},
};

}  // namespace

const ProviderDialect kConverseProvider{.dialect = Dialect::converse,
                                        .write_request = write_request,
                                        .make_reader = make_converse_reader,
                                        .support = kSupport};

}  // namespace butter::dialect
