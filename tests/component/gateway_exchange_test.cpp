#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <thread>

#include "component/gateway_fixture.h"

namespace butter::gateway::test {
namespace {

using testing::HasSubstr;

class ExchangeTest : public testing::Test {
 protected:
  static config::Config config(const Upstream& upstream) {
    config::Provider up = provider("up", upstream);
    up.models = {{"alias", "the-real-model"}};
    config::Config out = config_of({up});
    constexpr std::uint64_t kMostBody = 4 * 1024 * 1024;
    out.server.max_body_bytes = kMostBody;
    return out;
  }

  Upstream upstream_;
  Gateway gateway_{config(upstream_)};
  Peer client_ = gateway_.client();
};

struct Spliced {
  const char* name;
  std::string sent;
  std::string expected;
};

const Spliced kSpliced[] = {
    {"as_it_is", R"({"model":"m", "n":1.0e2,"x":"é"})", R"({"model":"m", "n":1.0e2,"x":"é"})"},
    {"alias", R"({ "n":1.0e2, "model" : "alias","x":[ ] })",
     R"({ "n":1.0e2, "model" : "the-real-model","x":[ ] })"},
    {"prefix", R"({"model":"up/m","messages":[]})", R"({"model":"m","messages":[]})"},
    {"provider_in_the_body", R"({"model":"m","provider":"up","n":1})", R"({"model":"m","n":1})"},
    {"provider_object_stays", R"({"model":"m","provider":{"order":["x"]}})",
     R"({"model":"m","provider":{"order":["x"]}})"},
};

TEST_F(ExchangeTest, AJsonBodyIsSplicedAndNothingElse) {
  Peer server;
  for (const Spliced& row : kSpliced) {
    client_.send(request("POST /v1/chat/completions?beta=1", row.sent));
    if (&row == kSpliced) { server = upstream_.accept(); }
    const Message got = server.read_request();
    EXPECT_EQ(got.start, "POST /v1/chat/completions?beta=1 HTTP/1.1");
    EXPECT_EQ(got.body, row.expected) << row.name;
    EXPECT_EQ(got.field("content-length"), std::to_string(row.expected.size())) << row.name;
    server.send(answer(200, R"({ "ok" :1 })"));
    const Message back = client_.read_answer();
    EXPECT_EQ(back.status(), 200);
    EXPECT_EQ(back.body, R"({ "ok" :1 })");
  }
}

TEST_F(ExchangeTest, TheHeadHasOurKeyAndTheAllowedFields) {
  client_.send(request("POST /v1/chat/completions", R"({"model":"m"})",
                       "Authorization: Bearer callers\r\nX-Stainless-Lang: python\r\n"
                       "X-Custom: no\r\nCookie: no\r\n"));
  Peer server = upstream_.accept();
  const Message got = server.read_request();
  EXPECT_EQ(got.field("authorization"), "Bearer sk-up");
  EXPECT_EQ(got.field("host"), "127.0.0.1:" + std::to_string(upstream_.port()));
  EXPECT_EQ(got.field("x-stainless-lang"), "python");
  EXPECT_EQ(got.field("content-type"), "application/json");
  EXPECT_EQ(got.field("x-custom"), "absent");
  EXPECT_EQ(got.field("cookie"), "absent");
}

TEST_F(ExchangeTest, ABigBodyIsReadInPlaceAndArrivesWhole) {
  constexpr std::size_t kSize = 3 * 1024 * 1024;
  const std::string body = R"({"model":"alias","x":")" + std::string(kSize, 'y') + R"("})";
  std::thread sender([&] { client_.send(request("POST /v1/chat/completions", body)); });
  Peer server = upstream_.accept();
  const Message got = server.read_request();
  sender.join();
  EXPECT_TRUE(got.whole);
  EXPECT_EQ(got.body.size(), body.size() + std::string_view("the-real-model").size() - 5);
  EXPECT_TRUE(got.body.starts_with(R"({"model":"the-real-model","x":"yy)"));
  server.send(answer(200, body));
  EXPECT_EQ(client_.read_answer().body, body);
}

TEST_F(ExchangeTest, ABodyInPiecesIsTheSame) {
  const std::string all = request("POST /v1/chat/completions", R"({"model":"alias"})");
  for (const char byte : all) { client_.send({&byte, 1}); }
  Peer server = upstream_.accept();
  EXPECT_EQ(server.read_request().body, R"({"model":"the-real-model"})");
}

TEST_F(ExchangeTest, AChunkedBodyGoesUpstreamWithALength) {
  client_.send(
      "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
      chunk(R"({"mod)") + chunk(R"(el":"alias"})") + "0\r\n\r\n");
  Peer server = upstream_.accept();
  const Message got = server.read_request();
  EXPECT_EQ(got.body, R"({"model":"the-real-model"})");
  EXPECT_EQ(got.field("content-length"), std::to_string(got.body.size()));
}

struct Refused {
  const char* name;
  std::string sent;
  int status;
  const char* says;
};

const Refused kRefused[] = {
    {"no_json", request("POST /v1/chat/completions", "{oops"), 400, "invalid request body"},
    {"no_model", request("POST /v1/chat/completions", "{}"), 400, "missing required field: model"},
    {"no_body", request("POST /v1/chat/completions"), 400, "error"},
    {"unknown_provider", request("POST /v1/chat/completions", R"({"model":"m","provider":"x"})"),
     404, "not found"},
    {"unknown_native_provider", request("GET /native/x/y"), 404, "not found"},
    {"messages_to_an_openai_provider", request("POST /v1/messages", R"({"model":"m"})"), 400,
     R"({"type":"error","error":{"type":"invalid_request_error")"},
};

TEST_F(ExchangeTest, WhatCannotBeRoutedIsRefusedAndTheConnectionGoesOn) {
  for (const Refused& row : kRefused) {
    client_.send(row.sent);
    const Message got = client_.read_answer();
    EXPECT_EQ(got.status(), row.status) << row.name;
    EXPECT_THAT(got.body, HasSubstr(row.says)) << row.name;
    EXPECT_EQ(got.field("x-should-retry"), "false") << row.name;
    EXPECT_EQ(got.field("connection"), "absent") << row.name;
  }
  EXPECT_FALSE(upstream_.was_called());
}

TEST_F(ExchangeTest, ABodyThatIsTooLargeIsRefusedBeforeItComes) {
  client_.send(
      "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 4194305\r\n"
      "Expect: 100-continue\r\n\r\n");
  const Message got = client_.read_answer();
  EXPECT_EQ(got.status(), 413);
  EXPECT_EQ(got.field("connection"), "close");
  EXPECT_TRUE(client_.at_end());
}

TEST_F(ExchangeTest, ABodyThatTurnsOutTooLargeIsRefused) {
  client_.send(
      "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  constexpr std::size_t kPart = 1024 * 1024;
  std::thread sender([&] {
    for (int i = 0; i < 5; ++i) { client_.send(chunk(std::string(kPart, ' '))); }
  });
  sender.join();
  EXPECT_EQ(client_.read_answer().status(), 413);
  EXPECT_FALSE(upstream_.was_called());
}

std::string form(bool model_first, std::string_view model, std::string_view file) {
  const std::string model_part =
      "--B\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n" + std::string(model) + "\r\n";
  const std::string file_part =
      "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
      "Content-Type: audio/wav\r\n\r\n" +
      std::string(file) + "\r\n";
  return (model_first ? model_part + file_part : file_part + model_part) + "--B--\r\n";
}

constexpr std::string_view kFormType = "Content-Type: multipart/form-data; boundary=B\r\n";

TEST_F(ExchangeTest, AFormGoesOnAsSoonAsItsModelIsKnown) {
  const std::string file(100'000, 'f');
  const std::string sent = form(true, "alias", file);
  const std::string expected = form(true, "the-real-model", file);
  const std::string all = request("POST /v1/audio/transcriptions", sent, kFormType);
  const std::size_t rest = 50'000;
  client_.send(std::string_view(all).substr(0, all.size() - rest));
  Peer server = upstream_.accept();
  // It is on its way before its end has been sent.
  const std::string begun = server.read_until("the-real-model\r\n");
  EXPECT_THAT(begun, HasSubstr("Content-Length: " + std::to_string(expected.size()) + "\r\n"));
  client_.send(std::string_view(all).substr(all.size() - rest));
  const std::string body =
      begun.substr(begun.find("\r\n\r\n") + 4) + server.read_until("--B--\r\n");
  EXPECT_EQ(body, expected);
  server.send(answer(200, "{}"));
  EXPECT_EQ(client_.read_answer().status(), 200);
}

TEST_F(ExchangeTest, AFormWhoseModelComesLastIsHeldUntilThen) {
  const std::string file(100'000, 'f');
  client_.send(request("POST /v1/audio/transcriptions", form(false, "alias", file), kFormType));
  Peer server = upstream_.accept();
  EXPECT_EQ(server.read_request().body, form(false, "the-real-model", file));
}

TEST_F(ExchangeTest, AChunkedFormStaysChunked) {
  const std::string sent = form(true, "alias", "abc");
  client_.send("POST /v1/audio/transcriptions HTTP/1.1\r\nHost: x\r\n" + std::string(kFormType) +
               "Transfer-Encoding: chunked\r\n\r\n" + chunk(sent.substr(0, sent.size() - 10)));
  Peer server = upstream_.accept();
  const std::string head = server.read_until("\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Transfer-Encoding: chunked\r\n"));
  client_.send(chunk(sent.substr(sent.size() - 10)) + "0\r\n\r\n");
  EXPECT_THAT(server.read_until("0\r\n\r\n"), HasSubstr("--B--\r\n\r\n"));
}

TEST_F(ExchangeTest, AMalformedFormIsRefused) {
  client_.send(request("POST /v1/audio/transcriptions", "no form at all", kFormType));
  EXPECT_EQ(client_.read_answer().status(), 400);
}

TEST_F(ExchangeTest, NativePassesEverythingOn) {
  client_.send(request("PUT /native/up/some/where?a=%20b", "{not json", "X-Custom: yes\r\n"));
  Peer server = upstream_.accept();
  const Message got = server.read_request();
  EXPECT_EQ(got.start, "PUT /v1/some/where?a=%20b HTTP/1.1");
  EXPECT_EQ(got.body, "{not json");
  EXPECT_EQ(got.field("x-custom"), "yes");
  EXPECT_EQ(got.field("authorization"), "Bearer sk-up");
  // Whatever the answer is, it is the client's to see.
  server.send(answer(503, "busy"));
  const Message back = client_.read_answer();
  EXPECT_EQ(back.status(), 503);
  EXPECT_EQ(back.body, "busy");
}

TEST_F(ExchangeTest, AClientThatLeavesEndsItsRequestUpstream) {
  client_.send(request("POST /v1/chat/completions", R"({"model":"m"})"));
  Peer server = upstream_.asked();
  client_.reset();
  EXPECT_TRUE(server.at_end());
  const std::string log = gateway_.stop();
  EXPECT_THAT(log, HasSubstr(R"("status":499)"));
  EXPECT_THAT(log, HasSubstr(R"("error":"client left")"));
}

TEST_F(ExchangeTest, AClientThatLeavesDuringItsUploadEndsItUpstream) {
  const std::string all = request("POST /v1/audio/transcriptions",
                                  form(true, "alias", std::string(1000, 'f')), kFormType);
  client_.send(std::string_view(all).substr(0, all.size() - 100));
  Peer server = upstream_.accept();
  static_cast<void>(server.read_until("the-real-model"));
  client_.close();
  static_cast<void>(server.read_to_end());
  EXPECT_THAT(gateway_.stop(), HasSubstr(R"("status":499)"));
}

TEST_F(ExchangeTest, ARequestLeavesOneLine) {
  client_.send(
      request("POST /v1/chat/completions", R"({"model":"alias"})", "X-Request-Id: mine\r\n"));
  Peer server = upstream_.asked();
  server.send(answer(200, "{}"));
  EXPECT_EQ(client_.read_answer().field("x-request-id"), "mine");
  const std::string log = gateway_.stop();
  EXPECT_EQ(log.find("request trace"), log.rfind("request trace"));
  EXPECT_THAT(log, HasSubstr(R"("provider":"up","model":"alias","status":200)"));
  EXPECT_THAT(log,
              HasSubstr(R"("request_id":"mine","upstream_model":"the-real-model","attempts":1)"));
}

}  // namespace
}  // namespace butter::gateway::test
