// Names to addresses: getaddrinfo on its thread, answers on the loops that asked.

#include "net/resolver.h"

#include <gtest/gtest.h>

#include <functional>
#include <latch>
#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "support/loop_driver.h"

namespace butter::net {
namespace {

const std::string kNoName(300, 'x');  // longer than a name can be: fails without asking a server

class ResolverTest : public testing::Test {
 protected:
  /// Asks and waits for the answer.
  Resolver::Answer ask(const std::string& host) {
    std::optional<Resolver::Answer> got;
    resolver_.resolve(host, loop_, [&got](const Resolver::Answer& answer) { got = answer; });
    EXPECT_TRUE(support::run_until(loop_, [&got] { return got.has_value(); }));
    return got.value();
  }

  Loop loop_;
  Resolver resolver_;
};

TEST_F(ResolverTest, AnAddressIsAnsweredAtOnceWithoutAThread) {
  for (const char* const host : {"127.0.0.1", "::1"}) {
    bool called = false;
    resolver_.resolve(host, loop_, [&](const Resolver::Answer& answer) {
      called = true;
      ASSERT_TRUE(answer.has_value());
      ASSERT_EQ(answer->size(), 1u);
      EXPECT_EQ(answer->front().port(), 0);
      EXPECT_EQ(answer->front().text(), Address::literal(host, 0)->text());
    });
    EXPECT_TRUE(called);
  }
}

TEST_F(ResolverTest, ANameIsAnsweredLaterAndThenFromTheCache) {
  bool called = false;
  resolver_.resolve("localhost", loop_, [&](const Resolver::Answer&) { called = true; });
  EXPECT_FALSE(called) << "never inside the first call";
  ASSERT_TRUE(support::run_until(loop_, [&] { return called; }));
  const Resolver::Answer answer = ask("localhost");
  ASSERT_TRUE(answer.has_value());
  ASSERT_FALSE(answer->empty());
  called = false;
  resolver_.resolve("localhost", loop_, [&](const Resolver::Answer&) { called = true; });
  EXPECT_TRUE(called) << "it is known";
}

TEST_F(ResolverTest, AFailureNamesTheHostAndIsKeptToo) {
  const Resolver::Answer answer = ask(kNoName);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, Errc::upstream_connect);
  EXPECT_TRUE(answer.error().detail.starts_with("lookup " + kNoName + ": "))
      << answer.error().detail;
  bool called = false;
  resolver_.resolve(kNoName, loop_, [&](const Resolver::Answer&) { called = true; });
  EXPECT_TRUE(called);
}

TEST_F(ResolverTest, AllWhoAskForANameUnderWayAreAnswered) {
  int answers = 0;
  for (int i = 0; i < 50; ++i) {
    resolver_.resolve("localhost", loop_, [&](const Resolver::Answer& answer) {
      EXPECT_TRUE(answer.has_value());
      ++answers;
    });
  }
  EXPECT_TRUE(support::run_until(loop_, [&] { return answers == 50; }));
}

TEST_F(ResolverTest, ACallbackMayAskAgain) {
  int depth = 0;
  std::function<void()> again = [&] {
    if (++depth < 5) {
      resolver_.resolve("localhost", loop_, [&](const Resolver::Answer&) { again(); });
    }
  };
  again();
  EXPECT_TRUE(support::run_until(loop_, [&] { return depth == 5; }));
}

TEST(ResolverThreads, ManyLoopsShareOne) {
  Resolver resolver;
  constexpr int kLoops = 4;
  constexpr int kEach = 200;
  std::vector<std::jthread> threads;
  for (int t = 0; t < kLoops; ++t) {
    threads.emplace_back([&resolver] {
      Loop loop;
      int answers = 0;
      const std::thread::id own = std::this_thread::get_id();
      for (int i = 0; i < kEach; ++i) {
        const std::string host = i % 3 == 0 ? kNoName : "localhost";
        resolver.resolve(host, loop,
                         [&answers, own, good = i % 3 != 0](const Resolver::Answer& answer) {
                           EXPECT_EQ(std::this_thread::get_id(), own);
                           EXPECT_EQ(answer.has_value(), good);
                           ++answers;
                         });
      }
      EXPECT_TRUE(support::run_until(loop, [&answers] { return answers == kEach; }));
    });
  }
}

TEST(ResolverThreads, MayGoWhileNamesAreUnderWay) {
  for (int i = 0; i < 20; ++i) {
    Loop loop;  // outlives the resolver, which posts to it
    const auto held = std::make_shared<int>(0);
    {
      Resolver resolver;
      for (const char* const host : {"localhost", kNoName.c_str()}) {
        resolver.resolve(host, loop, [held](const Resolver::Answer&) {});
      }
    }
    support::settle(loop);
    EXPECT_EQ(held.use_count(), 1);
  }
}

std::latch* g_entered = nullptr;
std::binary_semaphore g_go_on{0};
std::binary_semaphore g_left{0};

TEST(ResolverThreads, GoesAtOnceWhileALookUpHangs) {
  const auto held = std::make_shared<int>(0);
  std::latch entered(1);
  g_entered = &entered;
  {
    Loop loop;
    Resolver resolver([](const std::string&) {
      g_entered->count_down();
      g_go_on.acquire();
      g_left.release();
      return Resolver::Answer(std::vector{*Address::literal("127.0.0.1", 0)});
    });
    for (const char* const host : {"one.test", "one.test", "two.test"}) {
      resolver.resolve(host, loop, [held](const Resolver::Answer&) { ADD_FAILURE(); });
    }
    entered.wait();
  }
  EXPECT_EQ(held.use_count(), 1) << "the callbacks went with the resolver";
  g_go_on.release();
  g_left.acquire();  // its answer finds neither the resolver nor the loop
}

}  // namespace
}  // namespace butter::net
