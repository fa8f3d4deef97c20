#include "dialect/responses_citation.h"

#include <gtest/gtest.h>

namespace butter::dialect {
namespace {

std::string annotation(std::string_view citation) {
  Buffer out;
  const bool written = write_annotation({citation}, out);
  EXPECT_EQ(written, !out.empty());
  return std::string(out.view());
}

TEST(ResponsesCitation, ChatsAndAnthropicsSourcesOnTheWeb) {
  constexpr std::string_view kWanted =
      R"({"type":"url_citation","start_index":3,"end_index":9,"url":"https://a.example","title":"A"})";
  EXPECT_EQ(annotation(R"({"type":"url_citation","url_citation":{"start_index":3,"end_index":9,)"
                       R"("title":"A","url":"https://a.example"}})"),
            kWanted);
  EXPECT_EQ(annotation(kWanted), kWanted);
  EXPECT_EQ(annotation(R"({"type":"web_search_result_location","url":"https://a.example",)"
                       R"("title":"A","cited_text":"x","encrypted_index":"y"})"),
            R"({"type":"url_citation","start_index":0,"end_index":0,"url":"https://a.example",)"
            R"("title":"A"})");
}

TEST(ResponsesCitation, AnthropicsDocuments) {
  EXPECT_EQ(annotation(R"({"type":"char_location","cited_text":"x","document_index":2,)"
                       R"("document_title":"Tide \"table\"","start_char_index":0})"),
            R"({"type":"file_citation","file_id":"","filename":"Tide \"table\"","index":2})");
}

TEST(ResponsesCitation, TheApisOwnStayOnOneLine) {
  EXPECT_EQ(annotation("{\"type\":\"file_path\",\n\"file_id\":\"f\"}"),
            R"({"type":"file_path","file_id":"f"})");
}

TEST(ResponsesCitation, WhatIsNoneIsLeftOut) {
  EXPECT_EQ(annotation(R"({"type":"star_sign"})"), "");
  EXPECT_EQ(annotation("3"), "");
}

}  // namespace
}  // namespace butter::dialect
