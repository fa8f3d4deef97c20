#include "dialect/messages_media.h"

#include "unit/dialect/messages_support.h"

namespace butter::dialect {
namespace {

using Kind = Part::Kind;

std::string media(const Part& part) {
  Buffer out;
  json::Writer writer(out);
  const auto done = write_messages_media(part, writer);
  return done ? std::string(out.view()) : done.error().detail;
}

Part file(std::string_view type, std::string_view data) {
  return {.kind = Kind::file, .source = {.data = {data}, .media_type = {type}}};
}

TEST(MessagesMedia, ImagesAndDocumentsAreInThreePlaces) {
  EXPECT_EQ(media({.kind = Kind::image, .source = {.url = {"https://e"}}}),
            R"({"type":"image","source":{"type":"url","url":"https://e"}})");
  EXPECT_EQ(media({.kind = Kind::image, .source = {.data = {"QQ=="}, .media_type = {"image/gif"}}}),
            R"({"type":"image","source":)"
            R"({"type":"base64","media_type":"image/gif","data":"QQ=="}})");
  EXPECT_EQ(media({.kind = Kind::file, .source = {.file_id = {"f"}, .name = {"n"}}}),
            R"({"type":"document","source":{"type":"file","file_id":"f"},"title":"n"})");
  EXPECT_EQ(media({.kind = Kind::file,
                   .cache_control = {R"({"type":"ephemeral"})"},
                   .source = {.url = {"https://e/a.pdf"}}}),
            R"({"type":"document","source":{"type":"url","url":"https://e/a.pdf"},)"
            R"("cache_control":{"type":"ephemeral"}})");
}

TEST(MessagesMedia, PlainTextGoesAsItReads) {
  for (const std::string_view type : {"text/plain", "text/markdown", "application/json"}) {
    EXPECT_EQ(media(file(type, "SGkgIm1hbiI/")),
              R"({"type":"document","source":{"type":"text","media_type":"text/plain",)"
              R"("data":"Hi \"man\"?"}})");
  }
  EXPECT_EQ(media(file("text/plain", R"(SGkgIm1hbiI\/)")),
            media(file("text/plain", "SGkgIm1hbiI_")));
  EXPECT_THAT(media(file("text/plain", "S*")), testing::HasSubstr("no base64"));
}

TEST(MessagesMedia, OtherTypesAreRefused) {
  EXPECT_THAT(media(file("application/pdf", "QQ==")), testing::HasSubstr(R"("type":"base64")"));
  EXPECT_THAT(media(file("application/zip", "QQ==")), testing::HasSubstr("\"application/zip\""));
  EXPECT_THAT(media({.kind = Kind::audio}), testing::HasSubstr("sound"));
}

}  // namespace
}  // namespace butter::dialect
