#include "dialect/responses_answer_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "dialect/dialects.h"
#include "json/cursor.h"

namespace butter::dialect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Kind = Delta::Kind;
using Tell = std::function<void(AnswerSink&)>;

std::string written(const Tell& tell, bool stream, const Conversation* asked = nullptr,
                    std::string_view id = "7") {
  Buffer out;
  const auto writer = make_responses_writer(
      out, {.stream = stream, .id = id, .model = "asked/model", .now = 1700, .asked = asked});
  tell(*writer);
  EXPECT_TRUE(writer->over());
  return std::string(out.view());
}

struct Event {
  std::string name, data;
};

std::vector<Event> events_of(std::string_view stream) {
  std::vector<Event> events;
  while (!stream.empty()) {
    const std::size_t line = stream.find('\n');
    const std::size_t end = stream.find("\n\n");
    if (line == std::string_view::npos || end == std::string_view::npos || end <= line) {
      ADD_FAILURE() << stream;
      break;
    }
    EXPECT_TRUE(stream.starts_with("event: "));
    EXPECT_EQ(stream.substr(line + 1, 6), "data: ");
    events.push_back({std::string(stream.substr(7, line - 7)),
                      std::string(stream.substr(line + 7, end - line - 7))});
    stream.remove_prefix(end + 2);
  }
  return events;
}

std::string member(std::string_view json, std::string_view name) {
  std::string found;
  json::Cursor cursor(json);
  cursor.object([&](std::string_view key) {
    key == name ? (void)(found = cursor.value()) : cursor.skip_value();
  });
  EXPECT_TRUE(cursor.ok() && cursor.peek() == '\0') << json;
  return found;
}

/// The events' names and what is theirs, without the response objects.
std::vector<std::string> told(const Tell& tell) {
  std::vector<std::string> lines;
  std::size_t sequence = 0;
  for (const Event& event : events_of(written(tell, true))) {
    EXPECT_EQ(member(event.data, "type"), '"' + event.name + '"');
    EXPECT_EQ(member(event.data, "sequence_number"), std::to_string(sequence++));
    std::string line = event.name;
    for (const std::string_view name :
         {"output_index", "content_index", "summary_index", "item_id", "delta", "text", "refusal",
          "arguments", "annotation", "part", "item"}) {
      if (const std::string value = member(event.data, name); !value.empty()) {
        line += ' ' + value;
      }
    }
    lines.push_back(line);
  }
  return lines;
}

void text(AnswerSink& sink) {
  sink.start({.id = {"up"}, .model = {"m-1"}, .created = 99});
  sink.delta({.kind = Kind::text, .text = {"Hel"}});
  sink.delta({.kind = Kind::text, .text = {"lo \\u00e9"}});
  sink.finish({.reason = Finish::Reason::stop});
  sink.usage({.input = 10, .cached = 4, .cache_write = 1, .output = 5, .reasoning = 2});
  sink.end();
}

// Thinking, text, two calls, text again, and no arguments for the second call.
void everything(AnswerSink& sink) {
  sink.start({});
  sink.delta({.kind = Kind::thinking, .text = {"hm"}});
  sink.delta({.kind = Kind::signature, .text = {"SIG"}});
  sink.delta({.kind = Kind::redacted, .text = {"OPAQUE"}});
  sink.delta({.kind = Kind::text, .text = {"a"}});
  sink.delta({.kind = Kind::tool_begin, .tool = 0, .id = {"c1"}, .name = {"f"}});
  sink.delta({.kind = Kind::tool_arguments, .tool = 0, .text = {"{\\\"x\\\":"}});
  sink.delta({.kind = Kind::tool_arguments, .tool = 0, .text = {"1}"}});
  sink.delta({.kind = Kind::tool_begin, .tool = 1, .name = {"g"}, .signature = {"CALL"}});
  sink.delta({.kind = Kind::text, .text = {"b"}});
  sink.delta({.kind = Kind::refusal, .text = {"no"}});
  sink.finish({.reason = Finish::Reason::tool_calls});
  sink.end();
}

