#include "dialect/responses_input.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::dialect {
namespace {

constexpr std::string_view kKinds[] = {"text",   "image",    "file",     "audio",  "call",
                                       "result", "thinking", "redacted", "refusal"};

std::string told(const Part& part) {
  std::string out(kKinds[static_cast<std::size_t>(part.kind)]);
  const auto add = [&](std::string_view name, std::string_view text) {
    if (!text.empty()) { out += ' ' + std::string(name) + '=' + std::string(text); }
  };
  add("text", part.text.escaped);
  add("id", part.id.escaped);
  add("name", part.name.escaped);
  add("detail", part.detail.escaped);
  add("signature", part.signature.escaped);
  add("arguments", part.arguments.json);
  add("url", part.source.url.escaped);
  add("data", part.source.data.escaped);
  add("file_id", part.source.file_id.escaped);
  add("media", part.source.media_type.escaped);
  add("file", part.source.name.escaped);
  for (const Part& inner : part.content) { out += " (" + told(inner) + ")"; }
  return out;
}

/// A line a turn, or the complaint.
std::string read(std::string_view input, Conversation& into) {
  Fields fields(input);
  read_responses_input(fields, into);
  if (const auto result = fields.result(); !result) { return result.error().detail; }
  std::string out;
  for (const Part& part : into.system) { out += "system: " + told(part) + '\n'; }
  for (const Turn& turn : into.turns) {
    constexpr std::string_view kRoles[] = {"user", "assistant", "tool"};
    out += kRoles[static_cast<std::size_t>(turn.role)];
    out += ':';
    for (const Part& part : turn.parts) { out += ' ' + told(part) + ';'; }
    out += '\n';
  }
  return out;
}

std::string read(std::string_view input) {
  Conversation into;
  return read(input, into);
}

bool uses(const Conversation& conversation, Feature feature) {
  return conversation.used[static_cast<std::size_t>(feature)];
}

TEST(ResponsesInput, AStringIsTheUsersTurn) {
  EXPECT_EQ(read(R"("hi \u00e9")"), "user: text text=hi \\u00e9;\n");
}

TEST(ResponsesInput, Messages) {
  EXPECT_EQ(read(R"([{"role":"developer","content":"d"},{"type":"message","role":"system",
                     "content":[{"type":"input_text","text":"s"}]},
                     {"content":[{"text":"u","type":"input_text"}],"role":"user"},
                     {"role":"assistant","id":"msg_1","status":"completed","content":[
                       {"type":"output_text","text":"a","annotations":[]},
                       {"type":"refusal","refusal":"no"}]}])"),
            "system: text text=d\nsystem: text text=s\nuser: text text=u;\n"
            "assistant: text text=a; refusal text=no;\n");
}

TEST(ResponsesInput, AToolLoopWithParallelCalls) {
  Conversation into;
  EXPECT_EQ(read(R"([{"role":"user","content":"w?"},
      {"type":"message","role":"assistant","content":[{"type":"output_text","text":"let me see"}]},
      {"type":"function_call","call_id":"c1","name":"f","arguments":"{\"a\":\"x\\n\"}"},
      {"type":"function_call","call_id":"c2","name":"g","arguments":""},
      {"type":"function_call_output","call_id":"c1","output":"sun"},
      {"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"rain"},
        {"type":"input_image","image_url":"data:image/png;base64,iVBO"}]}])",
                 into),
            "user: text text=w?;\n"
            "assistant: text text=let me see; call id=c1 name=f arguments={\"a\":\"x\\n\"}; "
            "call id=c2 name=g arguments={};\n"
            "tool: result id=c1 name=f (text text=sun);\n"
            "tool: result id=c2 name=g (text text=rain) (image data=iVBO media=image/png);\n");
  for (const Feature feature :
       {Feature::tool_calls, Feature::tool_results, Feature::tool_result_image}) {
    EXPECT_TRUE(uses(into, feature)) << to_string(feature);
  }
  EXPECT_FALSE(uses(into, Feature::prefill));
}

