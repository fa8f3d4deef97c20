#include "dialect/converse_blocks.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace butter::dialect {
namespace {

using Kind = Part::Kind;

std::string written(const std::vector<Part>& parts) {
  Buffer out;
  json::Writer writer(out);
  ConverseBlocks blocks(writer);
  writer.begin_array();
  for (const Part& part : parts) {
    if (const auto done = blocks.write(part); !done) { return done.error().detail; }
  }
  writer.end_array();
  return std::string(out.view());
}

Part file(Kind kind, std::string_view media_type, std::string_view name = {}) {
  return {
      .kind = kind,
      .source = {
          .url = {}, .data = {"QUJD"}, .file_id = {}, .media_type = {media_type}, .name = {name}}};
}

TEST(ConverseBlocks, Text) {
  EXPECT_EQ(written({{.text = {R"(a\n\"b\" é😀)"}}}), R"([{"text":"a\n\"b\" é😀"}])");
  EXPECT_EQ(written({{.kind = Kind::refusal, .text = {"no"}}}), R"([{"text":"no"}])");
}

TEST(ConverseBlocks, BlankTextSaysNothing) {
  for (const std::string_view blank : {"", " ", R"( \n\t\r )"}) {
    EXPECT_TRUE(ConverseBlocks::says_nothing({.text = {blank}})) << blank;
  }
  for (const std::string_view text : {"x", R"(\\)", R"(\n.)", R"(\u0020)"}) {
    EXPECT_FALSE(ConverseBlocks::says_nothing({.text = {text}})) << text;
  }
  EXPECT_FALSE(ConverseBlocks::says_nothing({.kind = Kind::thinking}));
}

TEST(ConverseBlocks, CacheMarkers) {
  EXPECT_EQ(written({{.text = {"a"}, .cache_control = {R"({"type":"ephemeral"})"}},
                     {.text = {"b"}, .cache_control = {R"({"type":"ephemeral","ttl":"1h"})"}}}),
            R"([{"text":"a"},{"cachePoint":{"type":"default"}},)"
            R"({"text":"b"},{"cachePoint":{"type":"default","ttl":"1h"}}])");
}

TEST(ConverseBlocks, Images) {
  for (const auto& [type, format] : {std::pair<std::string_view, std::string>{"image/png", "png"},
                                     {"image\\/jpeg", "jpeg"},
                                     {"image/jpg", "jpeg"},
                                     {"IMAGE/GIF", "gif"},
                                     {"image/webp", "webp"}}) {
    EXPECT_EQ(written({file(Kind::image, type)}),
              R"([{"image":{"format":")" + format + R"(","source":{"bytes":"QUJD"}}}])");
  }
  EXPECT_EQ(
      written({file(Kind::image, "image/bmp")}),
      R"(media type "image/bmp" cannot be sent to Bedrock as image, which is one of: png, jpeg, gif, webp)");
  EXPECT_EQ(written({{.kind = Kind::image, .source = {.url = {"https://h.test/a.png"}}}}),
            "Bedrock takes a file of kind image as base64 data only, not by URL or id");
}

TEST(ConverseBlocks, DocumentsAndSounds) {
  EXPECT_EQ(
      written({file(Kind::file, "application/pdf", "Q3 report_(final).v2.pdf"),
               file(Kind::file, "text/plain; charset=utf-8"), file(Kind::file, "", "a.csv")}),
      R"([{"document":{"format":"pdf","name":"Q3-report-(final)-v2","source":{"bytes":"QUJD"}}},)"
      R"({"document":{"format":"txt","name":"document 2","source":{"bytes":"QUJD"}}},)"
      R"({"document":{"format":"csv","name":"a 3","source":{"bytes":"QUJD"}}}])");
  EXPECT_EQ(written({file(Kind::audio, "audio/wav")}),
            R"([{"audio":{"format":"wav","source":{"bytes":"QUJD"}}}])");
  EXPECT_EQ(written({file(Kind::file, "application/zip")}).substr(0, 68),
            R"(media type "application/zip" cannot be sent to Bedrock as document, )");
}

TEST(ConverseBlocks, ToolCallsAndResults) {
  EXPECT_EQ(
      written({{.kind = Kind::tool_call, .id = {"t1"}, .name = {"f"}, .arguments = {R"({"a": 1})"}},
               {.kind = Kind::tool_call, .id = {"t2"}, .name = {"g"}}}),
      R"([{"toolUse":{"toolUseId":"t1","name":"f","input":{"a": 1}}},)"
      R"({"toolUse":{"toolUseId":"t2","name":"g","input":{}}}])");
  EXPECT_EQ(
      written({{.kind = Kind::tool_result,
                .id = {"t1"},
                .content = {{.text = {"21°"}}, {.text = {""}}, file(Kind::image, "image/png")}},
               {.kind = Kind::tool_result, .id = {"t2"}, .is_error = true}}),
      R"([{"toolResult":{"toolUseId":"t1","content":[{"text":"21°"},)"
      R"({"image":{"format":"png","source":{"bytes":"QUJD"}}}]}},)"
      R"({"toolResult":{"toolUseId":"t2","content":[],"status":"error"}}])");
  EXPECT_EQ(written({{.kind = Kind::tool_result, .content = {file(Kind::image, "image/x")}}})
                .substr(0, 20),
            R"(media type "image/x")");
}

TEST(ConverseBlocks, Thinking) {
  EXPECT_EQ(written({{.kind = Kind::thinking, .text = {"hm"}, .signature = {"s=="}},
                     {.kind = Kind::thinking, .text = {"no"}},
                     {.kind = Kind::redacted_thinking, .signature = {"b3BhcXVl"}}}),
            R"([{"reasoningContent":{"reasoningText":{"text":"hm","signature":"s=="}}},)"
            R"({"reasoningContent":{"reasoningText":{"text":"no"}}},)"
            R"({"reasoningContent":{"redactedContent":"b3BhcXVl"}}])");
}

}  // namespace
}  // namespace butter::dialect
