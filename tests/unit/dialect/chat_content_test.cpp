#include "dialect/chat_content.h"

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

using chat_test::ask;

std::unique_ptr<chat_test::Asked> content(const std::string& json) {
  return ask(chat_test::with_messages(R"({"role":"user","content":)" + json + '}'));
}

TEST(ChatContent, AStringAndAPartOfTextAreTheSame) {
  for (const char* json : {R"("a\u00e9")", R"([{"type":"text","text":"a\u00e9"}])"}) {
    const auto asked = content(json);
    ASSERT_EQ(asked->conversation.turns[0].parts.size(), 1U) << json;
    EXPECT_EQ(asked->conversation.turns[0].parts[0].text.escaped, R"(a\u00e9)");
  }
  EXPECT_TRUE(content("null")->conversation.turns[0].parts.empty());
  EXPECT_TRUE(content("\"\"")->conversation.turns[0].parts.empty());
}

TEST(ChatContent, ADataUrlBecomesItsBytes) {
  const auto asked = content(
      R"([{"image_url":{"url":"data:image/png;base64,AA==","detail":"low"},"type":"image_url"}])");
  const Part& part = asked->conversation.turns[0].parts[0];
  EXPECT_EQ(part.kind, Part::Kind::image);
  EXPECT_EQ(part.source.data.escaped, "AA==");
  EXPECT_EQ(part.source.media_type.escaped, "image/png");
  EXPECT_EQ(part.detail.escaped, "low");
  EXPECT_TRUE(chat_test::uses(asked->conversation, Feature::image_data));
  EXPECT_FALSE(chat_test::uses(asked->conversation, Feature::image_url));
}

TEST(ChatContent, FilesAndSounds) {
  const auto asked =
      content(R"([{"type":"file","file":{"file_data":"JVBE","filename":"a.pdf"}},)"
              R"({"type":"input_audio","input_audio":{"data":"UQ==","format":"mp3"}}])");
  const auto& parts = asked->conversation.turns[0].parts;
  EXPECT_EQ(parts[0].source.data.escaped, "JVBE");
  EXPECT_EQ(parts[0].source.media_type.escaped, "application/pdf");
  EXPECT_EQ(parts[0].source.name.escaped, "a.pdf");
  EXPECT_EQ(parts[1].source.media_type.escaped, "audio/mp3");
}

TEST(ChatContent, ComplaintsNameThePath) {
  EXPECT_EQ(content("5")->complaint, "messages[0].content: must be a string or a list");
  EXPECT_EQ(content(R"([{"type":"x"}])")->complaint,
            "messages[0].content[0].type: \"x\" is no part of a content");
  EXPECT_EQ(content(R"([{"text":"x"}])")->complaint, "messages[0].content[0].type: is missing");
  EXPECT_EQ(content(R"([{"type":"text","text":5}])")->complaint,
            "messages[0].content[0].text: must be a string");
  EXPECT_EQ(content(R"([{"type":"image_url"}])")->complaint,
            "messages[0].content[0].image_url: has no url");
}

}  // namespace
}  // namespace butter::dialect
