#include "net/loop.h"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <vector>

#include "support/loop_driver.h"

namespace butter::net {
namespace {

using support::run_until;
using support::settle;

/// Watches an event counter, which is always writable.
class Watcher final : public Handler {
 public:
  explicit Watcher(Loop& loop) : loop_(loop), fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    EXPECT_TRUE(loop_.watch(fd_.get(), *this));
  }
  ~Watcher() override {
    if (destroyed != nullptr) { *destroyed = true; }
    if (fd_) { loop_.unwatch(fd_.get(), *this); }
  }

  void on_io(Ready ready) override {
    ++calls;
    last = ready;
    if (then) { then(); }
  }
  void raise() const { EXPECT_EQ(::eventfd_write(fd_.get(), 1), 0); }
  void rewatch() { loop_.rewatch(fd_.get(), *this); }
  void close() {
    loop_.unwatch(fd_.get(), *this);
    fd_.reset();
  }

  int calls = 0;
  Ready last;
  std::function<void()> then;
  bool* destroyed = nullptr;

 private:
  Loop& loop_;
  Fd fd_;
};

TEST(Loop, RunsPostedTasksInTheirOrder) {
  Loop loop;
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) {
    loop.post([&order, i] { order.push_back(i); });
  }
  loop.stop();
  loop.run();
  ASSERT_EQ(order.size(), 100u);
  for (int i = 0; i < 100; ++i) { EXPECT_EQ(order[static_cast<std::size_t>(i)], i); }
}

TEST(Loop, ATaskMayPostAnother) {
  Loop loop;
  int depth = 0;
  std::function<void()> deeper = [&] {
    if (++depth == 10) {
      loop.stop();
    } else {
      loop.post([&] { deeper(); });
    }
  };
  loop.post([&] { deeper(); });
  loop.run();
  EXPECT_EQ(depth, 10);
}

TEST(Loop, RunsAgainAfterStop) {
  Loop loop;
  int runs = 0;
  for (int i = 0; i < 3; ++i) {
    loop.post([&runs] { ++runs; });
    loop.stop();
    loop.run();
  }
  EXPECT_EQ(runs, 3);
}

TEST(Loop, TasksThatNeverRanAreDestroyedWithIt) {
  const auto held = std::make_shared<int>(1);
  {
    Loop loop;
    loop.post([held] {});
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Loop, TimersRingByTheRealClock) {
  Loop loop;
  struct Owner {
    Loop& loop;
    TimePoint rang_at{};
    Timer timer = Timer::calling<&Owner::ring>(this);
    void ring() {
      rang_at = std::chrono::steady_clock::now();
      loop.stop();
    }
  } owner{loop};
  const TimePoint armed_at = loop.now();
  loop.arm(owner.timer, 15ms);
  loop.run();
  EXPECT_GE(owner.rang_at - armed_at, 15ms);
  EXPECT_GE(loop.now() - armed_at, 15ms);
}

TEST(Loop, EventsAreEdges) {
  Loop loop;
  Watcher watcher(loop);
  settle(loop);
  EXPECT_EQ(watcher.calls, 1);  // writable from the start, told once
  EXPECT_TRUE(watcher.last.writable);
  EXPECT_FALSE(watcher.last.readable);
  EXPECT_FALSE(watcher.last.hangup);
  watcher.raise();
  settle(loop);
  EXPECT_EQ(watcher.calls, 2);
  EXPECT_TRUE(watcher.last.readable);
}

TEST(Loop, RewatchTellsTheSameReadinessAgain) {
  Loop loop;
  Watcher watcher(loop);
  watcher.raise();
  settle(loop);
  const int before = watcher.calls;
  watcher.rewatch();
  EXPECT_EQ(watcher.calls, before) << "not from inside the call";
  settle(loop);
  EXPECT_EQ(watcher.calls, before + 1);
  EXPECT_TRUE(watcher.last.readable);
}

TEST(Loop, ACloseOfThePeerIsAHangup) {
  Loop loop;
  support::Pair pair = support::make_pair();
  struct Ears final : Handler {
    void on_io(Ready ready) override { last = ready; }
    Ready last;
  } ears;
  ASSERT_TRUE(loop.watch(pair.ours.get(), ears));
  settle(loop);
  EXPECT_FALSE(ears.last.hangup);
  pair.theirs.reset();
  settle(loop);
  EXPECT_TRUE(ears.last.hangup);
  EXPECT_TRUE(ears.last.readable);
  loop.unwatch(pair.ours.get(), ears);
}

TEST(Loop, UnwatchDropsEventsOfTheSameBatch) {
  Loop loop;
  Watcher a(loop), b(loop);
  settle(loop);
  const int before = a.calls + b.calls;
  a.then = [&] { b.close(); };
  b.then = [&] { a.close(); };
  a.raise();
  b.raise();
  settle(loop);
  EXPECT_EQ(a.calls + b.calls, before + 1) << "the first one closes the other";
}

TEST(Loop, DisposedHandlersLiveUntilTheBatchIsDone) {
  Loop loop;
  bool destroyed = false;
  auto made = std::make_unique<Watcher>(loop);
  Watcher* const watcher = made.get();
  watcher->destroyed = &destroyed;
  watcher->then = [&] {
    if (made) { loop.dispose(std::move(made)); }
    EXPECT_FALSE(destroyed);
  };
  EXPECT_TRUE(run_until(loop, [&] { return destroyed; }));
}

TEST(Loop, ADestructorMayDisposeOfMore) {
  Loop loop;
  struct Chain final : Handler {
    Chain(Loop& l, int n, int& g) : loop(l), left(n), gone(g) {}
    ~Chain() override {
      ++gone;
      if (left > 0) { loop.dispose(std::make_unique<Chain>(loop, left - 1, gone)); }
    }
    void on_io(Ready) override {}
    Loop& loop;
    int left;
    int& gone;
  };
  int gone = 0;
  loop.dispose(std::make_unique<Chain>(loop, 4, gone));
  settle(loop);
  EXPECT_EQ(gone, 5);
}

TEST(Loop, ManyDescriptorsInOneBatch) {
  Loop loop;
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < 400; ++i) { watchers.push_back(std::make_unique<Watcher>(loop)); }
  settle(loop);
  for (const auto& watcher : watchers) { EXPECT_EQ(watcher->calls, 1); }
}

TEST(Loop, WatchReportsWhatTheKernelRefuses) {
  Loop loop;
  struct Deaf final : Handler {
    void on_io(Ready) override {}
  } deaf;
  EXPECT_FALSE(loop.watch(-1, deaf));
}

TEST(Loop, ScratchHasAReadableTail) {
  Loop loop;
  const std::span<char> scratch = loop.scratch();
  EXPECT_EQ(scratch.size(), Loop::kScratchBytes);
  scratch.data()[scratch.size() + Loop::kScratchTail - 1] = 'x';
  EXPECT_EQ(scratch.data(), loop.scratch().data());
}

}  // namespace
}  // namespace butter::net
