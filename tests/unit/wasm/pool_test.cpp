#include "wasm/pool.h"

#include <future>
#include <thread>

#include "unit/log/pipe.h"
#include "unit/wasm/support.h"

namespace butter::wasm {
namespace {

using test::told;

class PoolTest : public testing::Test {
 protected:
  static std::shared_ptr<const Module> endless() {
    return test::load(test::exerciser({.time_limit = 60s, .fuel = 1'000'000'000'000'000}));
  }
  static Pool::Done into(std::promise<Pool::Result>& promise) {
    return [&promise](Pool::Result result) { promise.set_value(std::move(result)); };
  }

  log::Pipe pipe_;
  log::Sink sink_{pipe_.writer()};
};

TEST_F(PoolTest, AnswersOnAThreadOfItsOwn) {
  Pool pool(test::usual_module(), 1, sink_, log::Level::info);
  std::promise<std::thread::id> where;
  const auto ticket =
      pool.run(Hook::pre_http, test::input_of("empty"), "", [&](const auto& result) {
        EXPECT_EQ(told(result), "ok");
        where.set_value(std::this_thread::get_id());
      });
  EXPECT_TRUE(ticket);
  EXPECT_NE(where.get_future().get(), std::this_thread::get_id());
}

TEST_F(PoolTest, FailuresAreAnswersToo) {
  Pool pool(test::usual_module(), 2, sink_, log::Level::info);
  std::promise<Pool::Result> answer;
  const auto ticket = pool.run(Hook::pre_llm, test::input_of("error"), "", into(answer));
  EXPECT_EQ(told(answer.get_future().get()), "refused: it says no");
}

TEST_F(PoolTest, LinesNameTheRequest) {
  Pool pool(test::usual_module(), 1, sink_, log::Level::error);
  std::promise<Pool::Result> answer;
  const auto ticket = pool.run(Hook::pre_http, test::input_of("abi"), "r7", into(answer));
  EXPECT_EQ(told(answer.get_future().get()), "ok");
  EXPECT_THAT(pipe_.read_lines(1),
              testing::HasSubstr("\"plugin\":\"exerciser\",\"request_id\":\"r7\"}"));
}

TEST_F(PoolTest, WhoGaveUpHearsNothing) {
  Pool pool(test::usual_module(), 1, sink_, log::Level::info);
  std::promise<Pool::Result> last;
  const auto held = std::make_shared<int>(0);
  {
    auto first = pool.run(Hook::pre_http, test::input_of("empty"), "", [](const auto&) {});
    // Three wait behind it; what they hold is let go at once.
    for (int i = 0; i < 3; ++i) {
      auto ticket =
          pool.run(Hook::pre_http, test::input_of("empty"), "", [held](const auto&) { ++*held; });
      ticket = Pool::Ticket();
    }
  }
  const auto ticket = pool.run(Hook::pre_http, test::input_of("empty"), "", into(last));
  EXPECT_EQ(told(last.get_future().get()), "ok");
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(PoolTest, DestroyingItEndsWhatRunsAndDropsWhatWaits) {
  std::atomic<int> answers = 0;
  std::vector<Pool::Ticket> tickets;
  {
    Pool pool(endless(), 1, sink_, log::Level::info);
    std::promise<Pool::Result> begun;
    tickets.push_back(pool.run(Hook::pre_http, test::input_of("empty"), "", into(begun)));
    EXPECT_EQ(told(begun.get_future().get()), "ok");
    for (int i = 0; i < 3; ++i) {
      tickets.push_back(pool.run(Hook::pre_http, test::input_of("loop"), "",
                                 [&answers](const auto&) { ++answers; }));
    }
    EXPECT_GE(pool.waiting(), 2u);
  }
  EXPECT_LE(answers, 1);
}

}  // namespace
}  // namespace butter::wasm
