#include "dialect/event_stream.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/event_stream.h"

namespace butter::dialect {
namespace {

struct Heard {
  std::string text;   ///< "type/message type: payload" a line
  std::string error;  ///< "" when all could be read
  bool inside = false;
};

Heard hear(const std::vector<std::string_view>& parts) {
  EventStreamDecoder decoder;
  Heard heard;
  for (std::string_view part : parts) {
    while (true) {
      const auto message = decoder.next(part);
      if (!message) {
        heard.error = message.error().detail;
        return heard;
      }
      if (!*message) { break; }
      heard.text.append((*message)->type).append("/").append((*message)->message_type);
      heard.text.append(": ").append((*message)->error).append((*message)->payload).append("\n");
    }
  }
  heard.inside = decoder.inside_message();
  return heard;
}

const std::string kStream =
    test::event_stream_event("messageStart", R"({"role":"assistant"})") +
    test::event_stream_event("messageStop", R"({"stopReason":"end_turn"})") +
    test::event_stream_exception("throttlingException", R"({"message":"slow down"})") +
    test::event_stream_message(
        {{":message-type", "error"}, {":error-code", "E"}, {":error-message", "why"}}, "");
constexpr char kHeard[] =
    "messageStart/event: {\"role\":\"assistant\"}\n"
    "messageStop/event: {\"stopReason\":\"end_turn\"}\n"
    "throttlingException/exception: {\"message\":\"slow down\"}\n"
    "E/error: why\n";

TEST(EventStream, WhereverItIsCut) {
  EXPECT_EQ(hear({kStream}).text, kHeard);
  std::vector<std::string_view> bytes;
  for (std::size_t cut = 0; cut < kStream.size(); ++cut) {
    const std::string_view text = kStream;
    const Heard heard = hear({text.substr(0, cut), text.substr(cut)});
    EXPECT_EQ(heard.text, kHeard) << cut;
    EXPECT_FALSE(heard.inside) << cut;
    bytes.push_back(text.substr(cut, 1));
  }
  EXPECT_EQ(hear(bytes).text, kHeard);
}

TEST(EventStream, AnyChangedByteIsSeen) {
  const std::string one = test::event_stream_event("messageStop", R"({"stopReason":"end_turn"})");
  for (std::size_t at = 0; at < one.size(); ++at) {
    std::string changed = one;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    EXPECT_EQ(hear({changed}).error,
              at < 12 ? "malformed event stream: the checksum of a prelude is wrong"
                      : "malformed event stream: the checksum of a message is wrong")
        << at;
  }
}

TEST(EventStream, TheEndIsMissing) {
  for (std::size_t size = 1; size < 60; ++size) {
    const Heard heard = hear({std::string_view(kStream).substr(0, size)});
    EXPECT_EQ(heard.text, "");
    EXPECT_TRUE(heard.inside);
  }
}

// Lengths with right checksums that cannot be.
TEST(EventStream, LengthsOutOfRange) {
  for (const auto& [total, headers] : {std::pair<std::uint32_t, std::uint32_t>{15, 0},
                                       {0, 0},
                                       {16, 1},
                                       {100, 85},
                                       {0xffffffff, 0},
                                       {24 * 1024 * 1024 + 1, 0}}) {
    std::string prelude = test::big_endian(total) + test::big_endian(headers);
    prelude += test::big_endian(crypto::crc32(prelude));
    EXPECT_EQ(hear({prelude}).error, "malformed event stream: a length is out of range")
        << total << " " << headers;
  }
}

TEST(EventStream, HeadersOfEveryType) {
  using namespace std::string_view_literals;
  const std::string headers(
      "\1a\0\1b\1\1c\2x\1d\3xx\1e\4xxxx\1f\5xxxxxxxx\1g\6\0\2xx\1h\x08xxxxxxxx\1i\x09xxxxxxxxxxxxxx"
      "xx"
      "\x0b:event-type\7\0\2ok"sv);
  EXPECT_EQ(hear({test::event_stream_frame(headers, "{}")}).text, "ok/: {}\n");
  for (std::size_t size = 1; size < headers.size(); ++size) {
    const Heard heard = hear({test::event_stream_frame(headers.substr(0, size), "{}")});
    // A cut between two headers leaves whole ones.
    EXPECT_TRUE(heard.text == "/: {}\n" ||
                heard.error == "malformed event stream: a header is cut off")
        << size;
  }
  EXPECT_EQ(hear({test::event_stream_frame("\1a\x0a", "")}).error,
            "malformed event stream: a header is cut off");
}

}  // namespace
}  // namespace butter::dialect
