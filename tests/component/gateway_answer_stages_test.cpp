#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "component/gateway_fixture.h"
#include "unit/plugin/fake.h"

namespace butter::gateway::test {
namespace {

using plugin::Hook;
using plugin::HookInput;
using plugin::HookOutput;
using plugin::test::fake;
using plugin::test::Fake;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string kChat = R"({"model":"m","messages":[]})";
const std::string kStreamed = R"({"model":"m","messages":[],"stream":true})";
const std::string kAnswer = R"({"choices":[],"id":"a"})";
const std::string kDone = "data: [DONE]\n\n";
const std::string kStop =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

/// Two providers; the second takes over from the first.
class AnswerStages : public testing::Test {
 protected:
  [[nodiscard]] config::Config config() const { return failing_over(first_, second_); }

  Upstream first_, second_;
};

Fake::Run replacing(std::string body) {
  return [body = std::move(body)](const HookInput&) {
    HookOutput output;
    output.body = body;
    return output;
  };
}

const Fake::Run kFailing = [](const HookInput&) -> Result<HookOutput> {
  return fail(Errc::internal, "no");
};

TEST_F(AnswerStages, AWholeAnswerMayBeReplaced) {
  Gateway gateway(config(), chain({fake("a", {Hook::post_llm},
                                        [](const HookInput& input) {
                                          EXPECT_EQ(input.provider, "first");
                                          EXPECT_EQ(input.model, "m");
                                          EXPECT_EQ(input.body, kAnswer);
                                          HookOutput output;
                                          output.body = "{\"b\":2}";
                                          output.headers = {{"X-A", "1"}};
                                          return output;
                                        }),
                                   fake("b", {Hook::post_http}, [](const HookInput& input) {
                                     EXPECT_EQ(input.status, 200);
                                     EXPECT_EQ(input.body, kChat);
                                     EXPECT_EQ(input.response, "{\"b\":2}");
                                     HookOutput output;
                                     output.headers = {{"X-B", "2"}};
                                     return output;
                                   })}));
  Peer client = gateway.ask(request("POST /v1/chat/completions", kChat));
  Peer server = first_.asked();
  server.send(answer(200, kAnswer, "x-up: u\r\n"));
  const Message got = client.read_answer();
  EXPECT_EQ(got.body, "{\"b\":2}");
  EXPECT_EQ(got.field("content-length"), "7");
  EXPECT_EQ(got.field("x-a"), "1");
  EXPECT_EQ(got.field("x-b"), "2");
  EXPECT_EQ(got.field("x-up"), "u");
  EXPECT_EQ(got.field("x-butter-provider"), "first");
}

TEST_F(AnswerStages, AChunkedAnswerIsCollected) {
  Gateway gateway(config(), chain({fake("a", {Hook::post_llm}, [](const HookInput& i) {
                    EXPECT_EQ(i.body, kAnswer);
                    return HookOutput();
                  })}));
  Peer client = gateway.ask(request("POST /v1/chat/completions", kChat));
  Peer server = first_.asked();
  server.send(
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n" +
      chunk(kAnswer.substr(0, 5)));
  server.send(chunk(kAnswer.substr(5)) + "0\r\n\r\n");
  const Message got = client.read_answer();
  EXPECT_EQ(got.body, kAnswer);
  EXPECT_EQ(got.field("content-length"), std::to_string(kAnswer.size()));
}

TEST_F(AnswerStages, AnErrorOfTheProviderIsNoAnswerOfAModel) {
  Gateway gateway(config(), chain({fake("a", {Hook::post_llm}, replacing("{\"never\":1}")),
                                   fake("b", {Hook::post_http}, [](const HookInput& input) {
                                     EXPECT_EQ(input.status, 400);
                                     return HookOutput();
                                   })}));
  Peer client = gateway.ask(request("POST /v1/chat/completions", kChat));
  Peer server = first_.asked();
  server.send(answer(400, R"({"error":{"message":"bad"}})"));
  const Message got = client.read_answer();
  EXPECT_EQ(got.status(), 400);
  EXPECT_EQ(got.body, R"({"error":{"message":"bad"}})");
}

TEST_F(AnswerStages, AnAnswerThatIsCutGoesToTheNextProvider) {
  Gateway gateway(config(), chain({fake("a", {Hook::post_llm}, replacing("{\"seen\":1}"))}));
  Peer client = gateway.ask(request("POST /v1/chat/completions", kChat));
  {
    Peer server = first_.asked();
    server.send(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        "Content-Length: 100\r\n\r\n{\"half");
  }
  Peer server = second_.asked();
  server.send(answer(200, kAnswer));
  const Message got = client.read_answer();
  EXPECT_EQ(got.body, "{\"seen\":1}");
  EXPECT_EQ(got.field("x-butter-provider"), "second");
}

TEST_F(AnswerStages, AFailureOfAClosedPluginIs500) {
  Gateway gateway(config(),
                  chain({fake("a", {Hook::post_llm}, kFailing, config::OnFailure::closed)}));
  Peer client = gateway.ask(request("POST /v1/chat/completions", kChat));
  Peer server = first_.asked();
  server.send(answer(200, kAnswer));
  const Message got = client.read_answer();
  EXPECT_EQ(got.status(), 500);
  EXPECT_THAT(got.body, HasSubstr("plugin_failed"));
}

TEST_F(AnswerStages, WhatIsNoJsonStreamsPast) {
  Gateway gateway(
      config(),
      chain({fake("a", {Hook::post_llm, Hook::post_http}, kFailing, config::OnFailure::closed)}));
  Peer client = gateway.ask(request("POST /v1/audio/speech", kChat));
  Peer server = first_.asked();
  server.send("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 6\r\n\r\nabc");
  EXPECT_THAT(client.read_until("abc"), HasSubstr("audio/mpeg"));
  server.send("def");
  EXPECT_EQ(client.read_until("def"), "def");
}

/// Sees each event; `b` in its data is doubled, "drop" drops it.
Fake::Run doubling(std::vector<std::string>& seen) {
  return [&seen](const HookInput& input) {
    seen.emplace_back(input.body);
    HookOutput output;
    if (input.body.find("drop") != std::string_view::npos) {
      output.body = "null";
    } else if (const auto at = input.body.find('b'); at != std::string_view::npos) {
      output.body = std::string(input.body).insert(at, "b");
    }
    return output;
  };
}

TEST_F(AnswerStages, EventsAreSeenOneByOne) {
  std::vector<std::string> seen;
  Gateway gateway(config(), chain({fake("a", {Hook::stream_chunk}, doubling(seen))}));
  Peer client = gateway.ask(request("POST /v1/chat/completions", kStreamed));
  Peer server = first_.asked();
  server.send(stream_head() + chunk(chat_event("Hello") + chat_event("drop")));
  EXPECT_THAT(client.read_until("Hello\""), HasSubstr("200 OK"));  // at once
  server.send(chunk(chat_event("bye") + kStop + kDone) + "0\r\n\r\n");
  const std::string rest = client.read_until("0\r\n\r\n");
  EXPECT_THAT(rest, HasSubstr("bbye"));
  EXPECT_THAT(rest, Not(HasSubstr("drop")));
  EXPECT_THAT(rest, HasSubstr(kDone));
  EXPECT_EQ(seen.size(), 4u);
}

TEST_F(AnswerStages, AStreamThatBreaksEndsWithWhatWasSeenAndAnError) {
  std::vector<std::string> seen;
  Gateway gateway(config(), chain({fake("a", {Hook::stream_chunk}, doubling(seen))}));
  Peer client = gateway.ask(request("POST /v1/chat/completions", kStreamed));
  {
    Peer server = first_.asked();
    server.send(stream_head() + chunk(chat_event("b") + "data: {\"half"));
  }
  const std::string got = client.read_to_end();
  EXPECT_THAT(got, HasSubstr("bb"));
  EXPECT_THAT(got, Not(HasSubstr("half")));
  EXPECT_THAT(got, HasSubstr("\"error\""));
  EXPECT_THAT(got, Not(HasSubstr("0\r\n\r\n")));
}

TEST_F(AnswerStages, BeforeTheFirstEventAFailureGoesElsewhere) {
  std::vector<std::string> seen;
  Gateway gateway(config(), chain({fake("a", {Hook::stream_chunk}, doubling(seen))}));
  Peer client = gateway.ask(request("POST /v1/chat/completions", kStreamed));
  {
    Peer server = first_.asked();
    server.send(stream_head());
  }
  Peer server = second_.asked();
  server.send(stream_head() + chunk(chat_event("b") + kStop + kDone) + "0\r\n\r\n");
  EXPECT_THAT(client.read_until("0\r\n\r\n"), HasSubstr("bb"));
}

TEST_F(AnswerStages, AClosedPluginThatFailsBreaksTheStream) {
  Gateway gateway(config(), chain({fake(
                                "strict", {Hook::stream_chunk},
                                [](const HookInput& input) -> Result<HookOutput> {
                                  if (input.body.find("bad") == std::string_view::npos) {
                                    return HookOutput();
                                  }
                                  return fail(Errc::internal, "no");
                                },
                                config::OnFailure::closed)}));
  Peer client = gateway.ask(request("POST /v1/chat/completions", kStreamed));
  Peer server = first_.asked();
  server.send(stream_head() + chunk(chat_event("good") + chat_event("bad") + chat_event("more")));
  const std::string got = client.read_to_end();
  EXPECT_THAT(got, HasSubstr("good"));
  EXPECT_THAT(got, Not(HasSubstr("\"bad\"")));
  EXPECT_THAT(got, Not(HasSubstr("more")));
  EXPECT_THAT(got, HasSubstr(R"(plugin \"strict\" failed in stream_chunk)"));
}

TEST_F(AnswerStages, StreamsOfNativeAreSeenToo) {
  std::vector<std::string> seen;
  Gateway gateway(config(), chain({fake("a", {Hook::stream_chunk}, doubling(seen))}));
  Peer client = gateway.ask(request("POST /native/first/v1/x", kStreamed));
  Peer server = first_.asked();
  server.send(stream_head() + chunk("data: {\"b\":1}\n\n") + "0\r\n\r\n");
  EXPECT_THAT(client.read_until("0\r\n\r\n"), HasSubstr("data: {\"bb\":1}\n\n"));
  EXPECT_THAT(seen, ElementsAre("{\"b\":1}"));
}

TEST_F(AnswerStages, ASlowClientHoldsTheStreamBack) {
  std::vector<std::string> seen;
  Gateway gateway(config(), chain({fake("a", {Hook::stream_chunk}, doubling(seen))}));
  Peer client = gateway.ask(request("POST /v1/chat/completions", kStreamed));
  Peer server = first_.asked();
  server.send(stream_head());
  const std::string text(60'000, 'x');
  std::thread upstream([&] {
    for (int i = 0; i < 200; ++i) { server.send(chunk(chat_event(text))); }
    server.send(chunk(kStop + kDone) + "0\r\n\r\n");
  });
  const std::string all = client.read_until("0\r\n\r\n");
  upstream.join();
  EXPECT_GT(all.size(), 200 * text.size());
  EXPECT_EQ(seen.size(), 201u);
}

TEST_F(AnswerStages, EventsAreSeenHoweverTheirTypeIsWritten) {
  std::vector<std::string> seen;
  Gateway gateway(config(), chain({fake("a", {Hook::stream_chunk}, doubling(seen))}));
  Peer client = gateway.ask(request("POST /v1/chat/completions", kStreamed));
  Peer server = first_.asked();
  server.send(
      "HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream\r\nTransfer-Encoding: chunked\r\n\r\n" +
      chunk(chat_event("b") + kStop + kDone) + "0\r\n\r\n");
  EXPECT_THAT(client.read_until("0\r\n\r\n"), HasSubstr("bb"));
}

}  // namespace
}  // namespace butter::gateway::test
