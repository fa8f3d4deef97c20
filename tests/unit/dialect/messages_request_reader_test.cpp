#include "dialect/messages_request_reader.h"

#include "unit/dialect/messages_support.h"

namespace butter::dialect {
namespace {

using messages_test::ask;
using messages_test::complaint;
using messages_test::request;
using messages_test::uses;
using messages_test::with_content;
using testing::ElementsAre;

TEST(MessagesRequestReader, EachFieldIsRead) {
  const auto asked = ask(request(
      R"("max_tokens":7,"stream":true,"temperature":0.50,"top_p":1,"top_k":3,)"
      R"("stop_sequences":["a"],"metadata":{"user_id":"u"},"service_tier":"standard_only")"));
  const Conversation& conversation = asked->conversation;
  EXPECT_EQ(asked->complaint, "");
  EXPECT_EQ(conversation.model.escaped, "m");
  EXPECT_EQ(conversation.max_tokens, 7U);
  EXPECT_TRUE(conversation.stream);
  EXPECT_TRUE(conversation.stream_usage);
  EXPECT_EQ(conversation.temperature.json, "0.50");
  EXPECT_EQ(conversation.stop.size(), 1U);
  EXPECT_EQ(conversation.user.escaped, "u");
  EXPECT_EQ(conversation.service_tier.json, "\"default\"");
  for (const Feature feature : {Feature::max_tokens, Feature::temperature, Feature::top_p,
                                Feature::top_k, Feature::stop, Feature::user}) {
    EXPECT_TRUE(uses(conversation, feature)) << to_string(feature);
  }
}

TEST(MessagesRequestReader, ResultsOfToolsAreTurnsOfTheirOwn) {
  const auto asked = ask(with_content(
      R"([{"type":"tool_result","tool_use_id":"t","content":"r"},{"type":"text","text":"a"}])"));
  const auto& turns = asked->conversation.turns;
  ASSERT_EQ(turns.size(), 2U);
  EXPECT_EQ(turns[0].role, Role::tool);
  EXPECT_EQ(turns[1].role, Role::user);
  const auto only =
      ask(with_content(R"([{"type":"tool_result","tool_use_id":"t","content":"r"}])"));
  EXPECT_EQ(only->conversation.turns.size(), 1U);
}

TEST(MessagesRequestReader, TheSystemComesFirstWhicheverKeyDoes) {
  for (const std::string_view body :
       {R"({"model":"m","system":"a","messages":[{"role":"system","content":"b"}]})",
        R"({"model":"m","messages":[{"role":"system","content":"b"}],"system":"a"})"}) {
    const auto asked = ask(std::string(body));
    ASSERT_EQ(asked->conversation.system.size(), 2U);
    EXPECT_EQ(asked->conversation.system[0].text.escaped, "a");
  }
}

TEST(MessagesRequestReader, AnthropicsOwnFieldsAreKept) {
  const auto asked =
      ask(request(R"("container":"c","mcp_servers":[],"inference_geo":"eu","flux":1,"blue":null,)"
                  R"("\u0073peed":"fast","anthropic_version":"v")"));
  const auto& own = asked->conversation.messages_own;
  ASSERT_EQ(own.size(), 3U);
  EXPECT_EQ(own[0].first, "container");
  EXPECT_EQ(own[1].second.json, "\"eu\"");
  EXPECT_EQ(own[2].first, "speed");
  EXPECT_THAT(asked->conversation.unknown, ElementsAre("flux"));
}

TEST(MessagesRequestReader, AUserThatIsTooLongForOthersIsAnthropicsOwn) {
  const std::string metadata = R"({"user_id":")" + std::string(65, 'u') + "\"}";
  const auto asked = ask(request(R"("metadata":)" + metadata));
  EXPECT_TRUE(asked->conversation.user.empty());
  EXPECT_FALSE(uses(asked->conversation, Feature::user));
  ASSERT_EQ(asked->conversation.messages_own.size(), 1U);
  EXPECT_EQ(asked->conversation.messages_own[0].second.json, metadata);
}

TEST(MessagesRequestReader, AnAnswerThatIsBegunIsAPrefill) {
  EXPECT_TRUE(uses(ask(with_content(R"("a")", "assistant"))->conversation, Feature::prefill));
  EXPECT_FALSE(uses(ask(with_content(R"("a")"))->conversation, Feature::prefill));
}

TEST(MessagesRequestReader, ComplaintsNameTheirPlace) {
  struct Row {
    std::string_view body, complaint;
  };
  constexpr Row kRows[] = {
      {"null", "the request must be an object"},
      {"{}", "model: is missing"},
      {R"({"model":"m"})", "messages: is missing"},
      {R"({"model":"m","messages":[]})", "messages: is missing"},
      {R"({"model":"m","messages":[{"content":"a"}]})", "messages[0].role: is missing"},
      {R"({"model":"m","messages":[{"role":"tool","content":"a"}]})",
       "messages[0].role: \"tool\" is no role"},
      {R"({"model":"m","messages":[{"role":"user"}]})", "messages[0].content: is missing"},
      {R"({"model":"m","messages":[{"role":"user","content":"a"}],"max_tokens":"7"})",
       "max_tokens: must be a whole number"},
      {R"({"model":"m","messages":[{"role":"user","content":"a"}],"stop_sequences":"a"})",
       "stop_sequences: must be a list"},
      {R"({"model":"m","messages":[{"role":"user","content":"a"})",
       "the request is no well-formed JSON"}};
  for (const Row& row : kRows) { EXPECT_EQ(complaint(std::string(row.body)), row.complaint); }
}

}  // namespace
}  // namespace butter::dialect
