#include "dialect/token_estimate.h"

#include <algorithm>
#include <string_view>

#include "json/writer.h"

namespace butter::dialect {

namespace {

constexpr std::uint64_t kTurn = 4, kTool = 16, kTools = 300, kImage = 1600, kFile = 1500;

/// Quarters of tokens.
std::uint64_t quarters(std::string_view text) {
  const auto other =
      std::ranges::count_if(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  return text.size() + static_cast<std::uint64_t>(other);
}

std::uint64_t tokens(std::string_view text) {
  return (quarters(text) + 3) / 4;
}

std::uint64_t of_parts(const std::vector<Part>& parts);

std::uint64_t of_part(const Part& part) {
  switch (part.kind) {
    case Part::Kind::text:
    case Part::Kind::refusal:
    case Part::Kind::thinking: return tokens(part.text.escaped);
    case Part::Kind::redacted_thinking: return tokens(part.signature.escaped);
    case Part::Kind::image: return kImage;
    case Part::Kind::file:
      return std::max<std::uint64_t>(kFile, part.source.data.escaped.size() / 16);
    case Part::Kind::audio: return part.source.data.escaped.size() / 64;
    case Part::Kind::tool_call:
      return kTurn + tokens(part.name.escaped) + tokens(part.arguments.json);
    case Part::Kind::tool_result: return kTurn + of_parts(part.content);
  }
  __builtin_unreachable();
}

std::uint64_t of_parts(const std::vector<Part>& parts) {
  std::uint64_t sum = 0;
  for (const Part& part : parts) { sum += of_part(part); }
  return sum;
}

}  // namespace

std::uint64_t estimate_tokens(const Conversation& conversation) {
  std::uint64_t sum = of_parts(conversation.system) + tokens(conversation.format.schema.json);
  for (const Turn& turn : conversation.turns) {
    sum += kTurn + of_parts(turn.parts);
    for (const MessagesBlock& own : turn.messages_own) { sum += tokens(own.block.json); }
  }
  for (const Tool& tool : conversation.tools) {
    sum += kTool + tokens(tool.name.escaped) + tokens(tool.description.escaped) +
           tokens(tool.parameters.json) + tokens(tool.server.json);
  }
  return sum + (conversation.tools.empty() ? 0 : kTools);
}

void write_token_count(std::uint64_t tokens, Buffer& out) {
  json::Writer writer(out);
  writer.begin_object().key("input_tokens").number(static_cast<std::int64_t>(tokens)).end_object();
}

}  // namespace butter::dialect
