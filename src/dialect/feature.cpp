#include "dialect/feature.h"

#include <algorithm>
#include <array>

namespace butter::dialect {

namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, kFeatures> kNames{
    "max_tokens",
    "temperature",
    "top_p",
    "top_k",
    "presence_penalty",
    "frequency_penalty",
    "seed",
    "stop",
    "choices",
    "logprobs",
    "logit_bias",
    "system",
    "developer_role",
    "speaker_name",
    "image_url",
    "image_data",
    "image_detail",
    "file_url",
    "file_data",
    "file_id",
    "audio_input",
    "tool_calls",
    "tool_results",
    "tool_result_error",
    "tool_result_image",
    "thinking_blocks",
    "citations",
    "cache_markers",
    "refusal",
    "prefill",
    "tools",
    "strict_tools",
    "server_tools",
    "tool_choice",
    "parallel_tool_calls",
    "json_object",
    "json_schema",
    "reasoning_effort",
    "reasoning_budget",
    "reasoning_summary",
    "audio_output",
    "prediction",
    "web_search",
    "verbosity",
    "stream_usage",
    "user",
    "metadata",
    "store",
    "service_tier",
    "previous_response",
    "background",
    "truncation",
    "safety_settings",
    "cache_key",
    "unknown",
};

}  // namespace

std::string_view to_string(Feature feature) noexcept {
  return kNames[static_cast<std::size_t>(feature)];
}

std::string_view to_string(Fate fate) noexcept {
  switch (fate) {
    case Fate::mapped: return "mapped";
    case Fate::passed: return "passed";
    case Fate::dropped: return "dropped";
    case Fate::refused: return "refused";
  }
  __builtin_unreachable();
}

const Support* support_of(Feature feature, std::span<const Support> table) noexcept {
  for (const std::span<const Support> rows : {table, std::span<const Support>(kRefusedByAll)}) {
    const auto row = std::ranges::find(rows, feature, &Support::feature);
    if (row != rows.end()) { return &*row; }
  }
  return nullptr;
}

Fate fate_of(Feature feature, std::span<const Support> table) noexcept {
  const Support* const row = support_of(feature, table);
  return row != nullptr ? row->fate : Fate::dropped;
}

}  // namespace butter::dialect
