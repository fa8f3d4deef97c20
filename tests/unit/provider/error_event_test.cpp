#include <gtest/gtest.h>

#include "provider/stream_contract.h"

namespace butter::provider {
namespace {

TEST(ErrorEvent, OpenAiShape) {
  for (const Operation operation : {Operation::chat, Operation::completions, Operation::other}) {
    EXPECT_EQ(StreamContract(operation).error_event("cut", "upstream_error", "upstream_closed"),
              "data: {\"error\":{\"message\":\"cut\",\"type\":\"upstream_error\",\"param\":null,"
              "\"code\":\"upstream_closed\"}}\n\n");
  }
}

TEST(ErrorEvent, ResponsesShape) {
  EXPECT_EQ(StreamContract(Operation::responses).error_event("cut", "upstream_error", "c"),
            "event: error\ndata: {\"type\":\"error\",\"code\":\"c\",\"message\":\"cut\","
            "\"param\":null,\"sequence_number\":0,\"error\":{\"message\":\"cut\","
            "\"type\":\"upstream_error\",\"param\":null,\"code\":\"c\"}}\n\n");
}

TEST(ErrorEvent, AnthropicShapeKeepsTheTypesItKnows) {
  const StreamContract contract(Operation::messages);
  const std::pair<const char*, const char*> cases[] = {
      {"upstream_error", "api_error"},
      {"timeout_error", "timeout_error"},
      {"overloaded_error", "overloaded_error"},
      {"rate_limit_error", "rate_limit_error"},
      {"", "api_error"},
  };
  for (const auto& [type, expected] : cases) {
    EXPECT_EQ(contract.error_event("cut", type, "c"),
              "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"" +
                  std::string(expected) + "\",\"message\":\"cut\"}}\n\n");
  }
}

TEST(ErrorEvent, IsOneEventWhateverTheTextHolds) {
  for (const Operation operation : {Operation::chat, Operation::responses, Operation::messages}) {
    const std::string event =
        StreamContract(operation).error_event("a\n\ndata: \"b\"\x1b\xff", "t\n", "c\r\n");
    EXPECT_EQ(event.find("\n\n"), event.size() - 2);
    EXPECT_EQ(event.find('\r'), std::string::npos);
    EXPECT_EQ(event.find('\x1b'), std::string::npos);
    EXPECT_EQ(event.find('\xff'), std::string::npos);
  }
}

TEST(ErrorEvent, IsAnErrorToTheContractItself) {
  for (const Operation operation :
       {Operation::chat, Operation::completions, Operation::responses, Operation::messages}) {
    StreamContract contract(operation);
    const std::string event = contract.error_event("m", "upstream_error", "c");
    EXPECT_EQ(contract.on_event(event), EventKind::error) << to_string(operation);
  }
}

TEST(ErrorBody, HoldsTheErrorWhateverTheEventLooksLike) {
  const std::string bare = R"({"type":"error","code":"busy","message":"m"})";
  const std::string held = R"({"error":{"message":"m"}})";
  const std::string anthropic = R"({"type":"error","error":{"type":"overloaded_error"}})";
  EXPECT_EQ(StreamContract(Operation::responses).error_body(bare), "{\"error\":" + bare + "}");
  EXPECT_EQ(StreamContract(Operation::responses).error_body(held), held);
  EXPECT_EQ(StreamContract(Operation::chat).error_body(held), held);
  EXPECT_EQ(StreamContract(Operation::messages).error_body(anthropic), anthropic);
  EXPECT_FALSE(StreamContract(Operation::responses).sdk_raises(bare));
  EXPECT_TRUE(StreamContract(Operation::responses).sdk_raises(held));
  EXPECT_TRUE(StreamContract(Operation::chat).sdk_raises(held));
  EXPECT_TRUE(StreamContract(Operation::messages).sdk_raises(anthropic));
}

}  // namespace
}  // namespace butter::provider
