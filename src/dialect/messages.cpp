#include "dialect/dialects.h"
#include "dialect/messages_answer_reader.h"
#include "dialect/messages_answer_writer.h"
#include "dialect/messages_error.h"
#include "dialect/messages_request_reader.h"
#include "dialect/messages_request_writer.h"

namespace butter::dialect {

namespace {

constexpr Meaning kFields[] = {
    {"system, messages[].role: system", Feature::system},
    {"messages[].role: assistant, as the last", Feature::prefill},
    {"messages[].content[]: image, url", Feature::image_url},
    {"messages[].content[]: image, base64", Feature::image_data},
    {"messages[].content[]: document, url", Feature::file_url},
    {"messages[].content[]: document, base64", Feature::file_data},
    {"messages[].content[].source.file_id", Feature::file_id},
    {"messages[].content[]: text, of documents' citations", Feature::citations},
    {"messages[].content[]: thinking, redacted_thinking", Feature::thinking_blocks},
    {"messages[].content[]: tool_use", Feature::tool_calls},
    {"messages[].content[]: tool_result", Feature::tool_results},
    {"messages[].content[]: tool_result, is_error", Feature::tool_result_error},
    {"messages[].content[]: tool_result with an image", Feature::tool_result_image},
    {"messages[].content[]: server_tool_use and the like", Feature::server_tools},
    {"cache_control, of blocks and tools", Feature::cache_markers},
    {"max_tokens", Feature::max_tokens},
    {"temperature", Feature::temperature},
    {"top_p", Feature::top_p},
    {"top_k", Feature::top_k},
    {"stop_sequences", Feature::stop},
    {"tools", Feature::tools},
    {"tools[].strict", Feature::strict_tools},
    {"tools[].type: not custom", Feature::server_tools},
    {"tool_choice", Feature::tool_choice},
    {"tool_choice.disable_parallel_tool_use", Feature::parallel_tool_calls},
    {"output_config.effort", Feature::reasoning_effort},
    {"thinking.type, thinking.budget_tokens", Feature::reasoning_budget},
    {"output_config.format, output_format", Feature::json_schema},
    {"metadata.user_id", Feature::user},
    {"service_tier", Feature::service_tier},
};

constexpr Support kSupport[] = {
    {Feature::max_tokens, Fate::mapped, "max_tokens, else 4096 and the thinking's budget"},
    {Feature::temperature, Fate::mapped, "temperature, as it is (0 to 1); not with thinking"},
    {Feature::top_p, Fate::mapped, "top_p; not with thinking"},
    {Feature::top_k, Fate::mapped, "top_k; not with thinking"},
    {Feature::stop, Fate::mapped, "stop_sequences; not of white space"},
    {Feature::choices, Fate::refused, "one answer a request"},
    {Feature::system, Fate::mapped, "system"},
    {Feature::developer_role, Fate::mapped, "system"},
    {Feature::image_url, Fate::mapped, "messages[].content[]: image"},
    {Feature::image_data, Fate::mapped, "messages[].content[]: image"},
    {Feature::file_url, Fate::mapped, "messages[].content[]: document"},
    {Feature::file_data, Fate::mapped, "messages[].content[]: document (PDF, plain text)"},
    {Feature::file_id, Fate::passed, "messages[].content[].source.file_id"},
    {Feature::audio_input, Fate::refused, "it hears no sound"},
    {Feature::tool_calls, Fate::mapped, "messages[].content[]: tool_use"},
    {Feature::tool_results, Fate::mapped, "messages[].content[]: tool_result"},
    {Feature::tool_result_error, Fate::mapped, "messages[].content[]: tool_result, is_error"},
    {Feature::tool_result_image, Fate::mapped, "messages[].content[]: tool_result with an image"},
    {Feature::thinking_blocks, Fate::mapped,
     "messages[].content[]: thinking, redacted_thinking; not without a signature"},
    {Feature::citations, Fate::passed, "messages[].content[].citations"},
    {Feature::cache_markers, Fate::passed, "cache_control"},
    {Feature::refusal, Fate::mapped, "messages[].content[]: text"},
    {Feature::prefill, Fate::mapped, "the last message; newer models refuse it"},
    {Feature::tools, Fate::mapped, "tools"},
    {Feature::strict_tools, Fate::mapped, "tools[].strict"},
    {Feature::server_tools, Fate::mapped, "tools: Anthropic's own, and web_search"},
    {Feature::tool_choice, Fate::mapped, "tool_choice"},
    {Feature::parallel_tool_calls, Fate::mapped, "tool_choice.disable_parallel_tool_use"},
    {Feature::json_object, Fate::mapped, "a line of the system prompt"},
    {Feature::json_schema, Fate::mapped, "output_config.format"},
    {Feature::reasoning_effort, Fate::mapped,
     "thinking: a budget (1024, 2048, 8192, 16384, 32768) up to 4.5, then output_config.effort; "
     "not with a forced tool or a prefilled answer"},
    {Feature::reasoning_budget, Fate::mapped, "thinking.budget_tokens, or the nearest effort"},
    {Feature::reasoning_summary, Fate::mapped, "thinking.display: summarized, whenever it thinks"},
    {Feature::stream_usage, Fate::mapped, "each answer has it"},
    {Feature::user, Fate::mapped, "metadata.user_id"},
    {Feature::service_tier, Fate::mapped, "service_tier: auto, standard_only"},
};

}  // namespace

const CallerDialect kMessagesCaller{.dialect = Dialect::messages,
                                    .read_request = read_messages_request,
                                    .make_writer = make_messages_writer,
                                    .write_error = write_messages_error,
                                    .fields = kFields};

const ProviderDialect kMessagesProvider{.dialect = Dialect::messages,
                                        .write_request = write_messages_request,
                                        .make_reader = make_messages_reader,
                                        .support = kSupport,
                                        .lost = lost_in_messages};

}  // namespace butter::dialect
