#include "wasm/host_functions.h"

#include "unit/log/pipe.h"
#include "unit/wasm/support.h"

namespace butter::wasm {
namespace {

using testing::HasSubstr;
using testing::Not;

class HostFunctions : public testing::Test {
 protected:
  std::string lines_of(std::string_view mode, unsigned lines) {
    const auto output = test::run(instance_, mode, Hook::pre_http,
                                  {.logger = &logger_, .plugin = {}, .request_id = id_});
    EXPECT_EQ(test::told(output), "ok");
    level_ =
        output && output->metadata.contains("log_level") ? output->metadata.at("log_level") : "";
    logger_.info("last");
    logger_.flush();
    return pipe_.read_lines(static_cast<int>(lines) + 1);
  }

  log::Pipe pipe_;
  log::Sink sink_{pipe_.writer()};
  log::Logger logger_{sink_, log::Level::info};
  Instance instance_{test::usual_module()};
  std::string id_;
  std::string level_;
};

TEST_F(HostFunctions, LinesGoToOurLogWithThePluginsName) {
  id_ = "r1";
  const std::string lines = lines_of("abi", 4);
  EXPECT_THAT(lines, HasSubstr("\"level\":\"INFO\",\"msg\":\"informed \u00fc \\\"<\\\"\","
                               "\"plugin\":\"exerciser\",\"request_id\":\"r1\"}\n"));
  EXPECT_THAT(lines, HasSubstr("\"level\":\"WARN\",\"msg\":\"warned\""));
  EXPECT_THAT(lines, HasSubstr("\"level\":\"ERROR\",\"msg\":\"complained\""));
  EXPECT_THAT(lines, Not(HasSubstr("traced")));
  EXPECT_THAT(lines, Not(HasSubstr("debugged")));
  EXPECT_EQ(level_, "2");
}

TEST_F(HostFunctions, TheLevelIsOurs) {
  logger_.set_level(log::Level::debug);
  const std::string lines = lines_of("abi", 6);
  EXPECT_THAT(lines, HasSubstr("\"level\":\"DEBUG\",\"msg\":\"traced\",\"plugin\":\"exerciser\"}"));
  EXPECT_THAT(lines, HasSubstr("debugged"));
  EXPECT_EQ(level_, "0");
}

TEST_F(HostFunctions, ACallMayLogSoMuch) {
  const std::string lines = lines_of("flood", kMostLines);
  unsigned found = 0;
  for (std::size_t at = lines.find("flood"); at != std::string::npos;
       at = lines.find("flood", at + 1)) {
    ++found;
  }
  EXPECT_EQ(found, kMostLines);
}

TEST(HostFunctionsAlone, WithoutALoggerNothingIsWritten) {
  Instance instance(test::usual_module());
  const auto output = test::run(instance, "abi");
  ASSERT_EQ(test::told(output), "ok");
  EXPECT_EQ(output->metadata.at("log_level"), "2147483647");
}

}  // namespace
}  // namespace butter::wasm
