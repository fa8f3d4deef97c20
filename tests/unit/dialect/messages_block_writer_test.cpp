#include "dialect/messages_block_writer.h"

#include "unit/dialect/messages_support.h"

namespace butter::dialect {
namespace {

using messages_test::answered;
using testing::HasSubstr;
using testing::Not;
using Kind = Delta::Kind;

TEST(MessagesBlockWriter, AnotherKindIsAnotherBlock) {
  const std::vector<Delta> deltas{{.kind = Kind::thinking, .text = {"a"}},
                                  {.kind = Kind::signature, .text = {"s"}},
                                  {.kind = Kind::thinking, .text = {"b"}},
                                  {.kind = Kind::text, .text = {"c"}},
                                  {.kind = Kind::tool_begin, .id = {"t"}, .name = {"f"}},
                                  {.kind = Kind::text, .text = {"d"}},
                                  {.kind = Kind::redacted, .text = {"r"}},
                                  {.kind = Kind::redacted, .text = {"q"}}};
  EXPECT_THAT(answered(deltas, false),
              HasSubstr(R"("content":[{"type":"thinking","thinking":"a","signature":"s"},)"
                        R"({"type":"thinking","thinking":"b","signature":""},)"
                        R"({"type":"text","text":"c"},)"
                        R"({"type":"tool_use","id":"t","name":"f","input":{}},)"
                        R"({"type":"text","text":"d"},{"type":"redacted_thinking","data":"r"},)"
                        R"({"type":"redacted_thinking","data":"q"}])"));
}

TEST(MessagesBlockWriter, ArgumentsOfTwoCallsInTurnFindTheirBlocks) {
  const std::vector<Delta> deltas{{.kind = Kind::tool_begin, .tool = 0, .id = {"t"}, .name = {"f"}},
                                  {.kind = Kind::tool_begin, .tool = 1, .id = {"u"}, .name = {"g"}},
                                  {.kind = Kind::tool_arguments, .tool = 0, .text = {R"({\"a\":)"}},
                                  {.kind = Kind::tool_arguments, .tool = 1, .text = {"{}"}},
                                  {.kind = Kind::tool_arguments, .tool = 0, .text = {"1}"}},
                                  {.kind = Kind::tool_arguments, .tool = 7, .text = {"1}"}}};
  const std::string whole = answered(deltas, false);
  EXPECT_THAT(whole, HasSubstr(R"("name":"f","input":{"a":1}})"));
  EXPECT_THAT(whole, HasSubstr(R"("name":"g","input":{}})"));
  EXPECT_THAT(answered(deltas, true),
              HasSubstr(R"("index":0,"delta":{"type":"input_json_delta","partial_json":"1}"})"));
}

TEST(MessagesBlockWriter, NothingSaidOpensNothing) {
  EXPECT_THAT(
      answered({{.kind = Kind::text}, {.kind = Kind::thinking}, {.kind = Kind::signature}}, false),
      HasSubstr(R"("content":[])"));
}

TEST(MessagesBlockWriter, OtherChoicesAndLogprobsHaveNoPlace) {
  EXPECT_THAT(answered({{.kind = Kind::text, .choice = 1, .text = {"a"}},
                        {.kind = Kind::logprobs, .raw = {"{}"}}},
                       false, {.choice = 1, .reason = Finish::Reason::length}),
              HasSubstr(R"("content":[],"stop_reason":"end_turn")"));
}

TEST(MessagesBlockWriter, ACallsSignatureStandsBeforeIt) {
  EXPECT_THAT(
      answered({{.kind = Kind::tool_begin, .id = {"t"}, .name = {"f"}, .signature = {"c2ln"}}},
               false),
      HasSubstr(R"([{"type":"redacted_thinking","data":"butter.call.c2ln"},)"
                R"({"type":"tool_use","id":"t")"));
}

TEST(MessagesBlockWriter, EveryReasonHasItsWord) {
  struct Row {
    Finish::Reason reason;
    std::string_view word;
  };
  constexpr Row kRows[] = {
      {Finish::Reason::stop, "end_turn"},          {Finish::Reason::stop_sequence, "stop_sequence"},
      {Finish::Reason::length, "max_tokens"},      {Finish::Reason::tool_calls, "tool_use"},
      {Finish::Reason::content_filter, "refusal"}, {Finish::Reason::refusal, "refusal"},
      {Finish::Reason::pause, "pause_turn"},       {Finish::Reason::other, "end_turn"}};
  for (const Row& row : kRows) {
    EXPECT_THAT(answered({}, false, {.reason = row.reason}),
                HasSubstr(R"("stop_reason":")" + std::string(row.word) + '"'));
  }
  EXPECT_THAT(answered({{.kind = Kind::tool_begin, .id = {"t"}}}, false),
              HasSubstr(R"("stop_reason":"tool_use")"));
  EXPECT_THAT(answered({}, false, {.reason = Finish::Reason::stop_sequence, .sequence = {"E"}}),
              HasSubstr(R"("stop_sequence":"E")"));
}

TEST(MessagesBlockWriter, ARefusalIsTextAndItsExplanation) {
  EXPECT_THAT(answered({{.kind = Kind::refusal, .text = {"no"}}}, false),
              HasSubstr(R"("content":[{"type":"text","text":"no"}],"stop_reason":"refusal",)"
                        R"("stop_sequence":null,"stop_details":{"type":"refusal",)"
                        R"("category":null,"explanation":"no"})"));
}

TEST(MessagesBlockWriter, NamesWhatTheProviderDoesNot) {
  Buffer out;
  const auto writer = kMessagesCaller.make_writer(out, {.id = "r\"", .model = "asked"});
  writer->start({});
  writer->delta({.kind = Kind::tool_begin, .tool = 2, .name = {"f"}});
  writer->end();
  EXPECT_THAT(std::string(out.view()), HasSubstr(R"("id":"msg_r\"","type":"message")"));
  EXPECT_THAT(std::string(out.view()), HasSubstr(R"("model":"asked")"));
  EXPECT_THAT(std::string(out.view()), HasSubstr(R"("id":"toolu_r\"_2")"));
}

TEST(MessagesBlockWriter, BeginsWithItsFirstBlock) {
  Buffer out;
  const auto writer = kMessagesCaller.make_writer(out, {.stream = true});
  writer->start({.id = {"i"}});
  writer->usage({.input = 3});
  EXPECT_FALSE(writer->begun());
  EXPECT_TRUE(out.empty());
  writer->delta({.kind = Kind::text, .text = {"a"}});
  EXPECT_TRUE(writer->begun());
  EXPECT_THAT(std::string(out.view()), HasSubstr(R"("usage":{"input_tokens":3)"));
}

}  // namespace
}  // namespace butter::dialect
