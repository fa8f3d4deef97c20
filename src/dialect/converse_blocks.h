#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "dialect/conversation.h"
#include "json/writer.h"

namespace butter::dialect {

/// Writes the content blocks of one Converse request. Thread: worker-local.
/// \source https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html
class ConverseBlocks {
 public:
  explicit ConverseBlocks(json::Writer& writer) noexcept : writer_(writer) {}

  /// A text of nothing but blanks: Bedrock refuses those, and nothing is lost without them.
  [[nodiscard]] static bool says_nothing(const Part& part) noexcept;

  /// One block, and a cachePoint behind it where the part has a cache marker.
  /// \errors bad_request: an image, a file or a sound of a format that Bedrock does not take
  [[nodiscard]] Result<void> write(const Part& part);

  /// {"cachePoint":{...}} where `cache_control` is there.
  void write_cache_point(Raw cache_control);

 private:
  [[nodiscard]] Result<void> write_block(const Part& part);
  [[nodiscard]] Result<void> write_tool_result(const Part& part);
  [[nodiscard]] Result<void> write_source(const Part& part);
  void write_thinking(const Part& part);
  void write_tool_call(const Part& part);
  [[nodiscard]] std::string document_name(const Source& source);

  json::Writer& writer_;
  unsigned documents_ = 0;
};

}  // namespace butter::dialect
