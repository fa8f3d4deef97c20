#pragma once

#include "dialect/answer.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace butter::dialect {

/// Anthropic's counts. Its input_tokens leave out what was read from the cache and written to it.
/// In a stream each event has some of the counts, and those of the last event that has them hold.
/// Thread: worker-local.
class MessagesUsage {
 public:
  /// Reads a value of `usage`; counts that it does not have stay.
  void read(json::Cursor& at);
  [[nodiscard]] Usage total() const noexcept;

 private:
  std::uint64_t input_ = 0, read_ = 0, written_ = 0, output_ = 0, thinking_ = 0;
};

/// Writes a value of `usage`.
void write_messages_usage(const Usage& usage, json::Writer& writer);

}  // namespace butter::dialect
