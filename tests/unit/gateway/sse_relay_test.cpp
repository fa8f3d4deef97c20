#include "gateway/sse_relay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "base/random.h"
#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

using State = SseRelay::State;
using Operation = provider::Operation;

std::string chat(const std::string& delta, const std::string& finish = "null") {
  return R"(data: {"choices":[{"index":0,"delta":)" + delta + R"(,"finish_reason":)" + finish +
         "}]}\n\n";
}
const std::string kRole = chat(R"({"role":"assistant","content":""})");
const std::string kHello = chat(R"({"content":"Hello"})");
const std::string kStop = chat("{}", R"("stop")");
const std::string kDone = "data: [DONE]\n\n";
const std::string kError = "data: {\"error\":{\"message\":\"overloaded\"}}\n\n";
const std::string kMalformed = "data: {\"choices\":[{\"index\"\n\n";
const std::string kComment = ": keep-alive\n\n";

std::string with_line_ends(std::string text, std::string_view line_end) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += line_end.size()) {
    text.replace(at, 1, line_end);
  }
  return text;
}

/// What a client got of a stream, and how it went.
struct Outcome {
  State state = State::holding;
  std::string bytes;
  bool whole = false;  ///< what end() said; false when it failed before
  bool ended = false;
};

/// Relays pieces as an Exchange does: those of one read together, and out after each read.
class Relaying {
 public:
  explicit Relaying(Operation operation, bool hide_usage = false) {
    relay_.start(operation, hide_usage);
  }

  State read(std::vector<std::string> pieces) {
    // Of their own memory, so that a view kept for too long is seen.
    const std::vector<std::string> read = std::move(pieces);
    std::vector<std::string_view> views(read.begin(), read.end());
    const State state = relay_.feed(views);
    failed_ = failed_ || state == State::failed;
    if (failed_) { error_ = relay_.error_data(); }
    take();
    return state;
  }

  Outcome end() {
    Outcome out{.state = State::failed};
    if (!failed_) {
      out.whole = relay_.end();
      take();
      out.state = relay_.feed({});
    }
    out.bytes = bytes_;
    out.ended = relay_.contract().ended();
    return out;
  }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] SseRelay& relay() { return relay_; }

 private:
  void take() {
    std::size_t size = 0;
    for (const std::string_view piece : relay_.take()) {
      bytes_ += piece;
      size += piece.size();
    }
    EXPECT_EQ(size, relay_.out_bytes());
    EXPECT_LE(relay_.take().size(), SseRelay::kMostOut);
    relay_.taken();
  }

  SseRelay relay_;
  std::string bytes_;
  std::string error_;
  bool failed_ = false;
};

struct Case {
  const char* name;
  Operation operation;
  std::string stream;
  State state;
  std::string relayed;  ///< what the client gets, end() included
  bool whole = false;
  bool ended = false;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

const std::string kChat = kRole + kHello + kStop + kDone;
const std::string kMessages =
    "event: message_start\ndata: {\"type\":\"message_start\"}\n\n"
    "event: ping\ndata: {\"type\":\"ping\"}\n\n"
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{}}\n\n"
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
const std::string kResponses =
    "event: response.created\ndata: {\"type\":\"response.created\"}\n\n"
    "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\"}\n\n"
    "event: response.completed\ndata: {\"type\":\"response.completed\"}\n\n";

