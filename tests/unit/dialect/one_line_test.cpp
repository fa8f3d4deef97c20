#include "dialect/one_line.h"

#include <gtest/gtest.h>

namespace butter::dialect {
namespace {

TEST(OneLine, LineEndsAndWhatAnEventPutsBehindThemGo) {
  constexpr struct {
    std::string_view json, line;
  } kRows[] = {
      {"", ""},
      {R"({"a":"x\ny"})", R"({"a":"x\ny"})"},
      {"{\n  \"a\": 1,\r\n  \"b\": 2\n}", "{  \"a\": 1,  \"b\": 2}"},
      {"{\"a\":1,\ndata: \"b\":2}", "{\"a\":1, \"b\":2}"},
      {"{\"a\":\r\ndata:1}", "{\"a\":1}"},
  };
  for (const auto& row : kRows) {
    Buffer out;
    append_one_line(out, row.json);
    EXPECT_EQ(out.view(), row.line);
  }
}

}  // namespace
}  // namespace butter::dialect
