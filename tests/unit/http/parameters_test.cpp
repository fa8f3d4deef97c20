#include "http/parameters.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace butter::http {
namespace {

struct Case {
  const char* name;
  std::string_view text;
  std::string expected;  ///< name=value| for each; an escaped value has '!' in front; ends with BAD
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

const Case kCases[] = {
    {"none", "", ""},
    {"blanks", "  \t", ""},
    {"one", "; a=b", "a=b|"},
    {"no_blank", ";a=b;c=d", "a=b|c=d|"},
    {"blanks_around", " ; a=b \t;  c=d ", "a=b|c=d|"},
    {"quoted", "; a=\"b c;d=e\"; f=g", "a=b c;d=e|f=g|"},
    {"quoted_empty", "; a=\"\"", "a=|"},
    {"quoted_eight_bit", "; a=\"\xc3\xa4\"", "a=\xc3\xa4|"},
    {"escaped_quote", "; a=\"b\\\"c\"; d=e", "a=!b\"c|d=e|"},
    {"escaped_backslash", "; a=\"b\\\\\"; d=e", "a=!b\\|d=e|"},
    {"extended_name", "; filename*=UTF-8''x", "filename*=UTF-8''x|"},
    {"no_semicolon", "a=b", "BAD"},
    {"semicolon_only", ";", "BAD"},
    {"two_semicolons", ";;a=b", "BAD"},
    {"semicolon_at_the_end", "; a=b;", "a=b|BAD"},
    {"no_name", "; =b", "BAD"},
    {"no_equals", "; a", "BAD"},
    {"no_value", "; a=", "BAD"},
    {"blank_before_equals", "; a =b", "BAD"},
    {"blank_behind_equals", "; a= b", "BAD"},
    {"open_quote", "; a=\"b", "BAD"},
    {"open_escape", "; a=\"b\\", "BAD"},
    {"escape_closes_nothing", "; a=\"b\\\"", "BAD"},
    {"text_behind_quote", "; a=\"b\"c", "a=b|BAD"},
    {"comma", "; a=b, c=d", "a=b|BAD"},
};

class Parameters : public testing::TestWithParam<Case> {};

TEST_P(Parameters, AreRead) {
  ParameterReader reader(GetParam().text);
  std::string actual;
  while (const auto parameter = reader.next()) {
    actual.append(parameter->name).append(parameter->escaped ? "=!" : "=");
    actual.append(parameter->value).append("|");
  }
  EXPECT_EQ(actual + (reader.bad() ? "BAD" : ""), GetParam().expected);
  EXPECT_FALSE(reader.next().has_value());
}

INSTANTIATE_TEST_SUITE_P(Table, Parameters, testing::ValuesIn(kCases),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace butter::http
