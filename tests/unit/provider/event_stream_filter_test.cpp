#include "provider/event_stream_filter.h"

#include <gtest/gtest.h>

#include <vector>

#include "crypto/base64.h"
#include "support/event_stream.h"

namespace butter::provider {
namespace {

std::string chunk(std::string_view json) {
  return test::event_stream_event("chunk",
                                  R"({"bytes":")" + crypto::base64(json) + R"(","p":"abc"})");
}

std::string filtered(const std::vector<std::string_view>& parts) {
  EventStreamFilter filter;
  Buffer out;
  for (const std::string_view part : parts) {
    if (const auto fed = filter.feed(part, out); !fed) {
      return std::string(out.view()) + "!" + fed.error().detail;
    }
  }
  const auto closed = filter.close();
  return std::string(out.view()) + (closed ? "" : "!" + closed.error().detail);
}

const std::string kStream =
    chunk(R"({"type":"message_start","message":{"type":"message","id":"msg_1"}})") +
    chunk(
        R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"é\n"}})") +
    test::event_stream_event("internal", "{}") +
    chunk(R"({"delta":{"type":"x"},"type":"message_stop"})");
// Case 121.
constexpr char kEvents[] =
    "event: message_start\n"
    "data: {\"type\":\"message_start\",\"message\":{\"type\":\"message\",\"id\":\"msg_1\"}}\n\n"
    "event: content_block_delta\n"
    "data: {\"type\":\"content_block_delta\",\"index\":0,"
    "\"delta\":{\"type\":\"text_delta\",\"text\":\"é\\n\"}}\n\n"
    "event: message_stop\n"
    "data: {\"delta\":{\"type\":\"x\"},\"type\":\"message_stop\"}\n\n";

TEST(EventStreamFilter, ChunksBecomeEventsWhereverTheyAreCut) {
  const std::string_view text = kStream;
  EXPECT_EQ(filtered({text}), kEvents);
  std::vector<std::string_view> bytes;
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    EXPECT_EQ(filtered({text.substr(0, cut), text.substr(cut)}), kEvents) << cut;
    bytes.push_back(text.substr(cut, 1));
  }
  EXPECT_EQ(filtered(bytes), kEvents);
}

TEST(EventStreamFilter, ExceptionsBecomeErrorEvents) {
  const std::array<std::pair<std::string_view, std::string_view>, 5> rows{
      {{"throttlingException", "rate_limit_error"},
       {"validationException", "invalid_request_error"},
       {"modelTimeoutException", "timeout_error"},
       {"serviceUnavailableException", "overloaded_error"},
       {"internalServerException", "api_error"}}};
  for (const auto& [exception, type] : rows) {
    EXPECT_EQ(filtered({test::event_stream_exception(exception, R"({"message":"why"})")}),
              R"(event: error)"
              "\n"
              R"(data: {"type":"error","error":{"type":")" +
                  std::string(type) + R"(","message":"why"}})" + "\n\n");
  }
}

TEST(EventStreamFilter, WhatIsNoEvent) {
  for (const std::string& bad : {test::event_stream_event("chunk", "{}"),
                                 test::event_stream_event("chunk", R"({"bytes":"*"})"), chunk("[]"),
                                 chunk("{}"), chunk("{\"type\":\"a\",\n\"b\":1}")}) {
    EXPECT_EQ(filtered({bad}), "!a chunk of the stream is no event of Anthropic's");
  }
  EXPECT_EQ(filtered({"no framing at all"}),
            "!malformed event stream: the checksum of a prelude is wrong");
}

TEST(EventStreamFilter, ACutStream) {
  EXPECT_EQ(filtered({std::string_view(kStream).substr(0, 50)}),
            "!the stream ended in the middle of an event");
}

}  // namespace
}  // namespace butter::provider
