#pragma once

#include <bitset>
#include <cstdint>
#include <span>
#include <string_view>

namespace butter::dialect {

/// What a request may ask for, in the words of no dialect. Each dialect has a table of what it
/// makes of them; what a caller used and a provider's dialect cannot say is reported, never lost
/// silently.
enum class Feature : std::uint8_t {
  // Sampling and length.
  max_tokens,
  temperature,
  top_p,
  top_k,
  presence_penalty,
  frequency_penalty,
  seed,
  stop,
  choices,  ///< `n` greater than 1
  logprobs,
  logit_bias,
  // What is said.
  system,
  developer_role,
  speaker_name,  ///< `name` of a message
  image_url,
  image_data,
  image_detail,
  file_url,
  file_data,
  file_id,
  audio_input,
  tool_calls,
  tool_results,
  tool_result_error,  ///< a result that says that the call failed
  tool_result_image,
  thinking_blocks,  ///< thinking of earlier turns, with its signatures
  citations,
  cache_markers,  ///< `cache_control`
  refusal,
  prefill,  ///< the last turn is the assistant's
  // What may be used.
  tools,
  strict_tools,
  server_tools,  ///< tools that the provider runs: web search, code execution, ...
  tool_choice,
  parallel_tool_calls,
  json_object,
  json_schema,
  reasoning_effort,
  reasoning_budget,
  reasoning_summary,
  audio_output,
  prediction,
  web_search,
  verbosity,
  // About the request.
  stream_usage,  ///< the caller wants usage in the stream
  user,
  metadata,
  store,
  service_tier,
  previous_response,  ///< state kept by the provider
  background,
  truncation,
  safety_settings,
  cache_key,  ///< `prompt_cache_key`, `prompt_cache_retention`
  unknown,    ///< a field that the dialect's table does not know
};
inline constexpr std::size_t kFeatures = static_cast<std::size_t>(Feature::unknown) + 1;

using FeatureSet = std::bitset<kFeatures>;

/// The feature's name in documents and, where the caller's own word is not known, in
/// `x-butter-dropped`: "top_k".
[[nodiscard]] std::string_view to_string(Feature feature) noexcept;

/// What becomes of a feature in a provider's dialect.
enum class Fate : std::uint8_t {
  mapped,   ///< said in the dialect's own words
  passed,   ///< the caller's bytes are taken over
  dropped,  ///< left out and reported; refused where the route is strict
  refused,  ///< the request is answered 400: without it the answer would be wrong
};
[[nodiscard]] std::string_view to_string(Fate fate) noexcept;

/// A row of a provider dialect's table. What has no row is dropped, except what only the provider
/// of the caller's own dialect can do (kRefusedByAll).
struct Support {
  Feature feature;
  Fate fate;
  std::string_view as;  ///< where it stands in that dialect: "generationConfig.topK"; or why not
};

/// A row of a caller dialect's table: a field and what it means.
struct Meaning {
  std::string_view field;  ///< as its API writes it: "max_completion_tokens", "messages[].name"
  Feature feature;
};

/// State that a provider would have to keep: refused where a table has no row that says otherwise.
inline constexpr Support kRefusedByAll[] = {
    {Feature::previous_response, Fate::refused,
     "no state is kept between requests: send the whole input"},
    {Feature::background, Fate::refused,
     "no state is kept between requests: send the request without it"},
};

/// The row for `feature` in `table`, else in kRefusedByAll; nullptr: dropped.
[[nodiscard]] const Support* support_of(Feature feature, std::span<const Support> table) noexcept;
[[nodiscard]] Fate fate_of(Feature feature, std::span<const Support> table) noexcept;

}  // namespace butter::dialect