TEST(ResponsesAnswerWriter, AText) {
  EXPECT_THAT(
      told(text),
      ElementsAre(
          "response.created", "response.in_progress",
          "response.output_item.added 0 {\"id\":\"msg_7_0\",\"type\":\"message\",\"status\":"
          "\"in_progress\",\"content\":[],\"role\":\"assistant\"}",
          "response.content_part.added 0 0 \"msg_7_0\" {\"type\":\"output_text\",\"annotations\":"
          "[],\"logprobs\":[],\"text\":\"\"}",
          "response.output_text.delta 0 0 \"msg_7_0\" \"Hel\"",
          "response.output_text.delta 0 0 \"msg_7_0\" \"lo \\u00e9\"",
          "response.output_text.done 0 0 \"msg_7_0\" \"Hello \\u00e9\"",
          "response.content_part.done 0 0 \"msg_7_0\" {\"type\":\"output_text\",\"annotations\":[]"
          ",\"logprobs\":[],\"text\":\"Hello \\u00e9\"}",
          "response.output_item.done 0 {\"id\":\"msg_7_0\",\"type\":\"message\",\"status\":"
          "\"completed\",\"content\":[{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],"
          "\"text\":\"Hello \\u00e9\"}],\"role\":\"assistant\"}",
          "response.completed"));
}

TEST(ResponsesAnswerWriter, ThinkingTextAndCallsAlternate) {
  EXPECT_THAT(
      told(everything),
      ElementsAre(
          "response.created", "response.in_progress",
          R"(response.output_item.added 0 {"id":"rs_7_0","type":"reasoning","summary":[]})",
          R"(response.reasoning_summary_part.added 0 0 "rs_7_0" {"type":"summary_text","text":""})",
          R"(response.reasoning_summary_text.delta 0 0 "rs_7_0" "hm")",
          R"(response.reasoning_summary_text.done 0 0 "rs_7_0" "hm")",
          R"(response.reasoning_summary_part.done 0 0 "rs_7_0" {"type":"summary_text","text":"hm"})",
          R"(response.output_item.done 0 {"id":"rs_7_0","type":"reasoning","summary":[)"
          R"({"type":"summary_text","text":"hm"}],"encrypted_content":"butter.thinking.SIG"})",
          R"(response.output_item.added 1 {"id":"rs_7_1","type":"reasoning","summary":[]})",
          R"(response.output_item.done 1 {"id":"rs_7_1","type":"reasoning","summary":[],)"
          R"("encrypted_content":"butter.redacted.OPAQUE"})",
          R"(response.output_item.added 2 {"id":"msg_7_2","type":"message","status":)"
          R"("in_progress","content":[],"role":"assistant"})",
          R"(response.content_part.added 2 0 "msg_7_2" {"type":"output_text","annotations":[],)"
          R"("logprobs":[],"text":""})",
          R"(response.output_text.delta 2 0 "msg_7_2" "a")",
          R"(response.output_text.done 2 0 "msg_7_2" "a")",
          R"(response.content_part.done 2 0 "msg_7_2" {"type":"output_text","annotations":[],)"
          R"("logprobs":[],"text":"a"})",
          R"(response.output_item.done 2 {"id":"msg_7_2","type":"message","status":"completed",)"
          R"("content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"a"}],)"
          R"("role":"assistant"})",
          R"(response.output_item.added 3 {"id":"fc_7_3","type":"function_call","status":)"
          R"("in_progress","arguments":"","call_id":"c1","name":"f"})",
          R"(response.function_call_arguments.delta 3 "fc_7_3" "{\"x\":")",
          R"(response.function_call_arguments.delta 3 "fc_7_3" "1}")",
          R"(response.function_call_arguments.done 3 "fc_7_3" "{\"x\":1}")",
          R"(response.output_item.done 3 {"id":"fc_7_3","type":"function_call","status":)"
          R"("completed","arguments":"{\"x\":1}","call_id":"c1","name":"f"})",
          R"(response.output_item.added 4 {"id":"rs_7_4","type":"reasoning","summary":[]})",
          R"(response.output_item.done 4 {"id":"rs_7_4","type":"reasoning","summary":[],)"
          R"("encrypted_content":"butter.call.CALL"})",
          R"(response.output_item.added 5 {"id":"fc_7_5","type":"function_call","status":)"
          R"("in_progress","arguments":"","call_id":"call_7_5","name":"g"})",
          R"(response.function_call_arguments.delta 5 "fc_7_5" "{}")",
          R"(response.function_call_arguments.done 5 "fc_7_5" "{}")",
          R"(response.output_item.done 5 {"id":"fc_7_5","type":"function_call","status":)"
          R"("completed","arguments":"{}","call_id":"call_7_5","name":"g"})",
          R"(response.output_item.added 6 {"id":"msg_7_6","type":"message","status":)"
          R"("in_progress","content":[],"role":"assistant"})",
          R"(response.content_part.added 6 0 "msg_7_6" {"type":"output_text","annotations":[],)"
          R"("logprobs":[],"text":""})",
          R"(response.output_text.delta 6 0 "msg_7_6" "b")",
          R"(response.output_text.done 6 0 "msg_7_6" "b")",
          R"(response.content_part.done 6 0 "msg_7_6" {"type":"output_text","annotations":[],)"
          R"("logprobs":[],"text":"b"})",
          R"(response.content_part.added 6 1 "msg_7_6" {"type":"refusal","refusal":""})",
          R"(response.refusal.delta 6 1 "msg_7_6" "no")",
          R"(response.refusal.done 6 1 "msg_7_6" "no")",
          R"(response.content_part.done 6 1 "msg_7_6" {"type":"refusal","refusal":"no"})",
          R"(response.output_item.done 6 {"id":"msg_7_6","type":"message","status":"completed",)"
          R"("content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"b"},)"
          R"({"type":"refusal","refusal":"no"}],"role":"assistant"})",
          "response.completed"));
}

