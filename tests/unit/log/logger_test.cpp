#include "log/logger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "unit/log/pipe.h"

namespace butter::log {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

class LoggerTest : public testing::Test {
 protected:
  Pipe pipe_;
  Sink sink_{pipe_.writer()};
};

TEST_F(LoggerTest, WritesALineWithTheTimeOfNow) {
  Logger logger(sink_, Level::info);
  logger.info("request done", field("status", 200), field("model", "m"));
  logger.flush();
  EXPECT_THAT(pipe_.read_lines(1),
              MatchesRegex("\\{\"time\":\"20[0-9-]+T[0-9:]+\\.[0-9]+Z\",\"level\":\"INFO\","
                           "\"msg\":\"request done\",\"status\":200,\"model\":\"m\"\\}\n"));
}

TEST_F(LoggerTest, WritesWhatAFunctionAdds) {
  Logger logger(sink_, Level::info);
  int calls = 0;
  const auto fill = [&calls](LineWriter& line) {
    ++calls;
    line.add("status", std::int64_t{200});
    line.add("model", "m");
  };
  logger.write(Level::debug, "not this", fill);
  EXPECT_FALSE(logger.pending());
  EXPECT_EQ(calls, 0);
  logger.write(Level::info, "request done", fill);
  logger.flush();
  EXPECT_THAT(pipe_.read_lines(1), HasSubstr(R"("msg":"request done","status":200,"model":"m"})"));
}

TEST_F(LoggerTest, LessThanTheLevelIsNotWritten) {
  Logger logger(sink_, Level::info);
  EXPECT_FALSE(logger.enabled(Level::debug));
  EXPECT_TRUE(logger.enabled(Level::info));
  logger.debug("not this");
  EXPECT_FALSE(logger.pending());
  logger.set_level(Level::debug);
  logger.debug("but this");
  logger.flush();
  EXPECT_THAT(pipe_.read_lines(1), HasSubstr("but this"));
}

TEST_F(LoggerTest, InformationWaitsForFlush) {
  Logger logger(sink_, Level::info);
  logger.info("a");
  EXPECT_TRUE(logger.pending());
  logger.flush();
  EXPECT_FALSE(logger.pending());
  logger.flush();
  EXPECT_THAT(pipe_.read_lines(1), HasSubstr("\"a\""));
}

TEST_F(LoggerTest, WarningsAndErrorsGoAtOnceWithWhatWaits) {
  Logger logger(sink_, Level::info);
  logger.info("first");
  logger.warn("second");
  EXPECT_FALSE(logger.pending());
  logger.error("third");
  EXPECT_FALSE(logger.pending());
  EXPECT_THAT(pipe_.read_lines(3), MatchesRegex("[^\n]+first[^\n]+\n[^\n]+second[^\n]+\n"
                                                "[^\n]+third[^\n]+\n"));
}

TEST_F(LoggerTest, MuchGoesWithoutFlush) {
  Logger logger(sink_, Level::info);
  const std::string text(Logger::kMostHeld, 'x');
  logger.info("much", field("text", text));
  EXPECT_FALSE(logger.pending());
  EXPECT_THAT(pipe_.read_lines(1), HasSubstr(text));
}

TEST_F(LoggerTest, TheEndFlushes) {
  { Logger(sink_, Level::info).info("last words"); }
  EXPECT_THAT(pipe_.read_lines(1), HasSubstr("last words"));
}

}  // namespace
}  // namespace butter::log
