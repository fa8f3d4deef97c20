#include "gateway/way.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

using config::ProviderType;
using testing::HasSubstr;

class WayTest : public testing::Test {
 protected:
  /// The provider of a type, whose name is the type's.
  const provider::Provider& of(ProviderType type) {
    config::Provider made = test::provider("p");
    made.type = type;
    made.region = "us-east-1";
    made.project = "project";
    made.location = "global";
    made.keys = {{.key = Secret("sk-1"), .models = {}}};
    snapshot_ = test::snapshot_of(test::config_of({made}));
    return snapshot_->provider(0);
  }
  void ask(std::string_view path, std::string_view body = R"({"model":"m"})") {
    http::RequestHead head;
    head.method = "POST";
    head.path = path;
    head.framing.kind = http::Framing::Kind::chunked;
    request_ = {};
    request_.begin(head, classify(head.method, head.path));
    request_.add_body(body);
    request_.body_ended = true;
    ASSERT_TRUE(request_.read(scanner_));
  }
  Way way(ProviderType type, std::string_view path, std::string_view model = "m") {
    ask(path);
    return way_to(of(type), request_, model);
  }

  std::shared_ptr<const Snapshot> snapshot_;
  json::RequestScanner scanner_;
  ClientRequest request_;
};

TEST_F(WayTest, BytesStayWhereTheDialectIsTheSame) {
  EXPECT_EQ(way(ProviderType::openai, "/v1/chat/completions"), Way::relayed);
  EXPECT_EQ(way(ProviderType::openai, "/v1/responses"), Way::relayed);
  EXPECT_EQ(way(ProviderType::openai, "/v1/embeddings"), Way::relayed);
  EXPECT_EQ(way(ProviderType::openai, "/v1/files"), Way::relayed);
  EXPECT_EQ(way(ProviderType::anthropic, "/v1/messages"), Way::relayed);
  EXPECT_EQ(way(ProviderType::anthropic, "/v1/messages/count_tokens"), Way::relayed);
  EXPECT_EQ(way(ProviderType::gemini, "/native/p/v1beta/models"), Way::relayed);
}

TEST_F(WayTest, AnthropicsModelsElsewhereTakeItsBytesAtAnotherPath) {
  EXPECT_EQ(way(ProviderType::bedrock, "/v1/messages", "anthropic.claude-3-haiku-20240307-v1:0"),
            Way::readdressed);
  EXPECT_EQ(way(ProviderType::vertex, "/v1/messages", "claude-sonnet-4-5"), Way::readdressed);
  EXPECT_EQ(way(ProviderType::vertex, "/v1/messages", "gemini-2.0-flash"), Way::translated);
}

TEST_F(WayTest, OtherPairsAreTranslated) {
  for (const char* const path : {"/v1/chat/completions", "/v1/responses"}) {
    for (const ProviderType type : {ProviderType::anthropic, ProviderType::gemini,
                                    ProviderType::bedrock, ProviderType::vertex}) {
      EXPECT_EQ(way(type, path), Way::translated) << path;
    }
  }
  EXPECT_EQ(way(ProviderType::openai, "/v1/messages"), Way::translated);
  EXPECT_EQ(way(ProviderType::mock, "/v1/messages"), Way::translated);
}

TEST_F(WayTest, EmbeddingsAndTokensHaveWaysOfTheirOwn) {
  EXPECT_EQ(way(ProviderType::gemini, "/v1/embeddings"), Way::embeddings);
  EXPECT_EQ(way(ProviderType::bedrock, "/v1/embeddings", "cohere.embed-english-v3"),
            Way::embeddings);
  EXPECT_EQ(way(ProviderType::openai, "/v1/messages/count_tokens"), Way::counted);
  EXPECT_EQ(way(ProviderType::bedrock, "/v1/messages/count_tokens"), Way::counted);
}

TEST_F(WayTest, WhatAProviderDoesNotHaveHasNone) {
  EXPECT_EQ(way(ProviderType::anthropic, "/v1/embeddings"), Way::none);
  EXPECT_EQ(way(ProviderType::bedrock, "/v1/embeddings", "amazon.nova-lite-v1:0"), Way::none);
  EXPECT_EQ(way(ProviderType::gemini, "/v1/completions"), Way::none);
  EXPECT_EQ(way(ProviderType::gemini, "/v1/moderations"), Way::none);
}

TEST_F(WayTest, WhatIsLostIsNamedOrRefused) {
  ask("/v1/embeddings", R"({"model":"m","input":"x","user":"u"})");
  const provider::Provider& gemini = of(ProviderType::gemini);
  EXPECT_EQ(lost_on(Way::embeddings, gemini, request_, "m", false).value(), "user");
  const auto strict = lost_on(Way::embeddings, gemini, request_, "m", true);
  ASSERT_FALSE(strict);
  EXPECT_EQ(strict.error().code, Errc::bad_request);
  EXPECT_THAT(strict.error().detail, HasSubstr("\"user\" cannot be sent to provider \"p\""));

  ask("/v1/chat/completions",
      R"({"model":"m","seed":1,"messages":[{"role":"user","content":"Hi"}]})");
  EXPECT_EQ(lost_on(Way::translated, of(ProviderType::anthropic), request_, "m", false).value(),
            "seed");
  EXPECT_EQ(lost_on(Way::relayed, of(ProviderType::openai), request_, "m", true).value(), "");
}

TEST_F(WayTest, ARequestThatMakesNoSenseIsRefused) {
  ask("/v1/chat/completions", R"({"model":"m","messages":7})");
  const auto lost = lost_on(Way::translated, of(ProviderType::anthropic), request_, "m", false);
  ASSERT_FALSE(lost);
  EXPECT_THAT(lost.error().detail, HasSubstr("messages"));
}

}  // namespace
}  // namespace butter::gateway
