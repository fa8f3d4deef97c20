#include "guard/logprobs.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace butter::guard {
namespace {

std::string dropped(std::string_view json) {
  Edits edits;
  drop_logprobs(json, json.data(), edits);
  std::string out;
  edits.apply(json, out);
  return out;
}

TEST(DropLogprobs, OfAllApis) {
  EXPECT_EQ(dropped(R"({"choices":[{"logprobs" : {"content":[{"token":"a"}]},"index":0}]})"),
            R"({"choices":[{"logprobs" : null,"index":0}]})");
  EXPECT_EQ(dropped(R"({"delta":"a","logprobs":[{"token":"a"}]})"),
            R"({"delta":"a","logprobs":[]})");
  EXPECT_EQ(dropped(R"({"logprobsResult":{"x":[{"y":"}"}]},"avgLogprobs":1})"),
            R"({"logprobsResult":{},"avgLogprobs":1})");
  EXPECT_EQ(dropped(R"([{"logprobs":[1]},{"logprobs":{}}])"),
            R"([{"logprobs":[]},{"logprobs":null}])");
}

TEST(DropLogprobs, WhatTellsNothingStays) {
  for (const char* const json :
       {"", R"({"logprobs":null})", R"({"logprobs":true})", R"({"a":"\"logprobs\":{}"})",
        R"({"a":"logprobs"})", R"({"logprobs")", R"({"logprobs":{)", R"({"top_logprobs":[1]})"}) {
    EXPECT_EQ(dropped(json), json);
  }
}

}  // namespace
}  // namespace butter::guard
