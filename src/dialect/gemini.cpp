#include "dialect/dialects.h"
#include "dialect/gemini_answer_reader.h"
#include "dialect/gemini_request_writer.h"

namespace butter::dialect {

namespace {

constexpr Support kSupport[] = {
    {Feature::max_tokens, Fate::mapped, "generationConfig.maxOutputTokens"},
    {Feature::temperature, Fate::passed, "generationConfig.temperature"},
    {Feature::top_p, Fate::mapped, "generationConfig.topP"},
    {Feature::top_k, Fate::mapped, "generationConfig.topK"},
    {Feature::presence_penalty, Fate::mapped, "generationConfig.presencePenalty"},
    {Feature::frequency_penalty, Fate::mapped, "generationConfig.frequencyPenalty"},
    {Feature::seed, Fate::passed, "generationConfig.seed"},
    {Feature::stop, Fate::mapped, "generationConfig.stopSequences"},
    {Feature::choices, Fate::mapped, "generationConfig.candidateCount"},
    {Feature::logprobs, Fate::mapped, "generationConfig.responseLogprobs, logprobs"},
    {Feature::logit_bias, Fate::dropped, "has none"},
    {Feature::system, Fate::mapped, "systemInstruction"},
    {Feature::developer_role, Fate::mapped, "systemInstruction"},
    {Feature::speaker_name, Fate::dropped, "speakers have no names"},
    {Feature::image_url, Fate::mapped, "fileData.fileUri"},
    {Feature::image_data, Fate::mapped, "inlineData"},
    {Feature::image_detail, Fate::dropped, "one resolution for all images"},
    {Feature::file_url, Fate::mapped, "fileData.fileUri"},
    {Feature::file_data, Fate::mapped, "inlineData"},
    {Feature::file_id, Fate::mapped, "fileData.fileUri"},
    {Feature::audio_input, Fate::mapped, "inlineData"},
    {Feature::tool_calls, Fate::mapped, "functionCall"},
    {Feature::tool_results, Fate::mapped, "functionResponse.response.output"},
    {Feature::tool_result_error, Fate::mapped, "functionResponse.response.error"},
    {Feature::tool_result_image, Fate::mapped,
     "functionResponse.parts; inlineData beside it before Gemini 3"},
    {Feature::thinking_blocks, Fate::mapped, "thought, thoughtSignature"},
    {Feature::citations, Fate::dropped, "are the model's to make"},
    {Feature::cache_markers, Fate::dropped, "caches by itself"},
    {Feature::refusal, Fate::mapped, "text"},
    {Feature::prefill, Fate::mapped, "the last of contents is the model's"},
    {Feature::tools, Fate::mapped, "tools[].functionDeclarations[].parametersJsonSchema"},
    {Feature::strict_tools, Fate::mapped, "toolConfig.functionCallingConfig.mode VALIDATED"},
    {Feature::server_tools, Fate::mapped,
     "googleSearch, urlContext, codeExecution; others are refused"},
    {Feature::tool_choice, Fate::mapped, "toolConfig.functionCallingConfig"},
    {Feature::parallel_tool_calls, Fate::dropped, "cannot be turned off"},
    {Feature::json_object, Fate::mapped, "generationConfig.responseMimeType"},
    {Feature::json_schema, Fate::mapped, "generationConfig.responseJsonSchema"},
    {Feature::reasoning_effort, Fate::mapped,
     "generationConfig.thinkingConfig.thinkingLevel; thinkingBudget before Gemini 3"},
    {Feature::reasoning_budget, Fate::mapped, "generationConfig.thinkingConfig.thinkingBudget"},
    {Feature::reasoning_summary, Fate::mapped, "generationConfig.thinkingConfig.includeThoughts"},
    {Feature::audio_output, Fate::refused, "answers in text only"},
    {Feature::prediction, Fate::dropped, "has none"},
    {Feature::web_search, Fate::mapped, "tools[].googleSearch"},
    {Feature::verbosity, Fate::dropped, "has none"},
    {Feature::stream_usage, Fate::mapped, "usageMetadata is always there"},
    {Feature::user, Fate::dropped, "has none"},
    {Feature::metadata, Fate::dropped, "has none"},
    {Feature::store, Fate::dropped, "keeps nothing"},
    {Feature::cache_key, Fate::dropped, "caches prompts by itself"},
    {Feature::service_tier, Fate::mapped, "serviceTier"},
    {Feature::previous_response, Fate::refused, "keeps no answers; send the conversation"},
    {Feature::background, Fate::refused, "answers at once only"},
    {Feature::truncation, Fate::dropped, "has none"},
    {Feature::safety_settings, Fate::passed, "safetySettings"},
};

}  // namespace

const ProviderDialect kGeminiProvider{.dialect = Dialect::gemini,
                                      .write_request = gemini::write_request,
                                      .make_reader = gemini::make_answer_reader,
                                      .support = kSupport};

}  // namespace butter::dialect
