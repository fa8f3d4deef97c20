#include "dialect/messages_citation.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::dialect {
namespace {

constexpr std::string_view kChat =
    R"({"type":"url_citation","url_citation":{"start_index":1,"url":"https://e","title":"T"}})";
constexpr std::string_view kWeb =
    R"({"type":"web_search_result_location","url":"https://e","title":"T","cited_text":"c"})";

std::string as_messages(std::string_view raw) {
  Buffer out;
  return write_messages_citation({raw}, out) ? std::string(out.view()) : "none";
}

std::string as_chat(std::string_view raw) {
  Buffer out;
  write_chat_annotation({raw}, out);
  return std::string(out.view());
}

TEST(MessagesCitation, ItsOwnAreKept) {
  EXPECT_EQ(as_messages(kWeb), kWeb);
  EXPECT_EQ(as_messages("{\"type\":\r\ndata: \"page_location\"}"), R"({"type": "page_location"})");
}

TEST(MessagesCitation, ChatsBecomeOnesOfTheWeb) {
  EXPECT_EQ(as_messages(kChat),
            R"({"type":"web_search_result_location","url":"https://e","title":"T",)"
            R"("cited_text":"","encrypted_index":""})");
  EXPECT_EQ(as_messages(R"({"type":"file_citation","file_id":"f"})"), "none");
}

TEST(MessagesCitation, AndTheOtherWayRound) {
  EXPECT_EQ(as_chat(kWeb), R"({"type":"url_citation","url_citation":{"start_index":0,)"
                           R"("end_index":0,"url":"https://e","title":"T"}})");
  EXPECT_EQ(as_chat(kChat), kChat);
  EXPECT_EQ(as_chat(R"({"type":"char_location"})"), R"({"type":"char_location"})");
}

}  // namespace
}  // namespace butter::dialect
