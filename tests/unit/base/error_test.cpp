#include "base/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/result.h"

namespace butter {
namespace {

TEST(Errc, NamesAreThoseOfTheCode) {
  EXPECT_EQ(to_string(Errc::bad_request), "bad_request");
  EXPECT_EQ(to_string(Errc::upstream_timeout), "upstream_timeout");
  EXPECT_EQ(to_string(Errc::internal), "internal");
}

TEST(Errc, NamesAreDistinctWordsForMetrics) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Errc::internal); ++i) {
    const std::string_view name = to_string(static_cast<Errc>(i));
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos)
        << name;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(Error, IsOursUnlessSaidOtherwise) {
  const Error error;
  EXPECT_EQ(error.code, Errc::internal);
  EXPECT_TRUE(error.detail.empty());
}

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> good = 5;
  EXPECT_TRUE(good.has_value());
  EXPECT_EQ(*good, 5);
  const Result<int> bad = fail(Errc::unknown_model, "no provider for x");
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().code, Errc::unknown_model);
  EXPECT_EQ(bad.error().detail, "no provider for x");
}

}  // namespace
}  // namespace butter
