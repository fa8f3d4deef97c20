#include "gateway/local_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace butter::gateway {
namespace {

using testing::ElementsAre;

/// Notes what it is told, one letter an event, and may do something about it.
class NotingSink final : public upstream::CallSink {
 public:
  void on_head(const http::ResponseHead& head) override {
    note("head " + std::to_string(head.status) + " " +
         std::string(head.fields.value("content-type")) +
         (head.framing.kind == http::Framing::Kind::length
              ? " length " + std::to_string(head.framing.length)
              : " chunked"));
  }
  void on_body(std::span<const std::string_view> pieces) override {
    for (const std::string_view piece : pieces) { note("body " + std::string(piece)); }
  }
  void on_end() override { note("end"); }
  void on_failure(Error error) override { note("failure " + error.detail); }
  void on_flush() override { note("flush"); }

  std::vector<std::string> told;
  std::function<void(const std::string&)> react = [](const std::string&) {};

 private:
  void note(std::string what) {
    told.push_back(what);
    react(what);
  }
};

provider::MockAnswer json(std::uint16_t status = 200) {
  return {.status = status, .content_type = "application/json", .pieces = {"{}"}};
}
provider::MockAnswer stream() {
  return {.status = 200, .content_type = "text/event-stream", .pieces = {"a", "b", "c"}};
}

class LocalCallTest : public testing::Test {
 protected:
  /// Runs the loop until `what` has been told `times` times, then a little further.
  void run_until(const std::string& what, int times = 1) {
    sink_.react = [this, what, times, inner = sink_.react](const std::string& told) mutable {
      inner(told);
      if (told == what && --times == 0) { loop_.arm(stop_, 2ms); }
    };
    loop_.run();
  }

  void stop() { loop_.stop(); }

  net::Loop loop_;
  NotingSink sink_;
  LocalCall call_{loop_};
  net::Timer stop_ = net::Timer::calling<&LocalCallTest::stop>(this);
};

TEST_F(LocalCallTest, TellsNothingFromInsideStart) {
  call_.start(json(), sink_);
  EXPECT_THAT(sink_.told, testing::IsEmpty());
}

TEST_F(LocalCallTest, AWholeAnswerIsOneRead) {
  call_.start(json(404), sink_);
  run_until("flush");
  EXPECT_THAT(sink_.told,
              ElementsAre("head 404 application/json length 2", "body {}", "end", "flush"));
}

TEST_F(LocalCallTest, AStreamIsOneReadAnEvent) {
  call_.start(stream(), sink_);
  run_until("flush", 3);
  EXPECT_THAT(sink_.told, ElementsAre("head 200 text/event-stream chunked", "body a", "flush",
                                      "body b", "flush", "body c", "end", "flush"));
}

TEST_F(LocalCallTest, APausedStreamWaits) {
  sink_.react = [this](const std::string& told) {
    if (told == "body b") {
      call_.pause();
      loop_.arm(stop_, 5ms);
    }
  };
  call_.start(stream(), sink_);
  loop_.run();
  EXPECT_EQ(sink_.told.back(), "flush");
  EXPECT_EQ(sink_.told.size(), 5u);
  call_.resume();
  run_until("end");
  EXPECT_EQ(sink_.told.size(), 8u);
}

TEST_F(LocalCallTest, NothingComesAfterCancel) {
  for (const char* const when : {"head 200 text/event-stream chunked", "body a", "body c"}) {
    sink_.told.clear();
    sink_.react = [this, when](const std::string& told) {
      if (told == when) {
        call_.cancel();
        loop_.arm(stop_, 5ms);
      }
    };
    call_.start(stream(), sink_);
    loop_.run();
    EXPECT_EQ(sink_.told.back(), when);
  }
}

TEST_F(LocalCallTest, StartedAnewFromItsHeadTellsTheNewAnswerFromTheFront) {
  sink_.react = [this](const std::string& told) {
    if (told.starts_with("head 404")) { call_.start(stream(), sink_); }
  };
  call_.start(json(404), sink_);
  run_until("end");
  EXPECT_THAT(sink_.told, ElementsAre("head 404 application/json length 2",
                                      "head 200 text/event-stream chunked", "body a", "flush",
                                      "body b", "flush", "body c", "end", "flush"));
}

TEST_F(LocalCallTest, StartedAnewFromABodyTellsTheNewAnswerFromTheFront) {
  sink_.react = [this](const std::string& told) {
    if (told == "body b") { call_.start(json(), sink_); }
  };
  call_.start(stream(), sink_);
  run_until("end");
  EXPECT_THAT(sink_.told,
              ElementsAre("head 200 text/event-stream chunked", "body a", "flush", "body b",
                          "head 200 application/json length 2", "body {}", "end", "flush"));
}

TEST_F(LocalCallTest, MayBeDestroyedWhileItRuns) {
  {
    LocalCall gone(loop_);
    gone.start(stream(), sink_);
  }
  loop_.arm(stop_, 2ms);
  loop_.run();
  EXPECT_THAT(sink_.told, testing::IsEmpty());
}

}  // namespace
}  // namespace butter::gateway
