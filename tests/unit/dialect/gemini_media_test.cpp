#include "dialect/gemini_media.h"

#include <gtest/gtest.h>

#include "base/buffer.h"

namespace butter::dialect::gemini {
namespace {

std::string written(Part::Kind kind, Source source) {
  Buffer out;
  json::Writer json(out);
  write_media(json, {.kind = kind, .source = source});
  return std::string(out.view());
}

TEST(GeminiMedia, BytesAreInline) {
  EXPECT_EQ(written(Part::Kind::image, {.data = {"QQ=="}, .media_type = {"image/webp"}}),
            R"({"inlineData":{"mimeType":"image/webp","data":"QQ=="}})");
  EXPECT_EQ(written(Part::Kind::file, {.data = {"QQ=="}, .name = {"notes.TXT"}}),
            R"({"inlineData":{"mimeType":"text/plain","data":"QQ=="}})");
}

TEST(GeminiMedia, BytesWithoutATypeHaveTheUsualOne) {
  const std::pair<Part::Kind, std::string_view> cases[] = {
      {Part::Kind::image, "image/png"},
      {Part::Kind::audio, "audio/wav"},
      {Part::Kind::file, "application/pdf"},
      {Part::Kind::text, "application/octet-stream"}};
  for (const auto& [kind, type] : cases) {
    EXPECT_EQ(written(kind, {.data = {"QQ=="}}),
              R"({"inlineData":{"mimeType":")" + std::string(type) + R"(","data":"QQ=="}})");
  }
}

TEST(GeminiMedia, AddressesAndFilesAreUris) {
  EXPECT_EQ(
      written(Part::Kind::image, {.url = {"https:\\/\\/h.test\\/a.b\\/cat.jpeg?w=1.png"}}),
      R"({"fileData":{"mimeType":"image/jpeg","fileUri":"https:\/\/h.test\/a.b\/cat.jpeg?w=1.png"}})");
  EXPECT_EQ(written(Part::Kind::image, {.url = {"https://h.test/cat"}}),
            R"({"fileData":{"fileUri":"https://h.test/cat"}})");
  EXPECT_EQ(written(Part::Kind::file, {.file_id = {"files/abc"}, .name = {"a.pdf"}}),
            R"({"fileData":{"mimeType":"application/pdf","fileUri":"files/abc"}})");
}

}  // namespace
}  // namespace butter::dialect::gemini
