#include "dialect/responses_content.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::dialect {
namespace {

std::string told(const Part& part) {
  constexpr std::string_view kKinds[] = {"text",   "image",    "file",     "audio",  "call",
                                         "result", "thinking", "redacted", "refusal"};
  std::string out(kKinds[static_cast<std::size_t>(part.kind)]);
  const auto add = [&](std::string_view name, Text text) {
    if (!text.empty()) { out += ' ' + std::string(name) + '=' + std::string(text.escaped); }
  };
  add("text", part.text);
  add("detail", part.detail);
  add("url", part.source.url);
  add("data", part.source.data);
  add("file_id", part.source.file_id);
  add("media", part.source.media_type);
  add("name", part.source.name);
  return out;
}

struct Content {
  explicit Content(std::string_view json, ContentOf whose = ContentOf::message) {
    Fields fields(json);
    read_responses_content(fields, whose, conversation, parts);
    const Result<void> read = fields.result();
    text = read ? "" : read.error().detail;
    if (!read) { return; }
    for (const Part& part : parts) { text += told(part) + '\n'; }
  }
  [[nodiscard]] bool uses(Feature feature) const {
    return conversation.used[static_cast<std::size_t>(feature)];
  }

  Conversation conversation;
  std::vector<Part> parts;
  std::string text;
};

TEST(ResponsesContent, Texts) {
  EXPECT_EQ(Content(R"("a\"b")").text, "text text=a\\\"b\n");
  EXPECT_EQ(Content("[]").text, "");
  const Content content(R"([{"type":"input_text","text":"a"},{"text":"b","type":"output_text",
      "annotations":[],"logprobs":[]},{"type":"text","text":"c"},{"type":"refusal","refusal":"d"}])");
  EXPECT_EQ(content.text, "text text=a\ntext text=b\ntext text=c\nrefusal text=d\n");
  EXPECT_TRUE(content.uses(Feature::refusal));
  EXPECT_FALSE(content.uses(Feature::citations));
  EXPECT_TRUE(Content(R"([{"type":"output_text","text":"b","annotations":[{"type":"file_path"}]}])")
                  .uses(Feature::citations));
}

TEST(ResponsesContent, WhereTheBytesAre) {
  constexpr struct {
    std::string_view part, told;
    Feature feature;
  } kRows[] = {
      {R"("type":"input_image","image_url":"https://a.example/c.png")",
       "image url=https://a.example/c.png\n", Feature::image_url},
      {R"("type":"input_image","image_url":"data:image/png;base64,iVBO","detail":"auto")",
       "image data=iVBO media=image/png\n", Feature::image_data},
      {R"("type":"input_image","image_url":"data:image/svg+xml,<svg>")",
       "image url=data:image/svg+xml,<svg>\n", Feature::image_url},
      {R"("type":"input_image","file_id":"file_1","detail":"high")",
       "image detail=high file_id=file_1\n", Feature::image_detail},
      {R"("type":"input_image","file_id":"file_1")", "image file_id=file_1\n", Feature::file_id},
      {R"("type":"input_file","filename":"t.pdf","file_data":"data:text/plain;base64,JVBE")",
       "file data=JVBE media=text/plain name=t.pdf\n", Feature::file_data},
      {R"("type":"input_file","file_data":"JVBE")", "file data=JVBE media=application/pdf\n",
       Feature::file_data},
      {R"("type":"input_file","file_url":"https://a.example/t.pdf")",
       "file url=https://a.example/t.pdf\n", Feature::file_url},
      {R"("type":"input_file","file_id":"file_2")", "file file_id=file_2\n", Feature::file_id},
      {R"("type":"input_audio","input_audio":{"data":"UklG","format":"wav"})",
       "audio data=UklG media=audio/wav\n", Feature::audio_input},
  };
  for (const auto& row : kRows) {
    const Content content("[{" + std::string(row.part) + "}]");
    EXPECT_EQ(content.text, row.told);
    EXPECT_TRUE(content.uses(row.feature)) << to_string(row.feature);
  }
}

TEST(ResponsesContent, ImagesInResultsAreAFeatureOfTheirOwn) {
  constexpr std::string_view kImage = R"([{"type":"input_image","image_url":"https://a.example"}])";
  EXPECT_TRUE(Content(kImage, ContentOf::tool_result).uses(Feature::tool_result_image));
  EXPECT_FALSE(Content(kImage).uses(Feature::tool_result_image));
}

TEST(ResponsesContent, Complaints) {
  constexpr struct {
    std::string_view content, complaint;
  } kRows[] = {
      {"7", "the request must be a list"},
      {"[7]", "[0]: must be an object"},
      {R"([{"text":"x"}])", "[0].type: is missing"},
      {R"([{"type":"input_text","text":"x"},{"type":"video"}])",
       "[1].type: \"video\" is no part of a content"},
      {R"([{"type":"input_image"}])", "[0].image_url: is missing"},
      {R"([{"type":"input_file","filename":"a"}])", "[0].file_data: is missing"},
      {R"([{"type":"input_audio","input_audio":{"format":"wav"}}])",
       "[0].input_audio: has no data"},
      {R"([{"type":"input_text","text":{}}])", "[0].text: must be a string"},
  };
  for (const auto& row : kRows) { EXPECT_EQ(Content(row.content).text, row.complaint); }
}

}  // namespace
}  // namespace butter::dialect
