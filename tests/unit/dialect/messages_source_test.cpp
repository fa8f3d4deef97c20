#include "dialect/messages_source.h"

#include "unit/dialect/messages_support.h"

namespace butter::dialect {
namespace {

using messages_test::ask;
using messages_test::complaint;
using messages_test::uses;
using messages_test::with_content;

std::string block(std::string_view type, std::string_view source) {
  return with_content(R"([{"type":")" + std::string(type) + R"(","title":"n","source":)" +
                      std::string(source) + "}]");
}

TEST(MessagesSource, EveryPlaceOfAnImageAndADocument) {
  struct Row {
    std::string_view type, source;
    Feature feature;
  };
  constexpr Row kRows[] = {
      {"image", R"({"type":"url","url":"x"})", Feature::image_url},
      {"image", R"({"type":"base64","media_type":"image/png","data":"x"})", Feature::image_data},
      {"image", R"({"type":"file","file_id":"x"})", Feature::file_id},
      {"document", R"({"type":"url","url":"x"})", Feature::file_url},
      {"document", R"({"type":"base64","media_type":"application/pdf","data":"x"})",
       Feature::file_data},
      {"document", R"({"type":"file","file_id":"x"})", Feature::file_id}};
  for (const Row& row : kRows) {
    const auto asked = ask(block(row.type, row.source));
    ASSERT_EQ(asked->complaint, "");
    EXPECT_TRUE(uses(asked->conversation, row.feature)) << row.source;
    const Part& part = asked->conversation.turns[0].parts[0];
    EXPECT_EQ(part.kind, row.type == "image" ? Part::Kind::image : Part::Kind::file);
    const Source& source = part.source;
    EXPECT_EQ(std::string(source.url.escaped) + std::string(source.data.escaped) +
                  std::string(source.file_id.escaped),
              "x");
    EXPECT_EQ(source.name.escaped, row.type == "image" ? "" : "n");
    EXPECT_TRUE(part.messages_own.empty());
  }
}

TEST(MessagesSource, TextDocumentsReadAsText) {
  for (
      const std::string_view source :
      {R"({"type":"text","media_type":"text/plain","data":"a\nb"})",
       R"({"type":"content","content":"a\nb"})",
       R"({"type":"content","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]})"}) {
    const auto asked = ask(block("document", source));
    const Part& part = asked->conversation.turns[0].parts[0];
    EXPECT_EQ(part.kind, Part::Kind::text);
    EXPECT_EQ(part.text.escaped, R"(a\nb)") << source;
    EXPECT_FALSE(part.messages_own.empty());
  }
}

TEST(MessagesSource, ComplaintsNameTheirPlace) {
  constexpr std::string_view kPath = "messages[0].content[0].source";
  const auto complains = [&](std::string_view type, std::string_view source) {
    const std::string what = complaint(block(type, source));
    EXPECT_TRUE(what.starts_with(kPath)) << what;
    return what.substr(kPath.size());
  };
  EXPECT_EQ(complains("image", "null"), ": is missing");
  EXPECT_EQ(complains("image", "7"), ": must be an object");
  EXPECT_EQ(complains("image", "{}"), ".type: is missing");
  EXPECT_EQ(complains("image", R"({"type":"text"})"), ".type: \"text\" is no source of it");
  EXPECT_EQ(complains("image", R"({"type":"base64","data":"x"})"), ".media_type: is missing");
  EXPECT_EQ(complains("document", R"({"type":"url"})"), ".url: is missing");
  EXPECT_EQ(complains("document", R"({"type":"file"})"), ".file_id: is missing");
}

}  // namespace
}  // namespace butter::dialect
