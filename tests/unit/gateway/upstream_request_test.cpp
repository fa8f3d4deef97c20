#include "gateway/upstream_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// One provider, and a request of the test to it.
class UpstreamRequestTest : public testing::Test {
 protected:
  UpstreamRequestTest() {
    provider_ = test::provider("p");
    provider_.keys = {{.key = Secret("sk-1"), .models = {}}};
  }

  void ask(std::string_view path, std::string_view body,
           std::initializer_list<std::pair<std::string_view, std::string_view>> fields = {}) {
    http::RequestHead head;
    head.method = "POST";
    head.path = path;
    head.fields = test::fields_of(fields);
    head.framing.kind = http::Framing::Kind::chunked;
    request_.begin(head, classify(head.method, head.path));
    request_.add_body(body);
    request_.body_ended = true;
    if (request_.body_kind == ClientRequest::BodyKind::json) {
      ASSERT_TRUE(request_.read(scanner_));
    }
  }

  std::string relay(std::string_view model = "m") {
    snapshot_ = test::snapshot_of(test::config_of({provider_}));
    std::string all;
    for (const std::string_view piece :
         made_.relay(request_, {.provider = snapshot_->provider(0),
                                .endpoint = *snapshot_->endpoint(0),
                                .attempt = {.provider = 0, .model = model, .key = 0}})) {
      all += piece;
    }
    return all;
  }

  config::Provider provider_;
  std::shared_ptr<const Snapshot> snapshot_;
  json::RequestScanner scanner_;
  ClientRequest request_;
  UpstreamRequest made_;
};

TEST_F(UpstreamRequestTest, TheCallersBytesWithAHeadOfOurs) {
  ask("/v1/chat/completions", R"({ "model":"m", "x":1.50 })",
      {{"Authorization", "Bearer theirs"}, {"traceparent", "00-1"}});
  EXPECT_EQ(relay(),
            "POST /v1/chat/completions HTTP/1.1\r\nHost: up.test\r\nAuthorization: Bearer sk-1\r\n"
            "Content-Type: application/json\r\ntraceparent: 00-1\r\nContent-Length: 25\r\n\r\n"
            R"({ "model":"m", "x":1.50 })");
  EXPECT_FALSE(made_.chunked());
}

TEST_F(UpstreamRequestTest, AnotherNameIsSplicedIn) {
  ask("/v1/chat/completions", R"({"model":"m","provider":"p","x":1})");
  EXPECT_THAT(relay("n"), EndsWith("\r\n\r\n"
                                   R"({"model":"n","x":1})"));
}

TEST_F(UpstreamRequestTest, PassthroughSendsTheCallersCredentials) {
  provider_.credential_mode = config::CredentialMode::passthrough;
  ask("/v1/chat/completions", R"({"model":"m"})", {{"Authorization", "Bearer theirs"}});
  EXPECT_THAT(relay(), HasSubstr("\r\nAuthorization: Bearer theirs\r\n"));
}

TEST_F(UpstreamRequestTest, TheOperatorsHeadersWin) {
  provider_.headers = {{"OpenAI-Organization", "ours"}};
  ask("/v1/chat/completions", R"({"model":"m"})",
      {{"openai-organization", "theirs"}, {"openai-project", "p1"}});
  const std::string all = relay();
  EXPECT_THAT(all, HasSubstr("OpenAI-Organization: ours\r\n"));
  EXPECT_THAT(all, HasSubstr("openai-project: p1\r\n"));
  EXPECT_THAT(all, Not(HasSubstr("theirs")));
}

TEST_F(UpstreamRequestTest, ABodyOfUnknownLengthGoesInChunks) {
  ask("/v1/files", "abc", {{"Content-Type", "application/octet-stream"}});
  request_.body_ended = false;
  EXPECT_THAT(relay(), EndsWith("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"));
  EXPECT_TRUE(made_.chunked());
}

}  // namespace
}  // namespace butter::gateway