const Case kCases[] = {
    {"chat", Operation::chat, kChat, State::flowing, kChat, true, true},
    {"chat_crlf", Operation::chat, with_line_ends(kChat, "\r\n"), State::flowing,
     with_line_ends(kChat, "\r\n"), true, true},
    {"chat_cr", Operation::chat, with_line_ends(kChat, "\r"), State::flowing,
     with_line_ends(kChat, "\r"), true, true},
    {"messages", Operation::messages, kMessages, State::flowing, kMessages, true, true},
    {"responses", Operation::responses, kResponses, State::flowing, kResponses, true, true},
    {"comments", Operation::chat, kComment + kComment + kChat, State::flowing,
     kComment + kComment + kChat, true, true},
    {"other", Operation::other, "data: a\n\ndata: b\n\n", State::flowing, "data: a\n\ndata: b\n\n",
     true},

    {"nothing_after_the_end", Operation::chat, kChat + kHello + kDone, State::flowing, kChat, true,
     true},
    {"no_done_after_a_finish_reason", Operation::chat, kRole + kHello + kStop, State::flowing,
     kRole + kHello + kStop, true},
    {"no_done_and_no_finish_reason", Operation::chat, kRole + kHello, State::flowing,
     kRole + kHello},
    {"done_without_a_blank_line", Operation::chat, kHello + kStop + "data: [DONE]", State::flowing,
     kHello + kStop + "data: [DONE]", true, true},
    {"done_with_half_a_blank_line", Operation::chat, kHello + "data: [DONE]\n", State::flowing,
     kHello + "data: [DONE]\n", true, true},
    {"cut_in_an_event", Operation::chat, kHello + kStop.substr(0, kStop.size() - 9), State::flowing,
     kHello},
    {"error_after_content", Operation::chat, kHello + kError, State::broken, kHello + kError},
    {"error_without_a_blank_line", Operation::chat, kHello + kError.substr(0, kError.size() - 1),
     State::broken, kHello + kError.substr(0, kError.size() - 1)},
    {"nothing_follows_an_error", Operation::chat, kHello + kError + kHello + kDone, State::broken,
     kHello + kError},
    {"no_json_after_content", Operation::chat, kHello + kMalformed + kHello + kDone, State::broken,
     kHello},
    {"content_without_a_blank_line_makes_room_for_an_error", Operation::chat,
     kHello + kHello.substr(0, kHello.size() - 1), State::flowing, kHello},

    {"error_first", Operation::chat, kError + kChat, State::failed, ""},
    {"error_after_the_role", Operation::chat, kComment + kRole + kError, State::failed, ""},
    {"no_json_first", Operation::chat, "data: oops\n\n", State::failed, ""},
    {"no_content_at_all", Operation::chat, kComment + kRole, State::holding, ""},
    {"empty", Operation::chat, "", State::holding, ""},
};

void expect_outcome(const Case& c, const Outcome& outcome, const std::string& how) {
  // The answer is over with its last CR: a LF that comes in a later read is not waited for.
  const bool without_lf =
      c.ended && c.relayed.ends_with("\r\n") && outcome.bytes.ends_with("\r\n\r");
  EXPECT_EQ(outcome.state, c.state) << how;
  EXPECT_EQ(outcome.bytes, c.relayed.substr(0, c.relayed.size() - (without_lf ? 1 : 0))) << how;
  EXPECT_EQ(outcome.whole, c.whole) << how;
  EXPECT_EQ(outcome.ended, c.ended) << how;
}

class StreamTest : public testing::TestWithParam<Case> {};

TEST_P(StreamTest, InOneRead) {
  const Case& c = GetParam();
  Relaying relaying(c.operation);
  relaying.read({c.stream});
  expect_outcome(c, relaying.end(), "whole");
}

TEST_P(StreamTest, CutAnywhereIntoTwoReadsOrTwoPieces) {
  const Case& c = GetParam();
  for (std::size_t cut = 0; cut <= c.stream.size(); ++cut) {
    const std::string head = c.stream.substr(0, cut);
    const std::string tail = c.stream.substr(cut);
    Relaying two_reads(c.operation);
    if (two_reads.read({head}) != State::failed) { two_reads.read({tail}); }
    expect_outcome(c, two_reads.end(), "two reads, cut at " + std::to_string(cut));
    Relaying two_pieces(c.operation);
    two_pieces.read({head, tail});
    expect_outcome(c, two_pieces.end(), "two pieces, cut at " + std::to_string(cut));
  }
}

TEST_P(StreamTest, ByteByByte) {
  const Case& c = GetParam();
  Relaying relaying(c.operation);
  for (const char byte : c.stream) {
    if (relaying.read({std::string(1, byte)}) == State::failed) { break; }
  }
  expect_outcome(c, relaying.end(), "byte by byte");
}

TEST_P(StreamTest, InRandomReadsOfRandomPieces) {
  const Case& c = GetParam();
  Random random(7);
  for (int round = 0; round < 50; ++round) {
    Relaying relaying(c.operation);
    State state = State::holding;
    for (std::size_t at = 0; at < c.stream.size() && state != State::failed;) {
      std::vector<std::string> pieces;
      for (std::uint64_t left = 1 + random.next() % 5; left > 0 && at < c.stream.size(); --left) {
        pieces.push_back(c.stream.substr(at, 1 + random.next() % 40));
        at += pieces.back().size();
      }
      state = relaying.read(std::move(pieces));
    }
    expect_outcome(c, relaying.end(), "round " + std::to_string(round));
  }
}

