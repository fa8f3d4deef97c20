#include "log/sink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "unit/log/pipe.h"

namespace butter::log {
namespace {

TEST(Sink, WritesInOrder) {
  Pipe pipe;
  std::string expected;
  {
    Sink sink(pipe.writer());
    for (int i = 0; i < 1000; ++i) {
      const std::string line = std::to_string(i) + "\n";
      sink.write(line);
      expected += line;
    }
  }
  EXPECT_EQ(pipe.read_rest(), expected);
}

TEST(Sink, FlushWaitsUntilAllIsWritten) {
  Pipe pipe;
  Sink sink(pipe.writer());
  sink.flush();
  sink.write("a\nb\n");
  sink.flush();
  EXPECT_EQ(pipe.read_rest(), "a\nb\n");
}

TEST(Sink, LinesOfSeveralThreadsStayWhole) {
  constexpr int kThreads = 4;
  constexpr int kLines = 200;
  Pipe pipe;
  {
    Sink sink(pipe.writer());
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&sink, t] {
        for (int i = 0; i < kLines; ++i) { sink.write(std::string(10, "abcd"[t]) + "\n"); }
      });
    }
    for (std::thread& thread : threads) { thread.join(); }
  }
  std::istringstream lines(pipe.read_rest());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_EQ(line, std::string(10, line[0]));
  }
  EXPECT_EQ(count, kThreads * kLines);
}

TEST(Sink, ReaderWhoWentAwayIsIgnored) {
  Pipe pipe;
  pipe.close_reader();
  Sink sink(pipe.writer());
  sink.write("into the void\n");
  sink.flush();
  sink.write("again\n");
  sink.flush();
}

TEST(Sink, DropsAndCountsWhatAStalledReaderLeaves) {
  constexpr std::size_t kLines = 40;
  Pipe pipe;
  std::optional<Sink> sink(pipe.writer());
  const std::string line = std::string((1u << 20) - 1, 'x') + "\n";
  for (std::size_t i = 0; i < kLines; ++i) { sink->write(line); }
  std::string out;
  std::thread reader([&] {
    while (!out.ends_with("end\n")) { out += pipe.read_lines(1); }
  });
  sink->flush();
  sink->write("end\n");  // there is room for it now
  sink->flush();
  reader.join();
  sink.reset();
  out += pipe.read_rest();

  std::size_t written = 0;
  std::size_t dropped = 0;
  std::istringstream lines(out);
  for (std::string one; std::getline(lines, one);) {
    const std::string key = "\"msg\":\"log lines dropped\",\"lines\":";
    const std::size_t at = one.find(key);
    if (at == std::string::npos) {
      ++written;
    } else {
      dropped += std::stoul(one.substr(at + key.size()));
    }
  }
  EXPECT_GT(dropped, 0u);
  EXPECT_EQ(written + dropped, kLines + 1);
}

TEST(Sink, StalledReaderHoldsUpTheEndForASecondAtMost) {
  Pipe pipe;
  const auto begin = std::chrono::steady_clock::now();
  {
    Sink sink(pipe.writer());
    sink.write(std::string(1u << 20, 'x') + "\n");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

}  // namespace
}  // namespace butter::log
