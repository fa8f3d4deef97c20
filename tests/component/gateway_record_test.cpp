#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "component/gateway_fixture.h"

namespace butter::gateway::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kChat = R"({"model":"m","messages":[]})";
const std::string kAnswer =
    R"({"id":"a","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}})";

/// What is in the log of a gateway after some requests.
class Record : public testing::Test {
 protected:
  [[nodiscard]] config::Config config(bool bodies) const {
    config::Config out = config_of({provider("first", first_)});
    out.providers[0].keys[0].key = Secret("sk-abcdefghijklmnop");
    out.routing.failover.max_retries = 0;
    out.requestlog.log_bodies = bodies;
    return out;
  }
  /// One request, answered so.
  static void relay(Gateway& gateway, Upstream& upstream, const std::string& sent,
                    const std::string& answered) {
    Peer client = gateway.ask(sent);
    Peer server = upstream.asked();
    server.send(answered);
    EXPECT_TRUE(client.read_answer().whole);
  }

  Upstream first_;
};

TEST_F(Record, TellsWhoAnsweredWithWhatAndWhatItTook) {
  Gateway gateway(config(false));
  relay(gateway, first_,
        request("POST /v1/chat/completions", kChat, "x-butter-app-key: btr_0123456789abcdef\r\n"),
        answer(200, kAnswer));
  const std::string log = gateway.stop();
  EXPECT_THAT(log, HasSubstr(R"("provider":"first","model":"m","status":200)"));
  EXPECT_THAT(log, HasSubstr("\"attempts\":1"));
  EXPECT_THAT(log, HasSubstr("\"input_tokens\":3,\"output_tokens\":2"));
  EXPECT_THAT(log, HasSubstr("\"key_hint\":\""));
  EXPECT_THAT(log, Not(HasSubstr("abcdefgh")));
  EXPECT_THAT(log, HasSubstr("\"app_key\":\""));
  EXPECT_THAT(log, Not(HasSubstr("0123456789")));
  for (const std::string_view name : kPhaseNames) {
    EXPECT_THAT(log, HasSubstr("\"" + std::string(name) + "\":"));
  }
  EXPECT_THAT(log, Not(HasSubstr("request_body")));
}

TEST_F(Record, HasBodiesAsTheyWent) {
  Gateway gateway(config(true));
  relay(gateway, first_, request("POST /v1/chat/completions", kChat), answer(200, kAnswer));
  const std::string log = gateway.stop();
  EXPECT_THAT(log, HasSubstr(R"("request_body":"{\"model\":\"m\",\"messages\":[]}")"));
  EXPECT_THAT(log, HasSubstr(R"("response_body":"{\"id\":\"a\",)"));
}

TEST_F(Record, HasStreamedBodies) {
  Gateway gateway(config(true));
  relay(gateway, first_,
        request("POST /v1/chat/completions", R"({"model":"m","stream":true,"messages":[]})"),
        stream_head() + chunk(chat_event("Hello") + "data: [DONE]\n\n") + "0\r\n\r\n");
  const std::string log = gateway.stop();
  EXPECT_THAT(log, HasSubstr("Hello"));
  EXPECT_THAT(log, HasSubstr(R"(data: [DONE]\n\n")"));
}

TEST_F(Record, HasRefusals) {
  Gateway gateway(config(true));
  Peer client = gateway.ask(request("POST /v1/chat/completions", "{}"));
  EXPECT_EQ(client.read_answer().status(), 400);
  const std::string log = gateway.stop();
  EXPECT_THAT(log, HasSubstr("\"status\":400"));
  EXPECT_THAT(log, HasSubstr("\"request_body\":\"{}\""));
  EXPECT_THAT(log, HasSubstr("missing required field: model"));
}

}  // namespace
}  // namespace butter::gateway::test
