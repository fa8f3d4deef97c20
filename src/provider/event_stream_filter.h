#pragma once

#include <string>

#include "dialect/event_stream.h"
#include "provider/answer_filter.h"

namespace butter::provider {

/// Bedrock's InvokeModelWithResponseStream to Anthropic's own stream: each `chunk` holds an event's
/// JSON in base64, exceptions become error events. Thread: worker-local.
/// \source
/// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html
class EventStreamFilter final : public AnswerFilter {
 public:
  Result<void> feed(std::string_view bytes, Buffer& out) override;
  Result<void> close() override;

 private:
  Result<void> write(const dialect::EventStreamMessage& message, Buffer& out);

  dialect::EventStreamDecoder decoder_;
  std::string json_;  ///< of the event being written
};

}  // namespace butter::provider
