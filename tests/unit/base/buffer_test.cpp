#include "base/buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "base/random.h"

namespace butter {
namespace {

/// Reads the tail, so that the address sanitizer sees when it is not there.
void expect_readable_tail(const Buffer& buffer) {
  const char* const end = buffer.data() + buffer.size();
  unsigned sum = 0;
  for (std::size_t i = 0; i < Buffer::kTail; ++i) { sum += static_cast<unsigned char>(end[i]); }
  EXPECT_LE(sum, 255u * Buffer::kTail);
}

TEST(Buffer, BeginsEmptyWithoutMemory) {
  const Buffer buffer;
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.size(), 0u);
  EXPECT_EQ(buffer.capacity(), 0u);
  EXPECT_EQ(buffer.view(), "");
}

TEST(Buffer, AppendsAndConsumes) {
  Buffer buffer;
  buffer.append("hello ");
  buffer.append("");
  buffer.append("world");
  buffer.push_back('!');
  EXPECT_EQ(buffer.view(), "hello world!");
  buffer.consume(6);
  EXPECT_EQ(buffer.view(), "world!");
  buffer.consume(6);
  EXPECT_TRUE(buffer.empty());
}

TEST(Buffer, AppendsNumbers) {
  Buffer buffer;
  buffer.append_number(0);
  buffer.push_back(' ');
  buffer.append_number(1024);
  buffer.push_back(' ');
  buffer.append_number(std::numeric_limits<unsigned long long>::max());
  EXPECT_EQ(buffer.view(), "0 1024 18446744073709551615");
}

TEST(Buffer, PrepareAndCommitInParts) {
  Buffer buffer;
  std::memcpy(buffer.prepare(100), "abc", 3);
  buffer.commit(2);
  EXPECT_EQ(buffer.view(), "ab");
  std::memcpy(buffer.prepare(1), "d", 1);
  buffer.commit(1);
  EXPECT_EQ(buffer.view(), "abd");
  EXPECT_GE(buffer.capacity(), 100u);
}

TEST(Buffer, TailIsReadableAtAnyFill) {
  Buffer buffer;
  buffer.append("x");
  expect_readable_tail(buffer);
  const std::size_t rest = buffer.capacity() - buffer.size();
  std::memset(buffer.prepare(rest), 'y', rest);
  buffer.commit(rest);
  EXPECT_EQ(buffer.size(), buffer.capacity());
  expect_readable_tail(buffer);
}

TEST(Buffer, ClearKeepsTheMemory) {
  Buffer buffer;
  buffer.append(std::string(10000, 'x'));
  const std::size_t capacity = buffer.capacity();
  buffer.clear();
  EXPECT_TRUE(buffer.empty());
  buffer.append(std::string(10000, 'y'));
  EXPECT_EQ(buffer.capacity(), capacity);
}

TEST(Buffer, ReleaseGivesBackWhatIsTooMuch) {
  Buffer buffer;
  buffer.append(std::string(10000, 'x'));
  buffer.release(buffer.capacity());
  EXPECT_TRUE(buffer.empty());
  EXPECT_GE(buffer.capacity(), 10000u);
  buffer.append("x");
  buffer.release(100);
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.capacity(), 0u);
  buffer.append("works on");
  EXPECT_EQ(buffer.view(), "works on");
}

TEST(Buffer, ConsumedRoomIsUsedAgain) {
  Buffer buffer;
  buffer.append(std::string(400, 'x'));
  const std::size_t capacity = buffer.capacity();
  for (int i = 0; i < 100; ++i) {
    buffer.append(std::string(100, 'a'));
    buffer.consume(100);
  }
  EXPECT_LE(buffer.capacity(), 2 * capacity);
  EXPECT_EQ(buffer.size(), 400u);
}

TEST(Buffer, ReservedRoomIsThere) {
  Buffer buffer;
  buffer.append("abc");
  ASSERT_TRUE(buffer.reserve(5000));
  EXPECT_GE(buffer.capacity(), 5003u);
  EXPECT_EQ(buffer.view(), "abc");
}

TEST(Buffer, MovingLeavesTheSourceEmptyAndUsable) {
  Buffer from;
  from.append("text");
  Buffer to(std::move(from));
  EXPECT_EQ(to.view(), "text");
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_EQ(from.capacity(), 0u);
  from.append("new");
  EXPECT_EQ(from.view(), "new");
  to = std::move(from);
  EXPECT_EQ(to.view(), "new");
  Buffer& self = to;
  to = std::move(self);
  EXPECT_EQ(to.view(), "new");
}

TEST(Buffer, BehavesLikeAStringUnderRandomUse) {
  Random random(5);
  Buffer buffer;
  std::string model;
  for (int step = 0; step < 5000; ++step) {
    const std::size_t n = random.next() % (step % 100 == 0 ? 20000 : 300);
    switch (random.next() % 4) {
      case 0:
      case 1: {
        const std::string bytes(n, static_cast<char>('a' + step % 26));
        buffer.append(bytes);
        model += bytes;
        break;
      }
      case 2: {
        const std::size_t gone = std::min(2 * n, model.size());
        buffer.consume(gone);
        model.erase(0, gone);
        break;
      }
      case 3: {
        std::memset(buffer.prepare(n + 1), 'z', n / 2);
        buffer.commit(n / 2);
        model.append(n / 2, 'z');
        break;
      }
    }
    ASSERT_EQ(buffer.view(), model);
  }
}

TEST(Buffer, EraseTakesBytesOut) {
  Buffer buffer;
  buffer.append("0123456789");
  buffer.consume(1);
  buffer.erase(2, 3);
  EXPECT_EQ(buffer.view(), "126789");
  buffer.erase(0, 6);
  EXPECT_TRUE(buffer.empty());
}

}  // namespace
}  // namespace butter
