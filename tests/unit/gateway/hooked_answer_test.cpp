#include "gateway/hooked_answer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace butter::gateway {
namespace {

using Kind = HookedAnswer::Kind;

bool add(HookedAnswer& answer, std::string_view bytes) {
  return answer.add({&bytes, 1});
}

/// The data of all events that are there, each passed on.
std::vector<std::string> pass_all(HookedAnswer& answer) {
  std::vector<std::string> all;
  while (const auto& event = answer.event()) {
    all.emplace_back(event->data);
    answer.pass_event();
  }
  return all;
}

TEST(HookedAnswer, IsInactiveUntilItIsStarted) {
  HookedAnswer answer;
  EXPECT_FALSE(answer.active());
  answer.start(Kind::events);
  EXPECT_TRUE(answer.active());
  answer.stop();
  EXPECT_FALSE(answer.active());
}

TEST(HookedAnswer, AWholeAnswerIsCollected) {
  HookedAnswer answer;
  answer.start(Kind::whole);
  ASSERT_TRUE(add(answer, "{\"a\":"));
  ASSERT_TRUE(add(answer, "1}"));
  EXPECT_EQ(answer.body(), "{\"a\":1}");
  answer.pass_body();
  EXPECT_EQ(answer.out().view(), "{\"a\":1}");
}

TEST(HookedAnswer, AWholeAnswerMayBeReplaced) {
  HookedAnswer answer;
  answer.start(Kind::whole);
  ASSERT_TRUE(add(answer, "{}"));
  answer.replace_body("[1]");
  answer.pass_body();
  EXPECT_EQ(answer.out().view(), "[1]");
}

TEST(HookedAnswer, EventsComeOutOneByOneWhereverTheyAreCut) {
  const std::string stream =
      ": hi\n\nevent: x\ndata: {\"a\":1}\n\ndata: {\"b\":\r\ndata: 2}\r\n\r\ndata: [DONE]\n\n";
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    HookedAnswer answer;
    answer.start(Kind::events);
    ASSERT_TRUE(add(answer, std::string_view(stream).substr(0, cut)));
    std::vector<std::string> all = pass_all(answer);
    ASSERT_TRUE(add(answer, std::string_view(stream).substr(cut)));
    for (std::string& data : pass_all(answer)) { all.push_back(std::move(data)); }
    std::erase(all, "");
    EXPECT_EQ(all, (std::vector<std::string>{"{\"a\":1}", "{\"b\":\n2}"})) << cut;
    EXPECT_EQ(answer.out().view(), stream) << cut;
    EXPECT_FALSE(answer.event());
  }
}

TEST(HookedAnswer, AnUnfinishedEventWaits) {
  HookedAnswer answer;
  answer.start(Kind::events);
  ASSERT_TRUE(add(answer, "data: {\"a\":1}\n"));
  EXPECT_FALSE(answer.event());
  EXPECT_FALSE(answer.has_events());
  ASSERT_TRUE(add(answer, "\n"));
  ASSERT_TRUE(answer.event());
  EXPECT_TRUE(answer.has_events());
}

TEST(HookedAnswer, AnEventMayGetOtherData) {
  HookedAnswer answer;
  answer.start(Kind::events);
  ASSERT_TRUE(add(answer, "event: delta\nid: 7\ndata: {\"a\":1}\ndata: {}\n\n"));
  ASSERT_TRUE(answer.event());
  answer.pass_event("{\"b\":2}");
  EXPECT_EQ(answer.out().view(), "event: delta\nid: 7\ndata: {\"b\":2}\n\n");
}

TEST(HookedAnswer, AnEventMayBeDropped) {
  HookedAnswer answer;
  answer.start(Kind::events);
  ASSERT_TRUE(add(answer, "data: 1\n\ndata: 2\n\n"));
  ASSERT_TRUE(answer.event());
  answer.drop_event();
  EXPECT_EQ(pass_all(answer), std::vector<std::string>{"2"});
  EXPECT_EQ(answer.out().view(), "data: 2\n\n");
}

TEST(HookedAnswer, AnEventThatIsLookedAtStaysWhileOthersCome) {
  HookedAnswer answer;
  answer.start(Kind::events);
  ASSERT_TRUE(add(answer, "data: 1\n\nda"));
  const std::string_view data = answer.event()->data;
  const std::string more(100'000, 'x');
  ASSERT_TRUE(add(answer, "ta: " + more + "\n\n"));
  EXPECT_EQ(data, "1");  // not moved
  answer.pass_event();
  EXPECT_EQ(pass_all(answer), std::vector<std::string>{more});
}

/// Holds each event back until the next one comes.
class Late final : public plugin::StreamFilter {
 public:
  void feed(std::string_view event, Buffer& out) override {
    out.append(held_);
    held_ = event;
  }
  void end(Buffer& out) override { out.append(held_); }

 private:
  std::string held_;
};

TEST(HookedAnswer, EventsGoOutThroughAFilter) {
  HookedAnswer answer;
  answer.start(Kind::events, std::make_unique<Late>());
  ASSERT_TRUE(add(answer, "data: 1\n\ndata: 2\n\n"));
  ASSERT_TRUE(answer.event());
  answer.pass_event("3");
  EXPECT_EQ(answer.out().view(), "");
  EXPECT_EQ(pass_all(answer), std::vector<std::string>{"2"});
  EXPECT_EQ(answer.out().view(), "data: 3\n\n");
  answer.end_events();
  EXPECT_EQ(answer.out().view(), "data: 3\n\ndata: 2\n\n");
}

TEST(HookedAnswer, IsUsedAgain) {
  HookedAnswer answer;
  answer.start(Kind::events);
  ASSERT_TRUE(add(answer, "data: 1\n\nda"));
  ASSERT_TRUE(answer.event());
  answer.release();
  answer.start(Kind::events);
  EXPECT_FALSE(answer.has_events());
  ASSERT_TRUE(add(answer, "data: 2\n\n"));
  EXPECT_EQ(pass_all(answer), std::vector<std::string>{"2"});
}

TEST(HookedAnswer, HasABound) {
  HookedAnswer answer;
  answer.start(Kind::whole);
  const std::string much(HookedAnswer::kMost / 2, 'x');
  EXPECT_TRUE(add(answer, much));
  EXPECT_TRUE(add(answer, much));
  EXPECT_FALSE(add(answer, "y"));
}

}  // namespace
}  // namespace butter::gateway
