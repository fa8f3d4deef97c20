#include "dialect/sse_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::dialect {
namespace {

struct NoSink final : AnswerSink {
  void start(const AnswerStart&) override {}
  void delta(const Delta&) override {}
  void finish(const Finish&) override {}
  void usage(const Usage&) override {}
  void end() override {}
  void error(const AnswerError&) override {}
};

struct Told final : SseReader {
  std::string events;

  Result<void> whole(std::string_view, AnswerSink&) override { return {}; }
  Result<void> close(AnswerSink& sink) override { return feed_rest(sink); }
  AnswerError error(int, std::string_view) const override { return {}; }

 protected:
  Result<void> on_event(std::string_view name, std::string_view data, AnswerSink&) override {
    events.append(name).append("=").append(data).append(";");
    if (data == "bad") { return fail(Errc::upstream_protocol, "bad"); }
    return {};
  }
};

TEST(SseReader, TheSameEventsWhereverTheNetworkCuts) {
  const std::string stream =
      "event: a\ndata: {\"x\":1}\n\n: ping\n\ndata:2\r\n\r\nevent: only\n\ndata: 3";
  NoSink sink;
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Told reader;
    ASSERT_TRUE(reader.feed(std::string_view(stream).substr(0, cut), sink));
    ASSERT_TRUE(reader.feed(std::string_view(stream).substr(cut), sink));
    ASSERT_TRUE(reader.close(sink));
    EXPECT_EQ(reader.events, "a={\"x\":1};=2;=3;") << cut;
  }
}

TEST(SseReader, AnErrorEndsTheReading) {
  NoSink sink;
  Told reader;
  EXPECT_FALSE(reader.feed("data: bad\n\ndata: 2\n\n", sink));
  EXPECT_EQ(reader.events, "=bad;");
}

TEST(SseReader, AnEventWithoutAnEndIsBounded) {
  NoSink sink;
  Told reader;
  const std::string piece(1 << 20, 'x');
  std::size_t taken = 0;
  while (taken < 100 && reader.feed(piece, sink)) { ++taken; }
  EXPECT_EQ(taken, 64U);
}

}  // namespace
}  // namespace butter::dialect