INSTANTIATE_TEST_SUITE_P(All, StreamTest, testing::ValuesIn(kCases), test::name_of);

TEST(SseRelay, HoldsUntilContent) {
  Relaying relaying(Operation::chat);
  EXPECT_EQ(relaying.read({kComment}), State::holding);
  EXPECT_EQ(relaying.read({kRole}), State::holding);
  EXPECT_EQ(relaying.bytes(), "");
  EXPECT_EQ(relaying.read({kHello.substr(0, 20)}), State::holding);
  EXPECT_EQ(relaying.read({kHello.substr(20)}), State::flowing);
  EXPECT_EQ(relaying.bytes(), kComment + kRole + kHello);
}

TEST(SseRelay, AnUnfinishedEventWaitsForItsEnd) {
  Relaying relaying(Operation::chat);
  relaying.read({kHello + kHello.substr(0, 30)});
  EXPECT_EQ(relaying.bytes(), kHello);
  EXPECT_TRUE(relaying.relay().between_events());
  relaying.read({kHello.substr(30)});
  EXPECT_EQ(relaying.bytes(), kHello + kHello);
}

TEST(SseRelay, AFlowingStreamIsNotCopied) {
  SseRelay relay;
  relay.start(Operation::chat);
  const std::string read = kHello + kHello;
  const std::string_view piece = read;
  ASSERT_EQ(relay.feed({&piece, 1}), State::flowing);
  relay.taken();
  ASSERT_EQ(relay.feed({&piece, 1}), State::flowing);
  ASSERT_EQ(relay.take().size(), 1u);
  EXPECT_EQ(relay.take()[0].data(), read.data());
  EXPECT_EQ(relay.out_bytes(), read.size());
  relay.taken();
  EXPECT_TRUE(relay.held().empty());
}

TEST(SseRelay, UsageThatTheClientDidNotAskForIsHidden) {
  const std::string usage =
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\n";
  const std::string stream = kRole + kHello + kStop + usage + kDone;
  for (std::size_t cut = 1; cut < stream.size(); ++cut) {
    for (const bool hide : {true, false}) {
      Relaying relaying(Operation::chat, hide);
      relaying.read({stream.substr(0, cut)});
      relaying.read({stream.substr(cut)});
      ASSERT_EQ(relaying.bytes(), hide ? kRole + kHello + kStop + kDone : stream) << cut;
      ASSERT_TRUE(relaying.relay().contract().usage()) << cut;
      EXPECT_EQ(relaying.relay().contract().usage()->output, 2u);
    }
  }
}

TEST(SseRelay, MoreUsageThanThereIsRoomForPasses) {
  const std::string usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3}}\n\n";
  std::string many;
  for (int i = 0; i < 100; ++i) { many += usage; }
  Relaying relaying(Operation::chat, true);
  relaying.read({kHello + kStop});
  relaying.read({many});
  EXPECT_EQ(relaying.bytes().size(), kHello.size() + kStop.size() + (100 - 8) * usage.size());
}

TEST(SseRelay, TellsTheErrorThatCameFirst) {
  Relaying relaying(Operation::chat);
  relaying.read({kRole, kError + kHello});
  EXPECT_EQ(relaying.error(), R"({"error":{"message":"overloaded"}})");
  EXPECT_EQ(relaying.bytes(), "");
}

TEST(SseRelay, AnErrorOfSeveralLinesIsNotToldInPart) {
  Relaying relaying(Operation::chat);
  EXPECT_EQ(relaying.read({"data: {\"error\":\ndata: {\"message\":\"overloaded\"}}\n\n"}),
            State::failed);
  EXPECT_EQ(relaying.error(), "");
}

TEST(SseRelay, KnowsThatAnErrorWasTold) {
  Relaying relaying(Operation::chat);
  relaying.read({kHello});
  EXPECT_FALSE(relaying.relay().error_told());
  relaying.read({kError});
  EXPECT_TRUE(relaying.relay().error_told());
}

TEST(SseRelay, NothingGoesOutAfterTheEnd) {
  Relaying relaying(Operation::chat);
  relaying.read({kChat});
  relaying.read({kHello});
  relaying.read({kDone, kHello});
  EXPECT_EQ(relaying.end().bytes, kChat);
}

