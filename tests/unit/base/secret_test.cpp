#include "base/secret.h"

#include <gtest/gtest.h>

#include <ostream>
#include <type_traits>

namespace butter {
namespace {

TEST(Secret, HoldsItsValue) {
  const Secret secret("sk-1234567890");
  EXPECT_EQ(secret.reveal(), "sk-1234567890");
  EXPECT_FALSE(secret.empty());
  EXPECT_TRUE(Secret().empty());
}

TEST(Secret, ComparesByValue) {
  EXPECT_TRUE(Secret("a") == Secret("a"));
  EXPECT_FALSE(Secret("a") == Secret("b"));
}

TEST(Secret, HintShowsFourCharactersOfALongOne) {
  EXPECT_EQ(Secret("sk-proj-abcdk3f9").hint(), "...k3f9");
  EXPECT_EQ(Secret("123456789012").hint(), "...9012");
}

TEST(Secret, HintShowsNothingOfAShortOne) {
  EXPECT_EQ(Secret("12345678901").hint(), "...");
  EXPECT_EQ(Secret().hint(), "...");
}

template <class T>
concept Printable = requires(std::ostream& os, const T& value) { os << value; };

TEST(Secret, CannotReachALogByAccident) {
  static_assert(!Printable<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string_view>);
  static_assert(!std::is_convertible_v<Secret, std::string>);
  static_assert(!std::is_convertible_v<std::string, Secret>);
}

}  // namespace
}  // namespace butter
