#include "json/members.h"

#include <gtest/gtest.h>

namespace butter::json {
namespace {

struct Point {
  std::string_view name, place, unused = "as it was";
};

constexpr Member<Point> kPoint[] = {{"name", &Point::name},
                                    {"place", &Point::place, Member<Point>::As::value},
                                    {"unused", &Point::unused}};

Point read(std::string_view text) {
  Point point;
  Cursor at(text);
  read_members<Point>(at, kPoint, point);
  return point;
}

TEST(Members, StringsAndValuesAsTheyAreWritten) {
  const Point point = read(R"({"place": {"x":[1, 2]}, "more":"}", "name":"a\"b"})");
  EXPECT_EQ(point.name, R"(a\"b)");
  EXPECT_EQ(point.place, R"({"x":[1, 2]})");
  EXPECT_EQ(point.unused, "as it was");
}

TEST(Members, WhatIsOfAnotherKind) {
  const Point point = read(R"({"place":"p","name":null})");
  EXPECT_EQ(point.name, "");
  EXPECT_EQ(point.place, R"("p")");
  EXPECT_EQ(read("[1]").place, "");
}

}  // namespace
}  // namespace butter::json
