#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "dialect/answer.h"
#include "dialect/codec.h"

namespace butter::dialect {

/// Where a response stands; with what stopped it too early.
enum class ResponseStatus : std::uint8_t {
  in_progress,
  completed,
  max_output_tokens,  ///< incomplete
  content_filter,     ///< incomplete
  failed,
};

/// The parts of a response object that no event changes are written once, since a stream repeats
/// the object. It stands on one line. Thread: worker-local.
class ResponseObject {
 public:
  /// \param id  escaped
  ResponseObject(const AnswerContext& context, std::string_view id);

  /// The provider's own model and time, where it names them.
  void name(const AnswerStart& start);

  /// \param output  the items, with commas between them
  /// \param usage, error  nullptr: null
  void write(ResponseStatus status, std::string_view output, const Usage* usage,
             const AnswerError* error, Buffer& out) const;

 private:
  std::string id_, model_;
  std::int64_t created_;
  Buffer asked_;  ///< an object's members
};

/// The word of `error.code` for what went wrong, in a response and in an error event.
[[nodiscard]] std::string_view response_error_code(AnswerError::Kind kind) noexcept;

}  // namespace butter::dialect
