#include "gateway/client_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

using Kind = ClientRequest::BodyKind;
using testing::HasSubstr;

http::RequestHead head_of(
    std::string_view method, std::string_view path,
    std::initializer_list<std::pair<std::string_view, std::string_view>> fields, bool body = true) {
  http::RequestHead head;
  head.method = method;
  head.path = path;
  head.fields = test::fields_of(fields);
  if (body) { head.framing.kind = http::Framing::Kind::chunked; }
  return head;
}

ClientRequest begun(const http::RequestHead& head) {
  ClientRequest request;
  request.begin(head, classify(head.method, head.path));
  return request;
}

ClientRequest chat(std::string_view body) {
  ClientRequest request = begun(head_of("POST", "/v1/chat/completions", {}));
  request.add_body(body);
  request.body_ended = true;
  return request;
}

TEST(ClientRequest, WhatABodyIsDependsOnPathAndType) {
  const struct {
    const char* method;
    const char* path;
    const char* type;
    bool body;
    Kind kind;
  } rows[] = {
      {"POST", "/v1/chat/completions", "text/plain", true, Kind::json},
      {"POST", "/v1/chat/completions", "application/json", false, Kind::json},
      {"POST", "/v1/files", "multipart/form-data; boundary=x", true, Kind::multipart},
      {"POST", "/v1/other", "application/json; charset=utf-8", true, Kind::json},
      {"POST", "/v1/other", "application/octet-stream", true, Kind::opaque},
      {"GET", "/v1/files", "", false, Kind::none},
      {"POST", "/native/p/x", "application/json", true, Kind::opaque},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(
        begun(head_of(row.method, row.path, {{"Content-Type", row.type}}, row.body)).body_kind,
        row.kind)
        << row.path << ' ' << row.type;
  }
}

TEST(ClientRequest, ReadsWhatRoutingMustKnow) {
  json::RequestScanner scanner;
  ClientRequest request = chat(R"({"model":"m","stream":true,"provider":"p"})");
  ASSERT_TRUE(request.read(scanner));
  EXPECT_EQ(request.model, "m");
  EXPECT_EQ(request.provider_name, "p");
  EXPECT_TRUE(request.stream_wanted);

  ClientRequest none = chat(R"({"messages":[]})");
  EXPECT_EQ(none.read(scanner).error().detail, "missing required field: model");
}

TEST(ClientRequest, AFormIsReadyOnceItsModelIsKnown) {
  json::RequestScanner scanner;
  ClientRequest request = begun(head_of("POST", "/v1/audio/transcriptions",
                                        {{"Content-Type", "multipart/form-data; boundary=b"}}));
  request.add_body("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper");
  EXPECT_FALSE(request.ready_to_route());
  request.add_body(
      "-1\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n");
  EXPECT_TRUE(request.ready_to_route());
  ASSERT_TRUE(request.read(scanner));
  EXPECT_EQ(request.model, "whisper-1");

  request.body_ended = true;
  EXPECT_THAT(request.read(scanner).error().detail, HasSubstr("malformed multipart"));
}

TEST(ClientRequest, ForwardsIsAskedWithoutRegardToCase) {
  const ClientRequest request =
      begun(head_of("POST", "/v1/chat/completions", {{"Idempotency-Key", "k"}, {"Cookie", "c"}}));
  EXPECT_TRUE(request.forwards("idempotency-key"));
  EXPECT_FALSE(request.forwards("cookie"));
  EXPECT_FALSE(request.forwards("idempotency"));
}

TEST(ClientRequest, AnotherBodyIsReadAnew) {
  json::RequestScanner scanner;
  ClientRequest request = chat(R"({"model":"a","messages":[{"role":"user","content":"1"}]})");
  request.content_length = 7;
  ASSERT_TRUE(request.read(scanner));
  ASSERT_TRUE(request.conversation());
  const std::string other = R"({"model":"b","messages":[{"role":"system","content":"1"},)"
                            R"({"role":"user","content":"2"}]})";
  request.replace_body(other);
  ASSERT_TRUE(request.read(scanner));
  EXPECT_EQ(request.model, "b");
  EXPECT_EQ(request.content_length, other.size());
  const auto conversation = request.conversation();
  ASSERT_TRUE(conversation);
  EXPECT_EQ((*conversation)->system.size(), 1u);
}

TEST(ClientRequest, FieldsOfPluginsGoWhereTheirKindGoes) {
  ClientRequest request = begun(head_of("POST", "/v1/chat/completions", {{"user-agent", "mine"}}));
  request.set_field("User-Agent", "other");
  request.set_field("X-Tenant", "t");
  request.set_field("authorization", "Bearer t");
  EXPECT_EQ(request.forward.view(), "User-Agent: other\r\nX-Tenant: t\r\n");
  EXPECT_EQ(request.credentials.view(), "authorization: Bearer t\r\n");
}

TEST(ClientRequest, OnlyConversationsHaveADialect) {
  EXPECT_EQ(begun(head_of("POST", "/v1/embeddings", {})).dialect(), nullptr);
  EXPECT_EQ(begun(head_of("POST", "/native/p/chat/completions", {})).dialect(), nullptr);
  EXPECT_EQ(begun(head_of("POST", "/v1/chat/completions", {})).dialect(),
            dialect::caller_dialect(dialect::Dialect::chat));
}

}  // namespace
}  // namespace butter::gateway
