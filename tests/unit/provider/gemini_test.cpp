#include <gtest/gtest.h>

#include "unit/provider/made.h"

namespace butter::provider {
namespace {

TEST(Gemini, SaysWhatIsItsOwn) {
  const test::Made made(config::ProviderType::gemini);
  EXPECT_EQ(made.auth("K"), "x-goog-api-key: K\r\n");
  EXPECT_EQ(made.auth(""), "");
  EXPECT_EQ(made.defaults(), "");
  EXPECT_EQ(made.speaks(), "");
  EXPECT_EQ(made.provider->has_native(), true);
}

TEST(Gemini, TheKeyIsNeverInTheTarget) {
  const test::Made made(config::ProviderType::gemini, "https://h.test");
  EXPECT_EQ(made.target("/v1beta/models/m:generateContent", "alt=sse"),
            "/v1beta/models/m:generateContent?alt=sse");
}

std::string path_of(std::string_view model, bool stream = false,
                    std::string base_url = "https://h.test") {
  const test::Made made(config::ProviderType::gemini, std::move(base_url));
  std::string path;
  made.provider->append_path(made.provider->target(model, stream), path);
  return path;
}

TEST(Gemini, TheModelStandsInThePath) {
  EXPECT_EQ(path_of("gemini-2.0-flash"), "/v1beta/models/gemini-2.0-flash:generateContent");
  EXPECT_EQ(path_of("gemini-2.0-flash", true),
            "/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse");
  EXPECT_EQ(path_of("models/m"), "/v1beta/models/m:generateContent");
  EXPECT_EQ(path_of("tunedModels/mine"), "/v1beta/tunedModels/mine:generateContent");
}

TEST(Gemini, AModelCannotLeaveItsSegment) {
  EXPECT_EQ(path_of("a/../b?x"), "/v1beta/models/a%2F..%2Fb%3Fx:generateContent");
  EXPECT_EQ(path_of("tunedModels/../x"), "/v1beta/tunedModels/..%2Fx:generateContent");
  EXPECT_EQ(path_of("a b\r\nX: y#"), "/v1beta/models/a%20b%0D%0AX%3A%20y%23:generateContent");
}

TEST(Gemini, ABaseUrlMaySayTheVersion) {
  EXPECT_EQ(path_of("m", false, "https://h.test/v1"), "/models/m:generateContent");
  EXPECT_EQ(path_of("m", false, "https://h.test/proxy/v1beta"), "/models/m:generateContent");
  EXPECT_EQ(path_of("m", false, "https://h.test/vip"), "/v1beta/models/m:generateContent");
}

TEST(Gemini, EmbeddingsOneOrMany) {
  const test::Made made(config::ProviderType::gemini, "https://h.test");
  ASSERT_EQ(made.provider->embeddings("e"), &dialect::kGeminiEmbeddings);
  std::string one;
  made.provider->append_embeddings_path("e/1", {.inputs = {{"a"}}}, one);
  EXPECT_EQ(one, "/v1beta/models/e%2F1:embedContent");
  std::string many;
  made.provider->append_embeddings_path("e", {.inputs = {{"a"}, {"b"}}}, many);
  EXPECT_EQ(many, "/v1beta/models/e:batchEmbedContents");
}

TEST(Gemini, RequestsAreTranslated) {
  const test::Made made(config::ProviderType::gemini);
  EXPECT_EQ(made.provider->dialect(), dialect::Dialect::gemini);
}

}  // namespace
}  // namespace butter::provider
