#include "dialect/gemini_logprobs.h"

#include <gtest/gtest.h>

namespace butter::dialect::gemini {
namespace {

std::string written(std::string_view text) {
  json::Cursor at(text);
  Buffer out;
  append_logprobs(at, out);
  return std::string(out.view());
}

TEST(GeminiLogprobs, AsChatWritesThem) {
  EXPECT_EQ(written(R"({"topCandidates":[{"candidates":[{"token":"He","logProbability":-0.1},
    {"token":"\"","tokenId":7,"logProbability":-2.5}]}],
    "chosenCandidates":[{"token":"He","tokenId":1,"logProbability":-0.1},{"token":"y"}]})"),
            R"({"content":[{"token":"He","logprob":-0.1,"bytes":null,"top_logprobs":[)"
            R"({"token":"He","logprob":-0.1,"bytes":null},)"
            R"({"token":"\"","logprob":-2.5,"bytes":null}]},)"
            R"({"token":"y","logprob":0,"bytes":null,"top_logprobs":[]}],"refusal":null})");
}

TEST(GeminiLogprobs, None) {
  EXPECT_EQ(written("{}"), R"({"content":[],"refusal":null})");
}

}  // namespace
}  // namespace butter::dialect::gemini
