#include <gtest/gtest.h>

#include "unit/provider/made.h"

namespace butter::provider {
namespace {

using dialect::Dialect;

struct MadeVertex {
  explicit MadeVertex(std::string location = "europe-west4") {
    config.name = "vertex";
    config.type = config::ProviderType::vertex;
    config.project = "proj";
    config.location = std::move(location);
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

TEST(Vertex, SaysWhatIsItsOwn) {
  const test::Made made(config::ProviderType::vertex);
  EXPECT_EQ(made.auth("K"), "x-goog-api-key: K\r\n");
  EXPECT_EQ(made.defaults(), "");
  EXPECT_EQ(made.speaks(), "");
}

TEST(Vertex, TheUrlFollowsFromTheLocation) {
  EXPECT_EQ(MadeVertex().provider->url().host, "europe-west4-aiplatform.googleapis.com");
  EXPECT_EQ(MadeVertex("global").provider->url().host, "aiplatform.googleapis.com");
  EXPECT_EQ(MadeVertex().provider->url().path, "/v1");
}

TEST(Vertex, Paths) {
  const MadeVertex made;
  const std::string begin = "/projects/proj/locations/europe-west4/publishers/";
  EXPECT_EQ(made.path("gemini-2.5-pro", false),
            begin + "google/models/gemini-2.5-pro:generateContent");
  EXPECT_EQ(made.path("gemini-2.5-pro", true),
            begin + "google/models/gemini-2.5-pro:streamGenerateContent?alt=sse");
  EXPECT_EQ(made.path("claude-opus-4@20250514", false),
            begin + "anthropic/models/claude-opus-4@20250514:rawPredict");
  EXPECT_EQ(made.path("claude-opus-4@20250514", true),
            begin + "anthropic/models/claude-opus-4@20250514:streamRawPredict");
}

TEST(Vertex, ModelsAndTheirDialects) {
  const MadeVertex made;
  const Provider& vertex = *made.provider;
  EXPECT_EQ(vertex.own_name("claude-opus-4-20250514"), "claude-opus-4@20250514");
  EXPECT_EQ(vertex.own_name("claude-opus-4@20250514"), std::nullopt);
  EXPECT_EQ(vertex.own_name("claude-sonnet-4-5"), std::nullopt);
  EXPECT_EQ(vertex.own_name("gemini-2.0-flash-20250514"), std::nullopt);
  EXPECT_EQ(vertex.dialect_of("claude-opus-4@20250514"), Dialect::messages);
  EXPECT_EQ(vertex.dialect_of("gemini-2.5-pro"), Dialect::gemini);
  EXPECT_EQ(vertex.target("claude-opus-4", false).anthropic_version, "vertex-2023-10-16");
  EXPECT_EQ(vertex.target("gemini-2.5-pro", false).anthropic_version, "");
  EXPECT_TRUE(vertex.target("claude-opus-4", true).stream_in_body);
  EXPECT_TRUE(vertex.relays(Operation::messages, "claude-opus-4"));
  EXPECT_FALSE(vertex.relays(Operation::messages, "gemini-2.5-pro"));
  EXPECT_EQ(vertex.answer_filter(vertex.target("claude-opus-4", true), "text/event-stream"),
            nullptr);
}

TEST(Vertex, RelaysAnthropicsBodies) {
  const MadeVertex made;
  constexpr std::string_view kBody = R"({"model":"claude-opus-4","stream":true,"max_tokens":1})";
  json::RequestScanner scanner;
  json::Splice splice;
  made.provider->splice_relayed(*scanner.scan(kBody), kBody, "", splice);
  std::array<std::string_view, 2 * json::Splice::kMost + 1> pieces;
  std::string out;
  for (std::size_t i = 0, n = splice.pieces(kBody, pieces); i < n; ++i) { out += pieces[i]; }
  EXPECT_EQ(out, R"({"stream":true,"max_tokens":1,"anthropic_version":"vertex-2023-10-16"})");
}

TEST(Vertex, AuthorisesWithTheToken) {
  const MadeVertex made;
  Buffer head;
  EXPECT_TRUE(made.provider->needs_credential());
  made.provider->authorise({}, {.key_id = {}, .secret = Secret("ya29.T"), .session_token = {}},
                           head);
  EXPECT_EQ(head.view(), "Authorization: Bearer ya29.T\r\n");
}

}  // namespace
}  // namespace butter::provider
