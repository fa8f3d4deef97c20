// A warm worker relays without asking for memory. This program has its own operator new, which
// counts what is asked for on the worker's thread.

#include <execinfo.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <string>

#include "component/gateway_fixture.h"

namespace {

thread_local bool is_worker = false;
std::atomic<bool> counting{false};
std::atomic<int> allocations{0};

constexpr int kMostFrames = 24;
std::array<void*, kMostFrames> first_frames;  ///< of the first allocation counted
int first_frame_count = 0;

void* counted(std::size_t size, std::size_t alignment) {
  if (is_worker && counting.load(std::memory_order_relaxed)) {
    if (allocations.fetch_add(1) == 0) {
      first_frame_count = ::backtrace(first_frames.data(), kMostFrames);
    }
  }
  void* const memory =
      alignment == 0
          ? std::malloc(size)
          : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) { throw std::bad_alloc(); }
  return memory;
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size, 0);
}
void* operator new[](std::size_t size) {
  return counted(size, 0);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return counted(size, 0);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return counted(size, 0);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace butter::gateway::test {
namespace {

constexpr int kWarm = 50;
constexpr int kCounted = 200;

// Names longer than a std::string keeps inside.
constexpr const char* kModel = "the-model-as-the-caller-calls-it";
constexpr const char* kUpstreamModel = "the-model-as-the-upstream-calls-it";

class AllocationTest : public testing::Test {
 protected:
  AllocationTest()
      : gateway_(config(upstream_), [] { is_worker = true; }), client_(gateway_.client()) {
    // The first backtrace of a process loads a library.
    first_frame_count = ::backtrace(first_frames.data(), kMostFrames);
  }

  static config::Config config(const Upstream& upstream) {
    config::Config out = config_of({provider("up", upstream)});
    config::RouteTarget target;
    target.provider = "up";
    target.model = kUpstreamModel;
    out.routing.models = {{.model = kModel, .providers = {target}}};
    return out;
  }

  /// \return the number of allocations of the worker for kCounted requests
  int count(const std::string& request, const std::string& answer, const std::string& end) {
    client_.send(request);
    server_ = upstream_.accept();
    relay_one(answer, end);
    for (int i = 0; i < kWarm; ++i) {
      client_.send(request);
      relay_one(answer, end);
    }
    allocations = 0;
    counting = true;
    for (int i = 0; i < kCounted; ++i) {
      client_.send(request);
      relay_one(answer, end);
    }
    counting = false;
    const int seen = allocations.load();
    if (seen > 0) { ::backtrace_symbols_fd(first_frames.data(), first_frame_count, STDERR_FILENO); }
    return seen;
  }

 private:
  void relay_one(const std::string& answer, const std::string& end) {
    const Message request = server_.read_request();
    ASSERT_TRUE(request.whole);
    ASSERT_NE(request.body.find(kUpstreamModel), std::string::npos);
    server_.send(answer);
    ASSERT_TRUE(client_.read_until(end).ends_with(end));
  }

  Upstream upstream_;
  Gateway gateway_;
  Peer client_;
  Peer server_;
};

std::string chat_request(bool stream) {
  return request("POST /v1/chat/completions",
                 std::string(R"({"model":")") + kModel + (stream ? R"(","stream":true)" : R"(")") +
                     R"(,"messages":[{"role":"user","content":")" + std::string(1000, 'x') +
                     R"("}]})",
                 "Content-Type: application/json\r\nAuthorization: Bearer caller\r\n"
                 "User-Agent: OpenAI/Python 1.0\r\nX-Stainless-Lang: python\r\n");
}

TEST_F(AllocationTest, AWarmRequestMakesNone) {
  const std::string body = R"({"id":"chatcmpl-1","choices":[{"message":{"content":"Hi"}}]})";
  EXPECT_EQ(count(chat_request(false), answer(200, body, "x-request-id: upstream-1\r\n"), body), 0);
}

TEST_F(AllocationTest, AWarmStreamMakesNone) {
  std::string stream = stream_head();
  for (int i = 0; i < 20; ++i) { stream += chunk(chat_event("hello " + std::to_string(i))); }
  stream += chunk("data: [DONE]\n\n") + "0\r\n\r\n";
  EXPECT_EQ(count(chat_request(true), stream, "data: [DONE]\n\n\r\n0\r\n\r\n"), 0);
}

TEST(AllocationCounter, Counts) {
  allocations = 0;
  std::thread([] {
    is_worker = true;
    counting = true;
    ::operator delete(::operator new(1));
    counting = false;
  }).join();
  EXPECT_EQ(allocations.load(), 1);
}

}  // namespace
}  // namespace butter::gateway::test
