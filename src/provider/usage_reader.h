#pragma once

#include <optional>
#include <string_view>

#include "dialect/answer.h"
#include "dialect/messages_usage.h"
#include "json/cursor.h"
#include "provider/operation.h"

namespace butter::provider {

/// What a relayed answer says that it cost. In a stream the last event that says it holds; of a
/// messages stream each event adds what it knows. Thread: worker-local.
class UsageReader {
 public:
  UsageReader() = default;
  explicit UsageReader(Operation operation) noexcept : operation_(operation) {}

  /// \param object  a value of `usage`; null and the like say nothing
  void read(std::string_view object);
  /// \param event  the data of an event that has a usage somewhere: at its top, or in `message` or
  ///               `response`
  void read_event(std::string_view event);

  /// \return nullopt when nothing was said
  [[nodiscard]] const std::optional<dialect::Usage>& usage() const noexcept { return usage_; }

 private:
  void read(json::Cursor& at);

  Operation operation_ = Operation::other;
  dialect::MessagesUsage messages_;
  std::optional<dialect::Usage> usage_;
};

}  // namespace butter::provider