TEST(ResponsesInput, ReasoningComesBackWithItsSignatures) {
  EXPECT_EQ(read(R"([{"role":"user","content":"w?"},
      {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}],
       "encrypted_content":"butter.thinking.SIG+/="},
      {"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"butter.redacted.OPAQUE"},
      {"type":"reasoning","id":"rs_3","summary":[],"encrypted_content":"butter.call.CALLSIG"},
      {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
      {"type":"function_call","call_id":"c2","name":"f","arguments":"{}"}])"),
            "user: text text=w?;\n"
            "assistant: thinking text=hm signature=SIG+/=; redacted signature=OPAQUE; "
            "call id=c1 name=f signature=CALLSIG arguments={}; call id=c2 name=f arguments={};\n");
}

TEST(ResponsesInput, ReasoningOfOthersKeepsItsText) {
  EXPECT_EQ(read(R"([{"type":"reasoning","summary":[{"type":"summary_text","text":"a"},
      {"type":"summary_text","text":"b"}],"encrypted_content":"gAAAA"}])"),
            "assistant: thinking text=a\\n\\nb;\n");
  EXPECT_EQ(read(R"([{"type":"reasoning","summary":[],
      "content":[{"type":"reasoning_text","text":"open"}]}])"),
            "assistant: thinking text=open;\n");
  EXPECT_EQ(read(R"([{"type":"reasoning","summary":[],"encrypted_content":"gAAAA"},
      {"role":"user","content":"x"}])"),
            "user: text text=x;\n");
}

TEST(ResponsesInput, WhatServerToolsLeftIsReported) {
  Conversation into;
  EXPECT_EQ(read(R"([{"type":"web_search_call","id":"ws","status":"completed","action":{}},
      {"type":"shell_call_output","output":[{"stdout":"x"}],"call_id":"c"},
      {"role":"user","content":"x"}])",
                 into),
            "user: text text=x;\n");
  EXPECT_TRUE(uses(into, Feature::server_tools));
  EXPECT_EQ(into.names.at(0).second, "input[].web_search_call");
}

TEST(ResponsesInput, TheAssistantMayBeginItsAnswer) {
  Conversation into;
  (void)read(R"([{"role":"user","content":"x"},{"role":"assistant","content":"The"}])", into);
  EXPECT_TRUE(uses(into, Feature::prefill));
}

TEST(ResponsesInput, ComplainsWithThePath) {
  constexpr struct {
    std::string_view input, complaint;
  } kRows[] = {
      {"7", "the request must be a list"},
      {R"([{}])", "[0].type: is missing"},
      {R"([{"type":"telepathy"}])", "[0].type: \"telepathy\" is not known"},
      {R"([{"type":"item_reference","id":"msg_1"}])",
       "[0]: an item_reference cannot be followed, because no state is kept here: send the item"},
      {R"([{"id":"msg_1"}])",
       "[0]: an item_reference cannot be followed, because no state is kept here: send the item"},
      {R"([{"role":"king","content":"x"}])",
       "[0].role: must be user, assistant, system or developer"},
      {R"([{"role":"user"}])", "[0].content: is missing"},
      {R"([{"role":"user","content":7}])", "[0].content: must be a list"},
      {R"([{"role":"user","content":[{"type":"input_text","text":7}]}])",
       "[0].content[0].text: must be a string"},
      {R"([{"role":"system","content":[{"type":"input_image","file_id":"f"}]}])",
       "[0].content: of a system message must be text"},
      {R"([{"type":"function_call","name":"f","arguments":"{}"}])", "[0].call_id: is missing"},
      {R"([{"type":"function_call","call_id":"c","arguments":"{}"}])", "[0].name: is missing"},
      {R"([{"type":"function_call","call_id":"c","name":"f","arguments":"[1]"}])",
       "[0].arguments: must be the text of a JSON object"},
      {R"([{"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":"}])",
       "[0].arguments: must be the text of a JSON object"},
      {R"([{"type":"function_call","call_id":"c","name":"f","arguments":"{} x"}])",
       "[0].arguments: must be the text of a JSON object"},
      {R"([{"type":"function_call_output","output":"x"}])", "[0].call_id: is missing"},
      {R"([{"type":"function_call_output","call_id":"c"}])", "[0].output: is missing"},
      {R"([{"type":"function_call_output","call_id":"c","output":[{"type":"x"}]}])",
       "[0].output[0].type: \"x\" is no part of a content"},
  };
  for (const auto& row : kRows) { EXPECT_EQ(read(row.input), row.complaint) << row.input; }
}

}  // namespace
}  // namespace butter::dialect
