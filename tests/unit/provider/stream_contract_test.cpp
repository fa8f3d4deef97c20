#include "provider/stream_contract.h"

#include <gtest/gtest.h>

#include <ostream>
#include <vector>

#include "unit/provider/names.h"

namespace butter::provider {
namespace {

char letter(EventKind kind) {
  switch (kind) {
    case EventKind::neutral: return '.';
    case EventKind::content: return 'c';
    case EventKind::usage: return 'u';
    case EventKind::error: return 'E';
    case EventKind::malformed: return 'M';
    case EventKind::end: return '$';
  }
  return '?';
}

struct Case {
  const char* name;
  Operation operation;
  std::vector<std::string> events;  ///< without the blank line; a bare {...} or [DONE] is its data
  std::string kinds;  ///< a letter for each: . neutral, c content, E error, M malformed, $ end
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

std::string block(const std::string& event) {
  const bool bare = event.starts_with('{') || event.starts_with('[');
  return (bare ? "data: " + event : event) + "\n\n";
}

/// A chat chunk with one choice.
std::string chat(const std::string& delta, const std::string& finish = "null") {
  return R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[)"
         R"({"index":0,"delta":)" +
         delta + R"(,"logprobs":null,"finish_reason":)" + finish + R"(}],"usage":null})";
}

const std::string kRole = chat(R"({"role":"assistant","content":"","refusal":null})");
const std::string kHello = chat(R"({"content":"Hello"})");
const std::string kStop = chat("{}", R"("stop")");
const std::string kDone = "[DONE]";

const Case kCases[] = {
    {"chat_whole", Operation::chat, {kRole, kHello, kStop, kDone}, ".cc$"},
    {"chat_empty_deltas_begin_nothing",
     Operation::chat,
     {chat("{}"), chat(R"({"content":null})"), chat(R"({"role":"assistant","tool_calls":[]})"),
      chat("null"), kHello},
     "....c"},
    {"chat_tool_call",
     Operation::chat,
     {kRole, chat(R"({"tool_calls":[{"index":0,"id":"c","function":{"name":"f"}}]})")},
     ".c"},
    {"chat_refusal", Operation::chat, {chat(R"({"refusal":"No"})")}, "c"},
    {"chat_audio", Operation::chat, {chat(R"({"audio":{"id":"a"}})")}, "c"},
    {"chat_reasoning", Operation::chat, {chat(R"({"reasoning_content":"hm"})")}, "c"},
    {"chat_finish_at_once", Operation::chat, {kStop, kDone}, "c$"},
    {"chat_usage_only", Operation::chat, {R"({"choices":[],"usage":{"total_tokens":1}})"}, "u"},
    {"chat_prompt_filter_results",
     Operation::chat,
     {R"({"choices":[],"prompt_filter_results":[{"prompt_index":0}]})", kHello},
     ".c"},
    {"chat_comments", Operation::chat, {": OPENROUTER PROCESSING", kHello, ": ping"}, ".c."},
    {"chat_without_data", Operation::chat, {"retry: 3000", "event: x", "data:", "data: "}, "...."},
    {"chat_error_first", Operation::chat, {R"({"error":{"message":"no","code":429}})"}, "E"},
    {"chat_error_after_the_role",
     Operation::chat,
     {kRole, R"({ "error" : {"message":"no"}})"},
     ".E"},
    {"chat_error_as_text", Operation::chat, {R"({"error":"overloaded"})"}, "E"},
    {"chat_error_null", Operation::chat, {R"({"error":null,"choices":[]})", kHello}, ".c"},
    {"chat_error_by_name", Operation::chat, {"event: error\ndata: {\"message\":\"no\"}"}, "E"},
    {"chat_error_beside_choices",
     Operation::chat,
     {R"({"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}],"error":{"code":502}})"},
     "E"},
    {"chat_error_in_the_middle", Operation::chat, {kHello, R"({"error":{"message":"no"}})"}, "cE"},
    {"chat_error_beside_choices_in_the_middle",
     Operation::chat,
     {kHello, R"({"id":"x","error":{"code":502},"choices":[{"index":0,"delta":{"content":""}}]})"},
     "cE"},
    {"chat_error_null_in_the_middle",
     Operation::chat,
     {kHello, R"({"error": null,"choices":[]})"},
     "cc"},
    {"chat_text_that_looks_like_an_error",
     Operation::chat,
     {chat(R"({"content":"{\"error\":{\"message\":\"x\"}}"})"), chat(R"({"content":"\"error\":"})"),
      chat(R"({"content":"error"})"), chat(R"({"error":"of the delta"})"),
      chat(R"({"content":"data: [DONE]"})")},
     "ccccc"},
    {"chat_not_json_at_first", Operation::chat, {"data: <html>"}, "M"},
    {"chat_cut_json_at_first", Operation::chat, {"data: {\"choices\":[{\"del"}, "M"},
    {"chat_not_json_later", Operation::chat, {kHello, "data: <html>"}, "cM"},
    {"chat_cut_json_later", Operation::chat, {kHello, "data: {\"choices\":[{\"del"}, "cM"},
    {"chat_blanks_around_json",
     Operation::chat,
     {kHello, "data:  " + kHello + " \t", "data: " + kHello + "\r"},
     "ccc"},
    {"chat_done_at_once", Operation::chat, {kDone}, "$"},
    {"chat_done_without_blank", Operation::chat, {kHello, "data:[DONE]"}, "c$"},
    {"chat_crlf",
     Operation::chat,
     {"data: " + kRole + "\r", "data: " + kHello + "\r", "data: [DONE]\r"},
     ".c$"},
    {"chat_several_data_lines",
     Operation::chat,
     {"data: {\"choices\":[{\"delta\":\ndata: {\"content\":\"x\"}}\ndata: ]}",
      "data: {\"error\":\ndata: {\"message\":\"m\"}}"},
     "cE"},
    {"completions",
     Operation::completions,
     {R"({"choices":[{"index":0,"text":"","finish_reason":null}]})",
      R"({"choices":[{"index":0,"text":"Hi","finish_reason":null}]})",
      R"({"choices":[{"index":0,"text":"","finish_reason":"length"}]})", kDone},
     ".cc$"},
    {"responses_whole",
     Operation::responses,
     {"event: response.created\ndata: "
      "{\"type\":\"response.created\",\"response\":{\"error\":null}}",
      "event: response.in_progress\ndata: {}", "event: response.output_item.added\ndata: {}",
      "event: response.output_text.delta\ndata: {\"delta\":\"Hi\"}",
      "event: response.completed\ndata: {\"response\":{\"error\":null}}"},
     "..cc$"},
    {"responses_without_event_lines",
     Operation::responses,
     {R"({"type":"response.created"})", R"({"delta":"x","type":"response.output_text.delta"})",
      R"({"type":"response.incomplete"})"},
     ".c$"},
    {"responses_failed",
     Operation::responses,
     {"event: response.failed\ndata: {\"response\":{\"error\":{\"code\":\"x\"}}}"},
     "$"},
    {"responses_error",
     Operation::responses,
     {"event: error\ndata: {\"type\":\"error\",\"message\":\"m\"}"},
     "E"},
    {"responses_error_later",
     Operation::responses,
     {"event: response.output_text.delta\ndata: {}", "event: error\ndata: {}",
      R"({"type":"error"})", R"({"error":{"message":"m"}})"},
     "cEEE"},
    {"responses_chat_shaped_error", Operation::responses, {R"({"error":{"message":"m"}})"}, "E"},
    {"responses_not_json", Operation::responses, {"data: <html>", "event: x\ndata: <"}, "MM"},
    {"responses_cut_json_in_a_named_event",
     Operation::responses,
     {"event: response.output_text.delta\ndata: {\"delta\":\"H",
      "event: response.output_text.delta\ndata: {}", "event: x\ndata: {\"delta\":\"H"},
     "McM"},
    {"responses_done_means_nothing",
     Operation::responses,
     {"event: response.output_text.delta\ndata: {}", kDone},
     "cc"},
    {"responses_image",
     Operation::responses,
     {"event: response.image_generation_call.partial_image\ndata: {}"},
     "c"},
    {"messages_whole",
     Operation::messages,
     {"event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"content\":[]}}",
      "event: content_block_start\ndata: {\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
      "event: ping\ndata: {\"type\": \"ping\"}",
      "event: content_block_delta\ndata: {\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}",
      "event: ping\ndata: {\"type\": \"ping\"}", "event: content_block_stop\ndata: {}",
      "event: message_delta\ndata: {}", "event: message_stop\ndata: {\"type\":\"message_stop\"}"},
     "...c.cc$"},
    {"messages_tool_use",
     Operation::messages,
     {"event: content_block_start\ndata: {\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\"}}"},
     "c"},
    {"messages_empty_block",
     Operation::messages,
     {"event: content_block_start\ndata: {\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
      "event: content_block_stop\ndata: {}", "event: message_delta\ndata: {}"},
     "..c"},
    {"messages_error",
     Operation::messages,
     {"event: message_start\ndata: {}",
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}"},
     ".E"},
    {"messages_without_event_lines",
     Operation::messages,
     {R"({"type":"message_start"})", R"({"type":"content_block_delta"})",
      R"({"type":"message_stop"})"},
     ".c$"},
    {"messages_not_json", Operation::messages, {"event: message_start\ndata: <html>"}, "M"},
    {"messages_cut_json_later",
     Operation::messages,
     {"event: content_block_delta\ndata: {}", "event: content_block_delta\ndata: {\"d"},
     "cM"},
    {"other_begins_with_the_first_event", Operation::other, {": hi", "data: x", kDone}, ".cc"},
};

