// Modules that others built, with other languages and kits, run as their own tests say.

#include "unit/wasm/support.h"

namespace butter::wasm {
namespace {

struct Answer {
  std::int32_t code = 0;
  std::string output;
  std::string error;
};

/// Calls an export that is no hook of ours.
Answer answer_of(const std::string& name, const char* function, std::string_view input = "",
                 std::map<std::string, std::string> config = {}) {
  const auto module = test::load({.name = name,
                                  .path = BUTTER_WASM_THIRD_PARTY "/" + name + ".wasm",
                                  .config = std::move(config),
                                  .time_limit = 5s});
  const auto plugin = module->make_plugin();
  if (!plugin) { return {.code = -2, .output = "", .error = plugin.error().detail}; }
  const extism::Api& api = module->api();
  Caller caller{.plugin = name};
  Answer answer;
  answer.code = api.plugin_call_with_host_context(
      *plugin, function, reinterpret_cast<const std::uint8_t*>(input.data()), input.size(),
      &caller);
  if (const char* const error = api.plugin_error(*plugin)) { answer.error = error; }
  answer.output.assign(reinterpret_cast<const char*>(api.plugin_output_data(*plugin)),
                       api.plugin_output_length(*plugin));
  api.plugin_free(*plugin);
  return answer;
}

struct Row {
  const char* name;
  const char* function;
  std::string_view input;
  const char* config_key;
  const char* config_value;
  std::string_view output;
  friend std::ostream& operator<<(std::ostream& os, const Row& row) { return os << row.name; }
};

constexpr Row kRows[] = {
    {"hello", "run_test", "", "", "", "Hello, world!"},
    {"count_vowels", "count_vowels", "hello world", "", "",
     R"({"count":3,"total":3,"vowels":"aeiouAEIOU"})"},
    {"alloc", "run_test", "", "", "", ""},
    {"config", "run_test", "", "thing", "hello", R"({"config": "hello"})"},
    {"input_offset", "input_offset_length", "hello world", "", "",
     std::string_view("\x0b\0\0\0\0\0\0\0", 8)},
    {"noop", "run_test", "", "", "", ""},
};

class ThirdParty : public testing::TestWithParam<Row> {};

TEST_P(ThirdParty, RunsAsItsAuthorsSay) {
  const Row& row = GetParam();
  const Answer answer =
      answer_of(row.name, row.function, row.input, {{row.config_key, row.config_value}});
  EXPECT_EQ(answer.error, "");
  EXPECT_EQ(answer.code, 0);
  EXPECT_EQ(answer.output, row.output);
}

INSTANTIATE_TEST_SUITE_P(GoSdk, ThirdParty, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ThirdPartyAlone, AnErrorIsTold) {
  const Answer answer = answer_of("fail", "run_test");
  EXPECT_EQ(answer.error, "Some error message");
}

TEST(ThirdPartyAlone, LogsOfOthersPassThroughOurFunctions) {
  const Answer answer = answer_of("log", "run_test");
  EXPECT_EQ(answer.error, "");
  EXPECT_EQ(answer.code, 0);
}

}  // namespace
}  // namespace butter::wasm
