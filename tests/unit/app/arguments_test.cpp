#include "app/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <vector>

namespace butter::app {
namespace {

using Command = Arguments::Command;

struct Case {
  const char* name;
  std::vector<const char*> words;
  Command command;
  std::string config_path = "";
  std::string complaint = "";
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

const Case kCases[] = {
    {"nothing", {}, Command::serve},
    {"one_dash", {"-config", "a.yaml"}, Command::serve, "a.yaml"},
    {"two_dashes", {"--config", "a.yaml"}, Command::serve, "a.yaml"},
    {"one_dash_equals", {"-config=a.yaml"}, Command::serve, "a.yaml"},
    {"two_dashes_equals", {"--config=a.yaml"}, Command::serve, "a.yaml"},
    {"value_with_equals", {"-config=a=b.yaml"}, Command::serve, "a=b.yaml"},
    {"empty_value", {"-config="}, Command::serve, ""},
    {"value_like_a_flag", {"-config", "-x"}, Command::serve, "-x"},
    {"the_last_wins", {"-config", "a", "--config=b"}, Command::serve, "b"},

    {"run", {"run"}, Command::serve},
    {"run_with_config", {"run", "-config", "a.yaml"}, Command::serve, "a.yaml"},
    {"check", {"check"}, Command::check},
    {"check_with_config", {"check", "--config=a.yaml"}, Command::check, "a.yaml"},
    {"version", {"version"}, Command::version},
    {"version_ignores_the_rest", {"version", "-nonsense"}, Command::version},
    {"plugin_has_flags_of_its_own", {"plugin", "test", "a.wasm", "--request"}, Command::plugin},
    {"help", {"help"}, Command::help},
    {"help_flag", {"--help"}, Command::help},
    {"help_flag_short", {"-h"}, Command::help},
    {"help_of_a_command", {"check", "-help"}, Command::help},
    {"help_after_config", {"-config", "a.yaml", "-h"}, Command::help, "a.yaml"},

    {"positional_words_end_the_flags", {"serve", "-nonsense"}, Command::serve},
    {"positional_words_after_flags", {"-config", "a", "b", "-c"}, Command::serve, "a"},
    {"two_dashes_end_the_flags", {"--", "-nonsense"}, Command::serve},
    {"one_dash_ends_the_flags", {"-", "-nonsense"}, Command::serve},
    {"command_not_at_the_front", {"-config", "a", "version"}, Command::serve, "a"},

    {"unknown_flag",
     {"-port", "1"},
     Command::usage_error,
     "",
     "flag provided but not defined: -port"},
    {"unknown_flag_two_dashes",
     {"--port=1"},
     Command::usage_error,
     "",
     "flag provided but not defined: -port"},
    {"flag_names_are_exact",
     {"-Config", "a"},
     Command::usage_error,
     "",
     "flag provided but not defined: -Config"},
    {"config_without_value",
     {"check", "-config"},
     Command::usage_error,
     "",
     "flag needs an argument: -config"},
};

class ArgumentsTest : public testing::TestWithParam<Case> {};

TEST_P(ArgumentsTest, AreRead) {
  const Case& c = GetParam();
  const Arguments arguments = parse_arguments(c.words);
  EXPECT_EQ(arguments.command, c.command);
  EXPECT_EQ(arguments.config_path, c.config_path);
  EXPECT_EQ(arguments.complaint, c.complaint);
}

INSTANTIATE_TEST_SUITE_P(All, ArgumentsTest, testing::ValuesIn(kCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Usage, NamesTheProgramAndEveryCommand) {
  const std::string text = usage("./butter");
  EXPECT_TRUE(text.starts_with("Usage of ./butter:\n"));
  EXPECT_TRUE(text.ends_with("\n"));
  for (const char* const word :
       {"butter [-config FILE]", "butter check", "butter version", "butter help", "-config string",
        "config.yaml", "SIGTERM", "Exit codes: 0 ", "1 = ", "2 = "}) {
    EXPECT_THAT(text, testing::HasSubstr(word));
  }
}

}  // namespace
}  // namespace butter::app
