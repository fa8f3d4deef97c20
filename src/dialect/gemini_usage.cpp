#include "dialect/gemini_usage.h"

#include <string_view>

#include "dialect/count.h"

namespace butter::dialect::gemini {

namespace {

/// The tokens of sound in a list of {"modality","tokenCount"}.
std::uint64_t read_audio(json::Cursor& at) {
  std::uint64_t audio = 0;
  at.array([&] {
    std::string_view modality;
    std::uint64_t tokens = 0;
    at.object([&](json::Key key) {
      if (key == "modality") {
        modality = at.string();
      } else {
        const auto count = read_count(at);
        if (key == "tokenCount") { tokens = count.value_or(0); }
      }
    });
    if (modality == "AUDIO") { audio += tokens; }
  });
  return audio;
}

}  // namespace

Usage read_usage(json::Cursor& at) {
  Usage usage;
  at.object([&](json::Key key) {
    if (key == "promptTokensDetails") {
      usage.audio_in = read_audio(at);
    } else if (key == "candidatesTokensDetails") {
      usage.audio_out = read_audio(at);
    } else {
      const std::uint64_t tokens = read_count(at).value_or(0);
      if (key == "promptTokenCount" || key == "toolUsePromptTokenCount") { usage.input += tokens; }
      if (key == "cachedContentTokenCount") { usage.cached = tokens; }
      if (key == "candidatesTokenCount" || key == "thoughtsTokenCount") { usage.output += tokens; }
      if (key == "thoughtsTokenCount") { usage.reasoning = tokens; }
    }
  });
  return usage;
}

}  // namespace butter::dialect::gemini
