#include "guard/decoded.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::guard {
namespace {

TEST(Decoded, WithoutEscapesIsWhatItIs) {
  Decoded decoded;
  decoded.assign("plain é");
  EXPECT_EQ(decoded.text(), "plain é");
  EXPECT_EQ(decoded.raw_offset(3), 3U);
  EXPECT_EQ(decoded.raw_offset(8), 8U);
}

TEST(Decoded, KnowsWhereEachCharacterCameFrom) {
  Decoded decoded;
  const std::string raw = R"(a\nb\u0040\ud83d\ude00\u00e9\u0041\\c\ud83dd)";
  decoded.assign(raw);
  ASSERT_EQ(decoded.text(),
            "a\nb@😀éA\\c\xef\xbf\xbd"
            "d");
  const std::size_t expected[][2] = {{0, 0},   {1, 1},   {2, 3},   {3, 4},   {4, 10},  {8, 22},
                                     {10, 28}, {11, 34}, {12, 36}, {13, 37}, {16, 43}, {17, 44}};
  for (const auto& [at, from] : expected) { EXPECT_EQ(decoded.raw_offset(at), from) << at; }
}

TEST(Decoded, WhatIsMalformedStandsForItself) {
  Decoded decoded;
  decoded.assign(R"(a\xb)");
  EXPECT_EQ(decoded.text(), R"(a\xb)");
  EXPECT_EQ(decoded.raw_offset(4), 4U);
}

TEST(Decoded, MayBeUsedAgain) {
  Decoded decoded;
  decoded.assign(R"(\n\n\n)");
  EXPECT_EQ(decoded.raw_offset(3), 6U);
  decoded.assign(R"(\tx)");
  EXPECT_EQ(decoded.raw_offset(1), 2U);
}

}  // namespace
}  // namespace butter::guard
