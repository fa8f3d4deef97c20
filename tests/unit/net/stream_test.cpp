#include "net/stream.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "net/address.h"
#include "support/loop_driver.h"

namespace butter::net {
namespace {

class StreamTest : public testing::Test {
 protected:
  explicit StreamTest(support::Pair pair = support::make_pair(4096))
      : ours_(std::move(pair.ours)), theirs_(std::move(pair.theirs)) {}

  [[nodiscard]] IoResult write(const std::vector<std::string_view>& pieces) {
    std::vector<iovec> parts;
    for (const std::string_view piece : pieces) { parts.push_back(to_iovec(piece)); }
    return ours_.write(parts);
  }
  /// What the other end has received.
  [[nodiscard]] std::string read_all() {
    std::string all;
    std::array<char, 1000> room;
    while (true) {
      const IoResult result = theirs_.read(room);
      if (result.status != IoStatus::ok) { return all; }
      all.append(room.data(), result.bytes);
    }
  }

  Stream ours_;
  Stream theirs_;
};

TEST_F(StreamTest, WritesOnePiece) {
  EXPECT_EQ(write({"hello"}).bytes, 5u);
  EXPECT_EQ(read_all(), "hello");
}

TEST_F(StreamTest, GathersPiecesInOrder) {
  EXPECT_EQ(write({"a", "", "bc", "def"}).bytes, 6u);
  EXPECT_EQ(read_all(), "abcdef");
}

TEST_F(StreamTest, AnEmptySocketSaysAgain) {
  std::array<char, 10> room;
  const IoResult result = theirs_.read(room);
  EXPECT_EQ(result.status, IoStatus::again);
  EXPECT_TRUE(result.drained);
}

TEST_F(StreamTest, AShortReadIsDrainedAFullOneIsNot) {
  ASSERT_EQ(write({"0123456789"}).bytes, 10u);
  std::array<char, 6> room;
  IoResult result = theirs_.read(room);
  EXPECT_EQ(result.bytes, 6u);
  EXPECT_FALSE(result.drained);
  result = theirs_.read(room);
  EXPECT_EQ(result.bytes, 4u);
  EXPECT_TRUE(result.drained);
}

TEST_F(StreamTest, AFullSocketTakesAPartThenSaysAgain) {
  const std::string large(1 << 20, 'x');
  std::string received;
  std::string_view rest = large;
  int refusals = 0;
  while (!rest.empty()) {
    const IoResult result =
        write({rest.substr(0, 3000), rest.size() > 3000 ? rest.substr(3000) : ""});
    if (result.status == IoStatus::again) {
      ++refusals;
      EXPECT_EQ(result.bytes, 0u);
      received += read_all();
      continue;
    }
    ASSERT_EQ(result.status, IoStatus::ok);
    ASSERT_GT(result.bytes, 0u);
    rest.remove_prefix(result.bytes);
  }
  received += read_all();
  EXPECT_GT(refusals, 0);
  EXPECT_TRUE(received == large);
}

TEST_F(StreamTest, ShutDownWritingIsSeenBehindTheBytes) {
  ASSERT_EQ(write({"last words"}).bytes, 10u);
  ours_.shut_down_writing();
  EXPECT_EQ(read_all(), "last words");
  std::array<char, 10> room;
  EXPECT_EQ(theirs_.read(room).status, IoStatus::eof);
  // The other direction lives.
  const iovec piece = to_iovec("answer");
  EXPECT_EQ(theirs_.write({&piece, 1}).bytes, 6u);
  EXPECT_EQ(ours_.read(room).bytes, 6u);
}

TEST_F(StreamTest, WritingToAClosedPeerIsAnErrorNotASignal) {
  theirs_.close();
  EXPECT_EQ(write({"x"}).status, IoStatus::error);
  EXPECT_EQ(write({"x", "y"}).status, IoStatus::error);
}

TEST_F(StreamTest, ClosingTwiceIsNothing) {
  EXPECT_TRUE(ours_);
  ours_.close();
  ours_.close();
  EXPECT_FALSE(ours_);
  EXPECT_EQ(ours_.fd(), -1);
}

TEST(Stream, ResetOnCloseIsSeenAsAnError) {
  const Fd listening = listen_on("127.0.0.1:0").value();
  Stream client(connect_to(local_address(listening.get())));
  Stream server{Fd(::accept4(listening.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC))};
  ASSERT_TRUE(server);
  server.reset_on_close();
  server.close();
  std::array<char, 10> room;
  EXPECT_EQ(client.read(room).status, IoStatus::error);
}

}  // namespace
}  // namespace butter::net
