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
using testing::HasSubstr;
using testing::Not;

const std::string kChat = R"({"model":"m","messages":[]})";
const std::string kAnswer = R"({"choices":[],"id":"a"})";

/// Two providers; the second is asked for the model "other".
class RequestStages : public testing::Test {
 protected:
  [[nodiscard]] config::Config config() const {
    config::Config out = config_of({provider("first", first_), provider("second", second_)});
    config::RouteTarget target;
    target.provider = "second";
    out.routing.models = {{.model = "other", .providers = {target}}};
    return out;
  }
  /// What reaches the upstream of a request; it is answered.
  static Message relayed(Peer& client, Upstream& upstream, const std::string& sent) {
    client.send(sent);
    Peer server = upstream.accept();
    Message got = server.read_request();
    server.send(answer(200, kAnswer));
    EXPECT_EQ(client.read_answer().status(), 200);
    return got;
  }

  Upstream first_, second_;
};

Fake::Run replacing(std::string body) {
  return [body = std::move(body)](const HookInput&) {
    HookOutput output;
    output.body = body;
    return output;
  };
}

TEST_F(RequestStages, ABodyGoesOutAsPluginsLeftIt) {
  Gateway gateway(config(), chain({fake("a", {Hook::pre_http}, replacing(R"({"model":"m","x":1})")),
                                   fake("b", {Hook::pre_llm}, [](const HookInput& input) {
                                     EXPECT_EQ(input.model, "m");
                                     EXPECT_EQ(input.body, R"({"model":"m","x":1})");
                                     HookOutput output;
                                     output.body = R"({"model":"m","x":2})";
                                     return output;
                                   })}));
  Peer client = gateway.client();
  const Message got = relayed(client, first_, request("POST /v1/chat/completions", kChat));
  EXPECT_EQ(got.body, R"({"model":"m","x":2})");
}

TEST_F(RequestStages, AnotherModelGoesToAnotherProvider) {
  for (const Hook hook : {Hook::pre_http, Hook::pre_llm}) {
    Gateway gateway(config(), chain({fake("a", {hook}, replacing(R"({"model":"other"})"))}));
    Peer client = gateway.client();
    const Message got = relayed(client, second_, request("POST /v1/chat/completions", kChat));
    EXPECT_EQ(got.body, R"({"model":"other"})");
    EXPECT_THAT(gateway.stop(), HasSubstr("\"model\":\"other\""));
  }
}

TEST_F(RequestStages, APluginMayMendARequest) {
  Gateway gateway(config(), chain({fake("a", {Hook::pre_http}, replacing(kChat))}));
  Peer client = gateway.client();
  const Message got =
      relayed(client, first_, request("POST /v1/chat/completions", R"({"messages":[]})"));
  EXPECT_EQ(got.body, kChat);
}

TEST_F(RequestStages, WhatAPluginBreaksIsTold) {
  Gateway gateway(config(), chain({fake("a", {Hook::pre_llm}, replacing("null"))}));
  Peer client = gateway.ask(request("POST /v1/chat/completions", kChat));
  EXPECT_EQ(client.read_answer().status(), 400);
  EXPECT_FALSE(first_.was_called());
}

TEST_F(RequestStages, FieldsThatAPluginSetsGoUpstream) {
  Gateway gateway(config(), chain({fake("a", {Hook::pre_llm}, [](const HookInput&) {
                    HookOutput output;
                    output.headers = {{"X-Tenant", "t"},
                                      {"user-agent", "changed"},
                                      {"authorization", "Bearer forged"}};
                    return output;
                  })}));
  Peer client = gateway.client();
  const Message got =
      relayed(client, first_, request("POST /v1/chat/completions", kChat, "User-Agent: mine\r\n"));
  EXPECT_EQ(got.field("x-tenant"), "t");
  EXPECT_EQ(got.field("user-agent"), "changed");
  EXPECT_EQ(got.field("authorization"), "Bearer sk-first");
}

Fake::Run answering(int status, std::string body) {
  return [status, body = std::move(body)](const HookInput&) {
    HookOutput output;
    output.headers = {{"X-Why", "because"}};
    output.short_circuit = {.status = status, .body = body};
    return output;
  };
}

TEST_F(RequestStages, AnAnswerOfAPluginIsTheAnswer) {
  for (const Hook hook : {Hook::pre_http, Hook::pre_llm}) {
    Gateway gateway(config(), chain({fake("a", {hook}, answering(418, "\"text\""))}));
    Peer client = gateway.client();
    for (const std::string path : {"/v1/chat/completions", "/v1/messages", "/v1/embeddings",
                                   "/v1/responses", "/native/first/v1/x"}) {
      client.send(request("POST " + path, kChat));
      const Message got = client.read_answer();
      EXPECT_EQ(got.status(), 418) << path;
      EXPECT_EQ(got.body, "\"text\"");
      EXPECT_EQ(got.field("content-type"), "application/json");
      EXPECT_EQ(got.field("x-why"), "because");
    }
    EXPECT_FALSE(first_.was_called());
    EXPECT_THAT(gateway.stop(), HasSubstr("\"status\":418"));
  }
}

