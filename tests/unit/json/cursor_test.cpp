#include "json/cursor.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::json {
namespace {

/// The members of an object, "+" behind those that say something and "-" behind the others.
std::string members(Cursor& at) {
  std::string out;
  at.object([&](std::string_view key) {
    out.append(key);
    out += at.skip_empty() ? "- " : "+ ";
  });
  return out;
}

TEST(Cursor, Members) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({})", ""},
      {R"( { } )", ""},
      {R"({"a":1})", "a+ "},
      {R"({"a":1,"b":"x","c":true,"d":[1],"e":{"f":1}})", "a+ b+ c+ d+ e+ "},
      {R"({"a":null,"b":"","c":false,"d":[],"e":{},"f":[ ],"g":{ } })", "a- b- c- d- e- f- g- "},
      {R"({ "a" : 1 , "b" : "" })", "a+ b- "},
      {R"({"a":"}\"]","b":["]","\\"],"c":{"x":"{"}})", "a+ b+ c+ "},
      {R"({"a\"b":1})", R"(a\"b+ )"},
      {R"({"a":0})", "a+ "},
      {"{\n\"a\":1,\r\n\"b\":null\n}", "a+ b- "},
      {"{\ndata:\"a\":1,\r\ndata: \"b\":null\ndata: }", "a+ b- "},
      {R"([1])", ""},
      {R"("text")", ""},
  };
  for (const auto& [text, expected] : cases) {
    Cursor at(text);
    EXPECT_EQ(members(at), expected) << text;
    EXPECT_TRUE(at.ok()) << text;
  }
}

TEST(Cursor, WhatCannotBeReadFails) {
  for (const std::string_view text :
       {R"({"a":1)", R"({"a":)", R"({"a")", R"({"a)", R"({"a":"x)", R"({"a":[1)", R"({"a":{"b":"\)",
        R"({"a":1,})", R"({"a":1 "b":2})", R"({a:1})", R"({"a" 1})", R"(})", "", "   "}) {
    Cursor at(text);
    (void)members(at);
    EXPECT_FALSE(at.ok()) << text;
    EXPECT_EQ(at.peek(), '\0') << text;
  }
}

TEST(Cursor, Strings) {
  EXPECT_EQ(Cursor(R"("abc")").string(), "abc");
  EXPECT_EQ(Cursor(R"( "a\"b\\" )").string(), R"(a\"b\\)");
  EXPECT_EQ(Cursor(R"("")").string(), "");
  EXPECT_EQ(Cursor(R"(12)").string(), "");
  EXPECT_EQ(Cursor(R"("open)").string(), "");
  EXPECT_EQ(Cursor("").string(), "");
}

TEST(Cursor, SmallNumbers) {
  EXPECT_EQ(Cursor("0").small_number(), 0U);
  EXPECT_EQ(Cursor(" 17,").small_number(), 17U);
  EXPECT_EQ(Cursor("63").small_number(), 63U);
  EXPECT_EQ(Cursor("99999999999999999999").small_number(), 63U);
  EXPECT_EQ(Cursor("-1").small_number(), 0U);
  EXPECT_EQ(Cursor("null").small_number(), 0U);
  EXPECT_EQ(Cursor(R"("5")").small_number(), 0U);
}

TEST(Cursor, Arrays) {
  const std::pair<std::string_view, int> cases[] = {
      {"[]", 0}, {"[1,2,3]", 3}, {R"([{"a":[1,2]},"],"])", 2},
      {"{}", 0}, {"null", 0},    {"[ 1 , 2 ]", 2}};
  for (const auto& [text, expected] : cases) {
    int count = 0;
    Cursor at(text);
    at.array([&] {
      ++count;
      at.skip_value();
    });
    EXPECT_EQ(count, expected) << text;
    EXPECT_TRUE(at.ok()) << text;
    EXPECT_EQ(at.peek(), '\0') << text;
  }
}

TEST(Cursor, WhatIsCutAnywhereFailsAndNeverReadsOn) {
  const std::string whole = R"({"a":[1,{"b":"\"}\\"}],"c":{"d":null},"e":"text","f":-1.5e3})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut =
        whole.substr(0, size);  // on the heap: a sanitizer sees what is overread
    Cursor at(cut);
    at.object([&](std::string_view) { at.skip_value(); });
    EXPECT_FALSE(at.ok()) << cut;
  }
}

TEST(Cursor, DeepNestingNeedsNoStack) {
  const std::string deep = R"({"a":)" + std::string(1000000, '[') + std::string(1000000, ']') + "}";
  Cursor at(deep);
  at.object([&](std::string_view) { at.skip_value(); });
  EXPECT_TRUE(at.ok());
}

TEST(Cursor, ValueIsGivenAsItIsWritten) {
  Cursor at(R"( {"a": [1, {"b":"]"}] , "c":"x\"y", "d":-1.50e3,"e": null})");
  std::string out;
  at.object([&](std::string_view key) {
    out.append(key);
    out += '=';
    out.append(at.value());
    out += ';';
  });
  EXPECT_TRUE(at.ok());
  EXPECT_EQ(out, R"(a=[1, {"b":"]"}];c="x\"y";d=-1.50e3;e=null;)");

  Cursor cut(R"({"a":[1,2)");
  cut.object([&](std::string_view) { EXPECT_EQ(cut.value(), ""); });
  EXPECT_FALSE(cut.ok());
}

TEST(Cursor, AStringMayBeReadByAnother) {
  Cursor at(R"(["a\"b",7,"c"])");
  std::string out;
  at.array([&] {
    out.append(at.string_by([](std::string_view rest) { return rest.starts_with('a') ? 5U : 2U; }));
    out += ';';
  });
  EXPECT_TRUE(at.ok());
  EXPECT_EQ(out, R"(a\"b;;c;)");

  Cursor open(R"("abc)");
  EXPECT_EQ(open.string_by([](std::string_view) { return std::size_t{0}; }), "");
  EXPECT_FALSE(open.ok());
}

}  // namespace
}  // namespace butter::json