/// The response object of the last event.
std::string last_response(const Tell& tell, const Conversation* asked = nullptr) {
  const auto events = events_of(written(tell, true, asked));
  return events.empty() ? "" : member(events.back().data, "response");
}

TEST(ResponsesAnswerWriter, TheStreamEndsWithTheWholeAnswer) {
  const Conversation asked;
  for (const Tell& tell : {Tell(text), Tell(everything)}) {
    EXPECT_EQ(last_response(tell, &asked), written(tell, false, &asked));
  }
}

TEST(ResponsesAnswerWriter, TheWholeAnswer) {
  EXPECT_EQ(
      written(text, false),
      R"({"id":"resp_7","object":"response","created_at":99,"status":"completed","background":false,)"
      R"("error":null,"incomplete_details":null,"instructions":null,"model":"m-1","output":[)"
      R"({"id":"msg_7_0","type":"message","status":"completed","content":[{"type":"output_text",)"
      R"("annotations":[],"logprobs":[],"text":"Hello \u00e9"}],"role":"assistant"}],)"
      R"("previous_response_id":null,"max_output_tokens":null,"metadata":{},)"
      R"("parallel_tool_calls":true,"reasoning":{"effort":null,"summary":null},"temperature":null,)"
      R"("text":{"format":{"type":"text"}},"top_p":null,"user":null,"tool_choice":"auto",)"
      R"("tools":[],"store":false,"truncation":"disabled","usage":{"input_tokens":10,)"
      R"("input_tokens_details":{"cached_tokens":4,"cache_write_tokens":1},"output_tokens":5,)"
      R"("output_tokens_details":{"reasoning_tokens":2},"total_tokens":15}})");
}

TEST(ResponsesAnswerWriter, RepeatsWhatWasAskedOnOneLine) {
  constexpr std::string_view kBody = R"({"model":"m","input":"x","temperature":0.5,
    "tools":[{"type":"function","name":"f","parameters":{
      "type":"object"}}],"tool_choice":"required","reasoning":{"effort":"low"},
    "text":{"verbosity":"low","format":{"type":"json_schema","name":"n","schema":{
      "type":"object"},"strict":true}}})";
  Conversation asked;
  ASSERT_TRUE(kResponsesCaller.read_request(kBody, asked));
  const auto events = events_of(written(text, true, &asked));
  for (const std::size_t at : {std::size_t{0}, std::size_t{1}, events.size() - 1}) {
    const std::string response = member(events[at].data, "response");
    EXPECT_EQ(member(response, "temperature"), "0.5");
    EXPECT_EQ(member(response, "tool_choice"), "\"required\"");
    EXPECT_THAT(member(response, "tools"), HasSubstr(R"("name":"f")"));
    EXPECT_EQ(member(response, "reasoning"), R"({"effort":"low","summary":null})");
    EXPECT_THAT(member(response, "text"), HasSubstr(R"("strict":true},"verbosity":"low"})"));
  }
}

std::string ending(Finish::Reason reason, std::string_view said = "x") {
  const std::string response = last_response([&](AnswerSink& sink) {
    sink.start({});
    sink.delta({.kind = Kind::text, .text = {said}});
    sink.finish({.reason = reason, .text = {reason == Finish::Reason::refusal ? said : ""}});
    sink.end();
  });
  return member(response, "status") + ' ' + member(response, "incomplete_details");
}

TEST(ResponsesAnswerWriter, HowItEnds) {
  using Reason = Finish::Reason;
  for (const Reason reason : {Reason::stop, Reason::stop_sequence, Reason::tool_calls,
                              Reason::pause, Reason::other, Reason::refusal}) {
    EXPECT_EQ(ending(reason), "\"completed\" null");
  }
  EXPECT_EQ(ending(Reason::length), R"("incomplete" {"reason":"max_output_tokens"})");
  EXPECT_EQ(ending(Reason::content_filter), R"("incomplete" {"reason":"content_filter"})");
  EXPECT_EQ(ending(Reason::refusal, ""), R"("incomplete" {"reason":"content_filter"})");
}