TEST_F(RequestStages, AnAnswerMayBeEmpty) {
  Gateway gateway(config(), chain({fake("a", {Hook::pre_http}, answering(400, ""))}));
  Peer client = gateway.ask(request("POST /v1/chat/completions", kChat));
  const Message got = client.read_answer();
  EXPECT_TRUE(got.whole);
  EXPECT_EQ(got.field("content-length"), "0");
}

TEST_F(RequestStages, AFailureOfAClosedPluginIs500InTheCallersDialect) {
  Gateway gateway(config(), chain({fake(
                                "strict", {Hook::pre_http},
                                [](const HookInput&) -> Result<HookOutput> {
                                  return fail(Errc::internal, "an inner secret");
                                },
                                config::OnFailure::closed)}));
  Peer client = gateway.ask(request("POST /v1/chat/completions", kChat));
  const Message chat = client.read_answer();
  EXPECT_EQ(chat.status(), 500);
  EXPECT_THAT(chat.body, HasSubstr(R"("code":"plugin_failed")"));
  EXPECT_THAT(chat.body, HasSubstr(R"(plugin \"strict\" failed in pre_http)"));
  EXPECT_THAT(chat.body, Not(HasSubstr("secret")));
  client.send(request("POST /v1/messages", kChat));
  EXPECT_THAT(client.read_answer().body, HasSubstr(R"("type":"api_error")"));
}

TEST_F(RequestStages, BodiesOfNativeAreSeenByBuiltIns) {
  std::string seen;
  Gateway gateway(config(), chain({fake("a", {Hook::pre_http}, [&seen](const HookInput& input) {
                    seen = std::string(input.provider) + ' ' + std::string(input.body);
                    return HookOutput();
                  })}));
  Peer client = gateway.client();
  const std::string head =
      "POST /native/first/v1/x HTTP/1.1\r\nHost: x\r\n"
      "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  client.send(head + "3\r\n{\"a\r\n");
  client.send("4\r\n\":1}\r\n0\r\n\r\n");
  Peer server = first_.accept();
  EXPECT_EQ(server.read_request().body, "{\"a\":1}");
  server.send(answer(200, "{}"));
  EXPECT_EQ(client.read_answer().status(), 200);
  EXPECT_EQ(seen, "first {\"a\":1}");
}

TEST_F(RequestStages, AFormStreamsPastThePlugins) {
  std::string seen = "nothing";
  Gateway gateway(config(), chain({fake("a", {Hook::pre_http}, [&seen](const HookInput& input) {
                    seen = input.body;
                    return HookOutput();
                  })}));
  Peer client = gateway.client();
  const std::string form =
      "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n"
      "--b--\r\n";
  client.send(
      "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: x\r\nContent-Type: "
      "multipart/form-data; boundary=b\r\nContent-Length: " +
      std::to_string(form.size()) + "\r\n\r\n" + form);
  Peer server = first_.accept();
  EXPECT_EQ(server.read_request().body, form);
  server.send(answer(200, "{}"));
  EXPECT_EQ(client.read_answer().status(), 200);
  EXPECT_EQ(seen, "");
}

TEST_F(RequestStages, AtTheEndTheTraceIsTold) {
  Gateway gateway(config(), chain({fake("a", {Hook::on_trace}, [](const HookInput&) {
                    ADD_FAILURE() << "what is compiled in has counters of its own";
                    return HookOutput();
                  })}));
  Peer client = gateway.client();
  static_cast<void>(relayed(client, first_, request("POST /v1/chat/completions", kChat)));
}

TEST_F(RequestStages, JsonOfNativeIsSeenHoweverItsTypeIsWritten) {
  int seen = 0;
  Gateway gateway(config(), chain({fake("a", {Hook::pre_http}, [&seen](const HookInput& input) {
                    seen += input.body == "{}" ? 1 : 0;
                    return HookOutput();
                  })}));
  for (const char* type : {"Content-Type: Application/JSON; charset=utf-8\r\n", ""}) {
    Peer client = gateway.client();
    EXPECT_EQ(relayed(client, first_,
                      std::string("POST /native/first/v1/x HTTP/1.1\r\nHost: x\r\n") + type +
                          "Content-Length: 2\r\n\r\n{}")
                  .body,
              "{}");
  }
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace butter::gateway::test