class Contract : public testing::TestWithParam<Case> {};

TEST_P(Contract, KindsOfEvents) {
  StreamContract contract(GetParam().operation);
  std::string kinds;
  for (const std::string& event : GetParam().events) {
    kinds += letter(contract.on_event(block(event)));
  }
  EXPECT_EQ(kinds, GetParam().kinds);
  EXPECT_EQ(contract.ended(), kinds.ends_with('$'));
}

INSTANTIATE_TEST_SUITE_P(Table, Contract, testing::ValuesIn(kCases), test::name_of);

struct CompleteCase {
  const char* name;
  std::vector<std::string> events;
  bool complete;
  friend std::ostream& operator<<(std::ostream& os, const CompleteCase& c) { return os << c.name; }
};

std::string choice(int index, const std::string& text, const std::string& finish = "null") {
  return R"({"choices":[{"index":)" + std::to_string(index) + R"(,"delta":{"content":")" + text +
         R"("},"finish_reason":)" + finish + "}]}";
}

const CompleteCase kComplete[] = {
    {"nothing", {}, false},
    {"cut", {kRole, kHello}, false},
    {"finished", {kRole, kHello, kStop}, true},
    {"finished_with_the_first_content", {kRole, chat(R"({"content":"x"})", R"("stop")")}, true},
    {"usage_after_it", {kHello, kStop, R"({"choices":[],"usage":{"total_tokens":1}})"}, true},
    {"blanks", {kHello, R"({"choices":[{"index":0,"finish_reason" : "stop"}]})"}, true},
    {"text_that_looks_like_it",
     {kHello, chat(R"({"content":"\"finish_reason\":\"stop\""})")},
     false},
    {"key_elsewhere", {kHello, R"({"x":{"finish_reason":"stop"},"choices":[]})"}, false},
    {"one_of_two",
     {choice(0, ""), choice(1, ""), choice(0, "a"), choice(0, "", R"("stop")")},
     false},
    {"two_of_two",
     {choice(0, ""), choice(1, ""), choice(0, "a", R"("stop")"), choice(1, "b", R"("stop")")},
     true},
    {"second_seen_after_the_first_finished",
     {choice(0, "a"), choice(0, "", R"("stop")"), choice(1, "b")},
     false},
};

