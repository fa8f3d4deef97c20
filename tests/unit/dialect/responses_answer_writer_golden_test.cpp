#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "dialect/dialects.h"

// The answers that the official SDKs read in tests/e2e/test_dialect_responses_sdk.py: each whole
// and as its events. BUTTER_GOLDEN=write writes them anew.

namespace butter::dialect {
namespace {

using Kind = Delta::Kind;
using Reason = Finish::Reason;

constexpr std::string_view kFolder = BUTTER_SOURCE_DIR "/tests/golden/responses/";
constexpr Usage kUsage{.input = 30, .cached = 8, .cache_write = 2, .output = 12, .reasoning = 4};

void text(AnswerSink& sink, std::initializer_list<std::string_view> pieces) {
  for (const std::string_view piece : pieces) { sink.delta({.kind = Kind::text, .text = {piece}}); }
}

void call(AnswerSink& sink, unsigned tool, std::string_view id, std::string_view name,
          std::initializer_list<std::string_view> arguments) {
  sink.delta({.kind = Kind::tool_begin, .tool = tool, .id = {id}, .name = {name}});
  for (const std::string_view piece : arguments) {
    sink.delta({.kind = Kind::tool_arguments, .tool = tool, .text = {piece}});
  }
}

void think(AnswerSink& sink, std::initializer_list<std::string_view> pieces,
           std::string_view signature) {
  for (const std::string_view piece : pieces) {
    sink.delta({.kind = Kind::thinking, .text = {piece}});
  }
  sink.delta({.kind = Kind::signature, .text = {signature}});
}

void weather(AnswerSink& sink, unsigned tool, std::string_view id, std::string_view city) {
  call(sink, tool, id, "weather", {"{\\\"city\\\":", " \\\"", city, "\\\"}"});
}

void end(AnswerSink& sink, Reason reason = Reason::stop) {
  sink.finish({.reason = reason});
  sink.usage(kUsage);
  sink.end();
}

struct Answer {
  std::string_view name;
  std::function<void(AnswerSink&)> tell;
};

void PrintTo(const Answer& answer, std::ostream* out) {
  *out << answer.name;
}

const Answer kAnswers[] = {
    {"text",
     [](AnswerSink& sink) {
       text(sink, {"Gr\\u00fc\\u00dfe", " aus K\u00f6ln", ": \\\"1\\n2\\\" ", "\\ud83d\\ude00"});
       end(sink);
     }},
    {"empty", [](AnswerSink& sink) { end(sink); }},
    {"json",
     [](AnswerSink& sink) {
       text(sink, {"{\\\"city\\\": \\\"K\u00f6ln\\\",", " \\\"degrees\\\": 21}"});
       end(sink);
     }},
    {"call",
     [](AnswerSink& sink) {
       weather(sink, 0, "call_1", "Oslo");
       end(sink, Reason::tool_calls);
     }},
    {"parallel_calls",
     [](AnswerSink& sink) {
       text(sink, {"Both, ", "then."});
       weather(sink, 0, "call_1", "Oslo");
       weather(sink, 1, "call_2", "K\u00f6ln");
       call(sink, 2, "", "clock", {});
       end(sink, Reason::tool_calls);
     }},
    {"thinking_call",
     [](AnswerSink& sink) {
       think(sink, {"The city", " is Oslo."}, "ErUBCkYIBxgC+/==");
       sink.delta({.kind = Kind::redacted, .text = {"EmwKAhgBEgy="}});
       text(sink, {"Let me look."});
       weather(sink, 0, "toolu_1", "Oslo");
       end(sink, Reason::tool_calls);
     }},
    {"thinking_between",
     [](AnswerSink& sink) {
       think(sink, {"First."}, "SIG1");
       text(sink, {"One."});
       think(sink, {"Second."}, "SIG2");
       text(sink, {"Two."});
       end(sink);
     }},
    {"signed_call",
     [](AnswerSink& sink) {
       sink.delta({.kind = Kind::tool_begin,
                   .id = {"call_1"},
                   .name = {"weather"},
                   .signature = {"CALLSIG="}});
       sink.delta({.kind = Kind::tool_arguments, .text = {"{\\\"city\\\": \\\"Oslo\\\"}"}});
       end(sink, Reason::tool_calls);
     }},
    {"refusal",
     [](AnswerSink& sink) {
       sink.delta({.kind = Kind::refusal, .text = {"I cannot"}});
       sink.delta({.kind = Kind::refusal, .text = {" do that."}});
       end(sink);
     }},
    {"citations",
     [](AnswerSink& sink) {
       text(sink, {"It rains", " in Oslo."});
       sink.delta({.kind = Kind::citation,
                   .raw = {R"({"type":"url_citation","url_citation":{"start_index":0,)"
                           R"("end_index":17,"url":"https://a.example/","title":"Rain"}})"}});
       end(sink);
     }},
    {"logprobs",
     [](AnswerSink& sink) {
       text(sink, {"Hi"});
       sink.delta({.kind = Kind::logprobs,
                   .raw = {R"({"content":[{"token":"Hi","logprob":-0.25,"bytes":[72,105],)"
                           R"("top_logprobs":[]}],"refusal":null})"}});
       end(sink);
     }},
    {"max_tokens",
     [](AnswerSink& sink) {
       text(sink, {"Once upon a"});
       end(sink, Reason::length);
     }},
    {"content_filter",
     [](AnswerSink& sink) {
       text(sink, {"Take the"});
       end(sink, Reason::content_filter);
     }},
    {"failed",
     [](AnswerSink& sink) {
       text(sink, {"Once upon a"});
       sink.error({.kind = AnswerError::Kind::overloaded, .message = "Overloaded"});
     }},
};

constexpr std::string_view kRequest = R"({"model":"sim/model","stream":true,"temperature":0.5,
  "instructions":"Be brief.","input":"Hello","max_output_tokens":100,"metadata":{"run":"7"},
  "reasoning":{"effort":"low","summary":"auto"},"tools":[{"type":"function","name":"weather",
    "description":"Of a city.","parameters":{
      "type":"object","properties":{"city":{"type":"string"}}},"strict":true}]})";

std::string written(const Answer& answer, bool stream) {
  Conversation asked;
  EXPECT_TRUE(kResponsesCaller.read_request(kRequest, asked));
  Buffer out;
  const auto writer = kResponsesCaller.make_writer(out, {.stream = stream,
                                                         .id = "golden",
                                                         .model = "sim/model",
                                                         .now = 1'700'000'000,
                                                         .asked = &asked});
  writer->start({});
  answer.tell(*writer);
  return std::string(out.view());
}

void compare(const std::string& path, const std::string& made) {
  const char* const mode = std::getenv("BUTTER_GOLDEN");
  if (mode != nullptr && std::string_view(mode) == "write") {
    std::ofstream(path, std::ios::binary) << made;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), made) << path;
}

class ResponsesAnswers : public testing::TestWithParam<Answer> {};

TEST_P(ResponsesAnswers, AreAsTheFilesSay) {
  const std::string path = std::string(kFolder) + std::string(GetParam().name);
  compare(path + ".sse", written(GetParam(), true));
  if (GetParam().name != "failed") { compare(path + ".json", written(GetParam(), false)); }
}

INSTANTIATE_TEST_SUITE_P(All, ResponsesAnswers, testing::ValuesIn(kAnswers),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace butter::dialect