/// Events that are longer than may be held, and what comes behind them.
std::string long_event(std::size_t size) {
  return chat(R"({"content":")" + std::string(size, 'x') + R"("})");
}

constexpr std::size_t kRead = 16 * 1024;

TEST(SseRelay, ALongEventPassesAsItComes) {
  const std::string stream = kHello + long_event(SseRelay::kMostHeld * 2) + kStop + kDone + kHello;
  Relaying relaying(Operation::chat);
  bool was_inside = false;
  for (std::size_t at = 0; at < stream.size(); at += kRead) {
    relaying.read({stream.substr(at, kRead)});
    was_inside = was_inside || !relaying.relay().between_events();
    EXPECT_LE(relaying.relay().held().size(), SseRelay::kMostHeld);
  }
  EXPECT_TRUE(was_inside);
  EXPECT_TRUE(relaying.relay().between_events());
  const Outcome outcome = relaying.end();
  EXPECT_EQ(outcome.bytes.size(), stream.size() - kHello.size());
  EXPECT_TRUE(stream.starts_with(outcome.bytes));
  EXPECT_TRUE(outcome.whole);
  EXPECT_TRUE(outcome.ended);
}

TEST(SseRelay, ALongFirstEventCountsAsContent) {
  const std::string stream = long_event(SseRelay::kMostHeld + 1) + kDone;
  Relaying relaying(Operation::chat);
  State state = State::holding;
  for (std::size_t at = 0; at < stream.size(); at += kRead) {
    state = relaying.read({stream.substr(at, kRead)});
  }
  EXPECT_EQ(state, State::flowing);
  EXPECT_EQ(relaying.end().bytes, stream);
}

TEST(SseRelay, ManyEventsWithoutContentAreNotHeldForever) {
  Relaying relaying(Operation::chat);
  std::string sent;
  while (sent.size() <= SseRelay::kMostHeld) {
    EXPECT_EQ(relaying.bytes(), "");
    sent += kComment;
    relaying.read({kComment});
  }
  EXPECT_EQ(relaying.bytes(), sent);
  EXPECT_TRUE(relaying.relay().between_events());
  relaying.read({kChat});
  EXPECT_EQ(relaying.end().bytes, sent + kChat);
}

TEST(SseRelay, TheEndBehindALongEventIsSeenWhereverReadsFall) {
  // The end of the long event, and what follows, in one read of several pieces or in many.
  const std::string event = long_event(SseRelay::kMostHeld);
  const std::string tail = event.substr(SseRelay::kMostHeld + 8) + kStop + kDone + kHello;
  const std::string expected = event + kStop + kDone;
  for (std::size_t cut = 0; cut <= tail.size(); ++cut) {
    for (const bool together : {true, false}) {
      Relaying relaying(Operation::chat);
      std::vector<std::string> pieces{event.substr(0, SseRelay::kMostHeld + 8), tail.substr(0, cut),
                                      tail.substr(cut)};
      if (together) {
        relaying.read(pieces);
      } else {
        for (const std::string& piece : pieces) { relaying.read({piece}); }
      }
      const Outcome outcome = relaying.end();
      ASSERT_EQ(outcome.bytes.size(), expected.size()) << cut << together;
      ASSERT_EQ(outcome.bytes, expected) << cut << together;
      ASSERT_TRUE(outcome.ended) << cut << together;
    }
  }
}

TEST(SseRelay, PiecesOfOneReadFitTheRoom) {
  constexpr std::size_t kMostPieces = SseRelay::kMostOut - 2;
  for (const std::string& event : {kHello, kComment, kHello.substr(0, kHello.size() - 1) + "x"}) {
    Relaying relaying(Operation::chat);
    relaying.read({kHello + kHello.substr(0, 10)});
    relaying.read({kHello.substr(10)});
    for (int i = 0; i < 3; ++i) { relaying.read(std::vector<std::string>(kMostPieces, event)); }
  }
}

TEST(SseRelay, StartsAnew) {
  Relaying relaying(Operation::chat);
  relaying.read({kError});
  relaying.relay().start(Operation::messages);
  EXPECT_FALSE(relaying.relay().flowing());
  EXPECT_EQ(relaying.read({kMessages}), State::flowing);
  EXPECT_EQ(relaying.bytes(), kMessages);
  EXPECT_TRUE(relaying.relay().contract().ended());
}

}  // namespace
}  // namespace butter::gateway