class ContractComplete : public testing::TestWithParam<CompleteCase> {};

TEST_P(ContractComplete, ButForTheEnd) {
  StreamContract contract(Operation::chat);
  for (const std::string& event : GetParam().events) { (void)contract.on_event(block(event)); }
  EXPECT_EQ(contract.complete_but_for_the_end(), GetParam().complete);
  EXPECT_FALSE(contract.ended());
}

INSTANTIATE_TEST_SUITE_P(Table, ContractComplete, testing::ValuesIn(kComplete), test::name_of);

TEST(StreamContract, WhoHasAnEnd) {
  for (const Operation operation :
       {Operation::chat, Operation::completions, Operation::responses, Operation::messages}) {
    EXPECT_TRUE(StreamContract(operation).has_end());
  }
  EXPECT_FALSE(StreamContract(Operation::embeddings).has_end());
  EXPECT_FALSE(StreamContract(Operation::other).has_end());
  EXPECT_FALSE(StreamContract().has_end());
}

TEST(StreamContract, AnyCutOfAnEventIsBorne) {
  const std::string whole = block(kHello);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    for (const bool begun : {false, true}) {
      StreamContract contract(Operation::chat);
      if (begun) { (void)contract.on_event(whole); }
      const std::string cut = whole.substr(0, size);
      EXPECT_NE(contract.on_event(cut), EventKind::end);
    }
  }
}

}  // namespace
}  // namespace butter::provider
