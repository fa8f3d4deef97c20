#include "dialect/dialects.h"
#include "dialect/openai_error.h"
#include "dialect/responses_answer_writer.h"
#include "dialect/responses_request.h"

namespace butter::dialect {

namespace {

constexpr Meaning kFields[] = {
    {"max_output_tokens", Feature::max_tokens},
    {"temperature", Feature::temperature},
    {"top_p", Feature::top_p},
    {"top_logprobs", Feature::logprobs},
    {"instructions", Feature::system},
    {"input[].role", Feature::developer_role},
    {"input_image.image_url", Feature::image_url},
    {"input_image.image_url", Feature::image_data},
    {"input_image.file_id", Feature::file_id},
    {"input_image.detail", Feature::image_detail},
    {"input_file.file_url", Feature::file_url},
    {"input_file.file_data", Feature::file_data},
    {"input_file.file_id", Feature::file_id},
    {"input_audio", Feature::audio_input},
    {"function_call", Feature::tool_calls},
    {"function_call_output", Feature::tool_results},
    {"function_call_output.output[].input_image", Feature::tool_result_image},
    {"reasoning", Feature::thinking_blocks},
    {"output_text.annotations", Feature::citations},
    {"refusal", Feature::refusal},
    {"input", Feature::prefill},
    {"tools", Feature::tools},
    {"tools[].strict", Feature::strict_tools},
    {"tools[].type", Feature::server_tools},
    {"tool_choice", Feature::tool_choice},
    {"parallel_tool_calls", Feature::parallel_tool_calls},
    {"text.format", Feature::json_object},
    {"text.format", Feature::json_schema},
    {"text.verbosity", Feature::verbosity},
    {"reasoning.effort", Feature::reasoning_effort},
    {"reasoning.summary", Feature::reasoning_summary},
    {"user", Feature::user},
    {"safety_identifier", Feature::user},
    {"metadata", Feature::metadata},
    {"service_tier", Feature::service_tier},
    {"truncation", Feature::truncation},
    {"background", Feature::background},
    {"previous_response_id", Feature::previous_response},
    {"conversation", Feature::previous_response},
    {"prompt", Feature::previous_response},
};

}  // namespace

const CallerDialect kResponsesCaller{.dialect = Dialect::responses,
                                     .read_request = read_responses_request,
                                     .make_writer = make_responses_writer,
                                     .write_error = write_openai_error,
                                     .fields = kFields};

}  // namespace butter::dialect
