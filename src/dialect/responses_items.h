#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dialect/answer.h"
#include "json/writer.h"

namespace butter::dialect {

/// The content part of a message that is being said. A message may have a text and a refusal.
struct SaidPart {
  enum class Kind : std::uint8_t { text, refusal };
  Kind kind = Kind::text;
  unsigned index = 0;       ///< content_index
  std::string text;         ///< escaped
  std::string logprobs;     ///< elements, commas between them
  std::string annotations;  ///< likewise
  unsigned annotated = 0;   ///< how many
};

/// The output item that is being said; strings are escaped.
struct SaidItem {
  enum class Kind : std::uint8_t { message, reasoning, function_call };
  Kind kind = Kind::message;
  unsigned index = 0;  ///< output_index
  std::string id;
  std::string content;  ///< message: the finished parts, commas between them
  std::string text;     ///< reasoning: the summary; function_call: the arguments
  bool summary = false;
  std::string encrypted;  ///< reasoning
  std::string call_id, name;
};

void write_part(const SaidPart& part, json::Writer& writer);

/// \param status  "in_progress", "completed" or "incomplete"
void write_item(const SaidItem& item, std::string_view status, json::Writer& writer);

}  // namespace butter::dialect
