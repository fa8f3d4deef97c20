#include "dialect/gemini_parts.h"

#include <gtest/gtest.h>

#include "unit/dialect/gemini_told.h"

namespace butter::dialect::gemini {
namespace {

/// \param parts  the array
std::string told(std::string_view parts) {
  json::Cursor at(parts);
  PartTeller teller;
  test::Told sink;
  unsigned tools = 0;
  at.array([&] { teller.tell(at, 0, tools, sink); });
  return sink.lines();
}

TEST(GeminiParts, TextsAndThoughts) {
  EXPECT_EQ(told(R"([{"text":"hm","thought":true},{"text":"a"},{"thought":false,"text":"\n"}])"),
            "thinking 0 hm\ntext 0 a\\n");
  EXPECT_EQ(told(R"([{"text":""},{"somethingNew":{}},7])"), "");
}

TEST(GeminiParts, SignaturesOfThoughtsAndTexts) {
  EXPECT_EQ(told(R"([{"thoughtSignature":"S","text":"hm","thought":true}])"),
            "thinking 0 hm\nsignature 0 google.S");
  EXPECT_EQ(told(R"([{"text":"a","thoughtSignature":"S"}])"),
            "text 0 a\nthinking 0 \nsignature 0 google.S");
  EXPECT_EQ(told(R"([{"text":"","thoughtSignature":"S"}])"), "thinking 0 \nsignature 0 google.S");
}

TEST(GeminiParts, ACallIsToldWhole) {
  EXPECT_EQ(told(R"([{"functionCall":{"id":"x1","name":"f","args":{"a":1}},"thoughtSignature":"S"},
                     {"functionCall":{"name":"g","id":"x2"}}])"),
            "call 0.0 x1 f signed S\narguments 0.0 {\\\"a\\\":1}\n"
            "call 0.1 x2 g\narguments 0.1 {}");
}

TEST(GeminiParts, ArgumentsInManyLinesBecomeOne) {
  EXPECT_EQ(told("[{\"functionCall\":{\"id\":\"1\",\"name\":\"f\",\"args\":{\n  \"a b\": [ 1,\r\n"
                 "data:\t2 ],\n \"c\": \"\\\\\\\" \\u00e9\\n\"}}}]"),
            "call 0.0 1 f\n"
            R"(arguments 0.0 {\"a b\":[1,2],\"c\":\"\\\\\\\" \\u00e9\\n\"})");
}

TEST(GeminiParts, IdsThatAreMadeDifferByCall) {
  const std::string first = told(R"([{"functionCall":{"name":"f","args":{"a":1}}}])");
  EXPECT_EQ(first, told(R"([{"functionCall":{"args":{ "a": 1 },"name":"f"}}])"));
  EXPECT_NE(first, told(R"([{"functionCall":{"name":"f","args":{"a":2}}}])"));
  EXPECT_NE(first, told(R"([{"functionCall":{"name":"g","args":{"a":1}}}])"));
  const std::string id = first.substr(std::string("call 0.0 ").size(), 21);
  EXPECT_TRUE(id.starts_with("call_"));
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef", 5), std::string::npos) << id;
  const std::string twice =
      told(R"([{"functionCall":{"name":"f"}},{"functionCall":{"name":"f"}}])");
  EXPECT_NE(twice.substr(twice.find("call_"), 21), twice.substr(twice.rfind("call_"), 21));
}

TEST(GeminiParts, ImagesAndCodeAreMarkdown) {
  EXPECT_EQ(told(R"([{"inlineData":{"mimeType":"image\/png","data":"QQ=="}}])"),
            R"x(text 0 ![](data:image\/png;base64,QQ==))x");
  EXPECT_EQ(told(R"x([{"executableCode":{"language":"PYTHON","code":"print(1)"
}
},
                     {"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}}])x"),
            R"x(text 0 ```python\nprint(1)\n```\n```\n1\n```\n)x");
}

}  // namespace
}  // namespace butter::dialect::gemini
