#include "json/writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace butter::json {
namespace {

TEST(Writer, CommasStandBetweenMembersAndElements) {
  Buffer out;
  Writer w(out);
  w.begin_object();
  w.key("a").number(1);
  w.key("b").begin_array().boolean(true).null().begin_object().end_object().end_array();
  w.key("c").begin_object().key("d").raw("[1, 2]").end_object();
  w.key("e").string("\"x\"\n");
  w.end_object();
  EXPECT_EQ(out.view(), R"({"a":1,"b":[true,null,{}],"c":{"d":[1, 2]},"e":"\"x\"\n"})");
}

TEST(Writer, AStringOfPieces) {
  Buffer out;
  Writer w(out);
  w.begin_array();
  w.open_string().more(R"(a\n)").more("b").close_string();
  w.escaped(R"(\u00e4)");
  w.open_string().close_string();
  w.end_array();
  EXPECT_EQ(out.view(), R"(["a\nb","\u00e4",""])");
}

TEST(Writer, NumbersOfBothSigns) {
  Buffer out;
  Writer w(out);
  w.begin_array();
  for (const std::int64_t n :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{42},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    w.number(n);
  }
  w.end_array();
  EXPECT_EQ(out.view(), "[0,-1,42,9223372036854775807,-9223372036854775808]");
}

}  // namespace
}  // namespace butter::json