TEST(ResponsesAnswerWriter, AnItemThatWasCutSaysSo) {
  const auto lines = told([](AnswerSink& sink) {
    sink.start({});
    sink.delta({.kind = Kind::text, .text = {"x"}});
    sink.finish({.reason = Finish::Reason::length});
    sink.end();
  });
  EXPECT_THAT(lines.at(lines.size() - 2), HasSubstr(R"("status":"incomplete")"));
  EXPECT_EQ(lines.back(), "response.incomplete");
}

TEST(ResponsesAnswerWriter, NothingSaid) {
  const std::string response = last_response([](AnswerSink& sink) {
    sink.start({});
    sink.delta({.kind = Kind::text, .text = {""}});
    sink.finish({});
    sink.end();
  });
  EXPECT_EQ(member(response, "output"), "[]");
  EXPECT_EQ(member(response, "usage"), "null");
  EXPECT_EQ(member(response, "model"), "\"asked/model\"");
  EXPECT_EQ(member(response, "created_at"), "1700");
}

TEST(ResponsesAnswerWriter, AnErrorAfterTheBeginning) {
  const auto events = events_of(written(
      [](AnswerSink& sink) {
        sink.start({});
        sink.delta({.kind = Kind::text, .text = {"x"}});
        sink.error({.kind = AnswerError::Kind::rate_limit, .message = "too \"much\""});
      },
      true));
  ASSERT_GE(events.size(), 2U);
  EXPECT_EQ(events[events.size() - 2].data,
            R"({"type":"error","sequence_number":5,"code":"rate_limit_exceeded",)"
            R"("message":"too \"much\"","param":null})");
  EXPECT_EQ(events.back().name, "response.failed");
  const std::string response = member(events.back().data, "response");
  EXPECT_EQ(member(response, "status"), "\"failed\"");
  EXPECT_EQ(member(response, "error"),
            R"({"code":"rate_limit_exceeded","message":"too \"much\""})");
}

TEST(ResponsesAnswerWriter, AnErrorBeforeAnything) {
  const auto events =
      events_of(written([](AnswerSink& sink) { sink.error({.message = "gone"}); }, true));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].name, "error");
  EXPECT_EQ(written([](AnswerSink& sink) { sink.error({.message = "gone"}); }, false), "");
}

TEST(ResponsesAnswerWriter, OnlyContentIsTheBeginning) {
  Buffer out;
  const auto writer = make_responses_writer(out, {.stream = true, .id = "7"});
  writer->start({});
  EXPECT_FALSE(writer->begun());
  EXPECT_FALSE(out.empty());
  writer->delta({.kind = Kind::text, .text = {"x"}});
  EXPECT_TRUE(writer->begun());
  EXPECT_FALSE(writer->over());
}

TEST(ResponsesAnswerWriter, CitationsAndLogprobs) {
  const auto tell = [](AnswerSink& sink) {
    sink.start({});
    sink.delta({.kind = Kind::text, .text = {"x"}});
    sink.delta({.kind = Kind::logprobs,
                .raw = {"{\"content\":[{\"token\":\"x\",\n\"logprob\":-1}],\"refusal\":null}"}});
    sink.delta({.kind = Kind::citation,
                .raw = {R"({"type":"url_citation","url_citation":{"url":"u","title":"t"}})"}});
    sink.finish({});
    sink.end();
  };
  EXPECT_THAT(told(tell).at(5),
              R"(response.output_text.annotation.added 0 0 "msg_7_0" {"type":"url_citation",)"
              R"("start_index":0,"end_index":0,"url":"u","title":"t"})");
  EXPECT_THAT(written(tell, false),
              HasSubstr(R"("annotations":[{"type":"url_citation","start_index":0,"end_index":0,)"
                        R"("url":"u","title":"t"}],"logprobs":[{"token":"x","logprob":-1}],)"));
}

TEST(ResponsesAnswerWriter, OtherChoicesAreNotToldAndIdsAreEscaped) {
  const std::string answer = written(
      [](AnswerSink& sink) {
        sink.start({});
        sink.delta({.kind = Kind::text, .choice = 1, .text = {"other"}});
        sink.finish({.choice = 1, .reason = Finish::Reason::length});
        sink.finish({});
        sink.end();
      },
      false, nullptr, "a\"b");
  EXPECT_THAT(answer, HasSubstr(R"("id":"resp_a\"b")"));
  EXPECT_THAT(answer, HasSubstr(R"("status":"completed")"));
  EXPECT_THAT(answer, testing::Not(HasSubstr("other")));
}

}  // namespace
}  // namespace butter::dialect
