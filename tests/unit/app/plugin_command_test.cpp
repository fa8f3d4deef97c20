#include "app/plugin_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace butter::app {
namespace {

using testing::HasSubstr;
using testing::Not;

[[maybe_unused]] std::string file_of(const std::string& name, const std::string& text) {
  std::string path = testing::TempDir() + "/plugin_command_" + name;
  std::ofstream(path) << text;
  return path;
}

struct Shown {
  int code;
  std::string out;
};
Shown run(const PluginArguments& arguments) {
  Shown shown{};
  shown.code = run_plugin_test(arguments, shown.out);
  return shown;
}

TEST(PluginCommand, AMissingRequestIsTold) {
  const Shown shown = run({.request = "/nowhere/r.json"});
  EXPECT_EQ(shown.code, 1);
  EXPECT_EQ(shown.out, "cannot read /nowhere/r.json\n");
}

TEST(PluginCommand, AMissingLibraryIsTold) {
  const Shown shown = run({.library = "/nowhere/libextism.so"});
  EXPECT_EQ(shown.code, 1);
  EXPECT_THAT(shown.out, HasSubstr("/nowhere/libextism.so"));
}

#ifdef BUTTER_EXERCISER

PluginArguments exerciser(const std::string& mode) {
  PluginArguments arguments;
  arguments.settings = {.name = "exerciser", .path = BUTTER_EXERCISER, .time_limit = 10s};
  arguments.library = BUTTER_EXTISM;
  arguments.request = file_of("request.json", R"({"model":"m","mode":")" + mode + "\"}");
  return arguments;
}

TEST(PluginCommand, HooksSeeWhatTheOnesBeforeChanged) {
  PluginArguments arguments = exerciser("record");
  arguments.headers = {{"x-a", "b"}, {"authorization", "Bearer k"}};
  arguments.hooks = {wasm::Hook::pre_http, wasm::Hook::pre_llm};
  const Shown shown = run(arguments);
  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.out, HasSubstr("metadata seen = {\"hook\":\"pre_http\",\"body\":{"
                                   "\"model\":\"m\",\"mode\":\"record\"},\"headers\":{"
                                   "\"X-A\":\"b\"}}"));
  EXPECT_THAT(shown.out, HasSubstr("{\"hook\":\"pre_llm\",\"model\":\"m\","));
  EXPECT_THAT(shown.out, HasSubstr("\"metadata\":{\"seen\":{\"hook\":\"pre_http\""));
  EXPECT_THAT(shown.out, Not(HasSubstr("post_llm")));
}

TEST(PluginCommand, ABodyGoesOn) {
  PluginArguments arguments = exerciser("bodypre");
  arguments.response = file_of("answer.json", R"({"id":1})");
  const Shown shown = run(arguments);
  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.out, HasSubstr("body {\"model\":\"CHANGED_PRE_HTTP\""));
  EXPECT_THAT(shown.out, HasSubstr("on_trace: no change, "));
}

TEST(PluginCommand, AnAnswerEndsTheRequest) {
  const Shown shown = run(exerciser("sc"));
  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.out, HasSubstr("answers with 400 \"plain string\""));
  EXPECT_THAT(shown.out, Not(HasSubstr("pre_llm")));
}

TEST(PluginCommand, WarmCallsAreMeasuredApart) {
  PluginArguments arguments = exerciser("empty");
  arguments.hooks = {wasm::Hook::pre_http};
  arguments.times = 3;
  EXPECT_THAT(run(arguments).out, testing::ContainsRegex("pre_http: no change, .* [um]s, warm "));
}

TEST(PluginCommand, AFailureIsTold) {
  PluginArguments arguments = exerciser("error");
  arguments.hooks = {wasm::Hook::pre_llm};
  const Shown shown = run(arguments);
  EXPECT_EQ(shown.code, 1);
  EXPECT_THAT(shown.out, HasSubstr(": refused, it says no\n"));
}

TEST(PluginCommand, ARequestThatIsNoJsonIsTold) {
  PluginArguments arguments = exerciser("empty");
  arguments.request = file_of("bad.json", "{");
  const Shown shown = run(arguments);
  EXPECT_EQ(shown.code, 1);
  EXPECT_THAT(shown.out, HasSubstr("pre_http: not called: the body is not JSON\n"));
}

#endif

}  // namespace
}  // namespace butter::app
