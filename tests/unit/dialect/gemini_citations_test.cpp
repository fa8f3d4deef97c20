#include "dialect/gemini_citations.h"

#include <gtest/gtest.h>

#include "unit/dialect/gemini_told.h"

namespace butter::dialect::gemini {
namespace {

std::string told(void (*tell)(json::Cursor&, unsigned, Buffer&, AnswerSink&),
                 std::string_view text) {
  json::Cursor at(text);
  Buffer scratch;
  test::Told sink;
  tell(at, 1, scratch, sink);
  return sink.lines();
}

constexpr std::string_view kCited = R"(citation 1 {"type":"url_citation","url_citation":)";

TEST(GeminiCitations, OnceForEachPassageAndPage) {
  EXPECT_EQ(told(tell_grounding, R"({"groundingSupports":[
        {"segment":{"startIndex":5,"endIndex":9,"text":"x"},"groundingChunkIndices":[0,2]},
        {"segment":{"endIndex":4},"groundingChunkIndices":[0,9]}],
        "groundingChunks":[{"web":{"uri":"https://a.test","title":"A"}},
        {"web":{"uri":"https://b.test"}},{"web":{"uri":"https://c.test","title":"\u0043"}}]})"),
            std::string(kCited) +
                R"({"start_index":5,"end_index":9,"url":"https://a.test","title":"A"}})"
                "\n" +
                std::string(kCited) +
                R"({"start_index":5,"end_index":9,"url":"https://c.test","title":"\u0043"}})"
                "\n" +
                std::string(kCited) +
                R"({"start_index":0,"end_index":4,"url":"https://a.test","title":"A"}})"
                "\n" +
                std::string(kCited) +
                R"({"start_index":0,"end_index":0,"url":"https://b.test","title":""}})");
}

TEST(GeminiCitations, Recitations) {
  EXPECT_EQ(told(tell_recitations,
                 R"({"citationSources":[{"startIndex":1,"endIndex":3,"uri":"https://a.test",
                 "license":"MIT"},{"startIndex":4}],"x":1})"),
            std::string(kCited) +
                R"({"start_index":1,"end_index":3,"url":"https://a.test","title":""}})");
}

TEST(GeminiCitations, NothingCited) {
  EXPECT_EQ(told(tell_grounding, R"({"webSearchQueries":["x"]})"), "");
  EXPECT_EQ(told(tell_recitations, "{}"), "");
}

}  // namespace
}  // namespace butter::dialect::gemini
