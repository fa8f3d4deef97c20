#include <gtest/gtest.h>

#include <array>

#include "crypto/digest.h"
#include "crypto/hex.h"
#include "unit/provider/made.h"

namespace butter::provider {
namespace {

using dialect::Dialect;

constexpr std::string_view kClaude = "us.anthropic.claude-sonnet-4-20250514-v1:0";
constexpr std::string_view kNova = "amazon.nova-pro-v1:0";

struct MadeBedrock {
  explicit MadeBedrock(std::string region = "us-east-1", std::string url = {}) {
    config.name = "bedrock";
    config.type = config::ProviderType::bedrock;
    config.region = std::move(region);
    config.base_url = std::move(url);
    config.model_map["claude-3"] = "anthropic.claude-3-haiku-20240307-v1:0";
    provider = make_provider(config).value();
  }
  [[nodiscard]] std::string path(std::string_view model, bool stream) const {
    std::string out;
    provider->append_path(provider->target(model, stream), out);
    return out;
  }

  config::Provider config;
  std::unique_ptr<Provider> provider;
};

TEST(Bedrock, SaysWhatIsItsOwn) {
  const test::Made made(config::ProviderType::bedrock);
  EXPECT_EQ(made.auth("K"), "Authorization: Bearer K\r\n");
  EXPECT_EQ(made.auth(""), "");
  EXPECT_EQ(made.defaults(), "");
  EXPECT_EQ(made.speaks(), "");
  EXPECT_EQ(made.provider->has_native(), false);
}

TEST(Bedrock, TheUrlFollowsFromTheRegion) {
  EXPECT_EQ(MadeBedrock("").provider->url().host, "");
  EXPECT_EQ(MadeBedrock().provider->url().host, "bedrock-runtime.us-east-1.amazonaws.com");
  EXPECT_TRUE(MadeBedrock().provider->url().tls);
  EXPECT_EQ(MadeBedrock("cn-north-1").provider->url().host,
            "bedrock-runtime.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(MadeBedrock("eu-west-1", "http://localhost:1/x").provider->url().host, "localhost");
}

TEST(Bedrock, ModelsAndTheirDialects) {
  const MadeBedrock made;
  EXPECT_EQ(made.provider->own_name("claude-3"), "anthropic.claude-3-haiku-20240307-v1:0");
  EXPECT_EQ(made.provider->dialect_of(kClaude), Dialect::messages);
  EXPECT_EQ(made.provider->dialect_of(kNova), Dialect::converse);
  EXPECT_EQ(made.provider->error_dialect(kClaude), Dialect::converse);
  EXPECT_TRUE(made.provider->relays(Operation::messages, kClaude));
  EXPECT_FALSE(made.provider->relays(Operation::messages, kNova));
  EXPECT_FALSE(made.provider->relays(Operation::chat, kClaude));
  EXPECT_EQ(made.provider->target(kClaude, true).anthropic_version, "bedrock-2023-05-31");
  EXPECT_EQ(made.provider->target(kNova, true).anthropic_version, "");
  EXPECT_FALSE(made.provider->target(kClaude, true).stream_in_body);
}

// Case 121.
TEST(Bedrock, Paths) {
  const MadeBedrock made;
  EXPECT_EQ(made.path("anthropic.claude-3-5-sonnet-20241022-v2:0", true),
            "/model/anthropic.claude-3-5-sonnet-20241022-v2%3A0/invoke-with-response-stream");
  EXPECT_EQ(made.path("anthropic.claude-3-5-sonnet-20241022-v2:0", false),
            "/model/anthropic.claude-3-5-sonnet-20241022-v2%3A0/invoke");
  EXPECT_EQ(made.path(kNova, true), "/model/amazon.nova-pro-v1%3A0/converse-stream");
  EXPECT_EQ(made.path(kNova, false), "/model/amazon.nova-pro-v1%3A0/converse");
  EXPECT_EQ(made.path("arn:aws:bedrock:us-east-1:1:inference-profile/x", false),
            "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fx/converse");
}

TEST(Bedrock, Embeddings) {
  const MadeBedrock made;
  EXPECT_EQ(made.provider->embeddings("amazon.titan-embed-text-v2:0"), &dialect::kTitanEmbeddings);
  EXPECT_EQ(made.provider->embeddings("cohere.embed-english-v3"), &dialect::kCohereEmbeddings);
  EXPECT_EQ(made.provider->embeddings(kNova), nullptr);
  std::string path;
  made.provider->append_embeddings_path("amazon.titan-embed-text-v2:0", {}, path);
  EXPECT_EQ(path, "/model/amazon.titan-embed-text-v2%3A0/invoke");
}

TEST(Bedrock, OnlyAnthropicsStreamsAreUnwrapped) {
  const MadeBedrock made;
  const auto filter = [&](std::string_view model, std::string_view type) {
    return made.provider->answer_filter(made.provider->target(model, true), type) != nullptr;
  };
  EXPECT_TRUE(filter(kClaude, "application/vnd.amazon.eventstream"));
  EXPECT_TRUE(filter(kClaude, "Application/vnd.amazon.EventStream; x=y"));
  EXPECT_FALSE(filter(kClaude, "application/json"));
  EXPECT_FALSE(filter(kNova, "application/vnd.amazon.eventstream"));
}

// The signature is the one of aws_signature_test.cpp, which botocore made.
TEST(Bedrock, Authorises) {
  const MadeBedrock made;
  const std::array<std::string_view, 3> body{R"({"max)", "_tokens", R"(":1})"};
  const Outgoing request{.method = "POST",
                         .target = "/model/anthropic.claude-3-5-sonnet-20241022-v2%3A0/invoke",
                         .host = "bedrock-runtime.us-east-1.amazonaws.com",
                         .body = body,
                         .now = 1440938160};
  Credential credential{.key_id = "AKIDEXAMPLE",
                        .secret = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                        .session_token = Secret("TOKEN"),
                        .expires = 0};
  EXPECT_TRUE(made.provider->needs_credential());
  Buffer head;
  made.provider->authorise(request, credential, head);
  EXPECT_EQ(head.view(),
            "x-amz-date: 20150830T123600Z\r\n"
            "x-amz-content-sha256: " +
                crypto::hex(crypto::sha256(R"({"max_tokens":1})").view()) +
                "\r\nx-amz-security-token: TOKEN\r\n"
                "Authorization: AWS4-HMAC-SHA256 "
                "Credential=AKIDEXAMPLE/20150830/us-east-1/bedrock/aws4_request, "
                "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, "
                "Signature=415c9b72de21fae6830ec08a66f7f724d19e3da2ad071297690e46ebc49bf517\r\n");
  credential.session_token = {};
  head.clear();
  made.provider->authorise(request, credential, head);
  EXPECT_FALSE(head.view().contains("security-token"));
}

TEST(Bedrock, AKeyOfTheConfigurationNeedsNoCredential) {
  MadeBedrock made;
  made.config.keys.emplace_back();
  EXPECT_FALSE(made.provider->needs_credential());
}

}  // namespace
}  // namespace butter::provider
